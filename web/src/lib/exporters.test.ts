// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import type { ExporterRow } from './api';
import { busiestFirst, exporterColumns, exporterLink, faultsOf, healthFacts, lostTitle, samplingFigure } from './exporters';
import { kNowhere } from './router';

const cellOf = (field: string, row: ExporterRow) => exporterColumns.find((column) => column.field === field)?.cell(row, 100, kNowhere);

describe('exporterColumns', () => {
  it('lead to the page of the exporter', () => {
    expect(exporterLink(kNowhere, 'netflow:2055-1')).toBe('/networks/exporters/netflow%3A2055-1');
    expect(cellOf('address', { id: 'netflow:2055-1', address: '192.0.2.1' })).toMatchObject({ text: '192.0.2.1', href: '/networks/exporters/netflow%3A2055-1' });
  });

  it('mark what is lost and a clock that is wrong', () => {
    expect(cellOf('sequence_lost', { id: 'a', version: 'IPFIX', sequence_lost: 3 })).toMatchObject({ text: '3', isBad: true, title: 'Missing by the numbers of its messages: data records' });
    expect(cellOf('sequence_lost', { id: 'a', sequence_lost: 0 })?.isBad).toBe(false);
    expect(cellOf('clock_skew_s', { id: 'a', clock_skew_s: -0.5 })).toMatchObject({ text: '\u2212500', unit: 'ms', isBad: false });
    expect(cellOf('clock_skew_s', { id: 'a', clock_skew_s: -61 })).toMatchObject({ text: '\u22121:01', isBad: true });
    expect(cellOf('clock_skew_s', { id: 'a' })).toMatchObject({ text: '\u2013', title: '' });
    expect(cellOf('completeness', { id: 'a', completeness: 0.99981 })?.text).toBe('99.98\u202f%');
  });

  it('show what the network sent as text', () => {
    expect(cellOf('version', { id: 'a', version: 'a\u202eb' })?.text).not.toContain('\u202e');
  });
});

describe('samplingFigure', () => {
  it('says one of how many, where it is known', () => {
    expect(samplingFigure({ sampling: 1000 }).text).toBe('1 of 1\u202f000');
    expect(samplingFigure({}).text).toBe('\u2013');
  });
});

describe('lostTitle', () => {
  it('knows what each version counts', () => {
    expect(lostTitle({ version: 'NetFlow v5' })).toMatch(/flows$/);
    expect(lostTitle({ version: 'sFlow v5' })).toMatch(/messages$/);
    expect(lostTitle({ version: 'NetFlow v1' })).toBe('');
  });
});

describe('healthFacts', () => {
  it('mark losses and not what is as it should be', () => {
    const facts = healthFacts({ id: 'a', sequence_lost: 2, repeated_messages: 5, dropped_sets: 1, duplicate_bytes: 1500, clock_skew_s: 75 });
    const of = (name: string) => facts.find((fact) => fact.name === name);
    expect(facts.filter((fact) => fact.isBad).map((fact) => fact.name).sort()).toEqual(['clock_skew_s', 'dropped_sets', 'sequence_lost']);
    expect(of('duplicate_bytes')?.figure).toMatchObject({ text: '1.50', unit: 'kB' });
    expect(of('late_messages')?.figure.text).toBe('\u2013');
  });

  it('end with errors by reason, the most frequent first and none that never was', () => {
    const errors = healthFacts({ id: 'a', errors: { bad_set_length: 1, truncated: 7, no_room: 0, constructor: 2 } }).filter((fact) => fact.name.startsWith('error-'));
    expect(errors.map((fact) => [fact.label, fact.figure.text])).toEqual([['Wrong: truncated', '7'], ['Wrong: constructor', '2'], ['Wrong: bad set length', '1']]);
  });
});

describe('interfaces of an exporter', () => {
  it('stand by their traffic, then by number', () => {
    const one = (index: number, input: number, output: number) => ({ index, input: { packets: 1, bytes: input }, output: { packets: 1, bytes: output } });
    expect(busiestFirst([one(4, 1, 1), one(3, 1, 1), { index: 9 }, one(1, 0, 10)]).map(({ index }) => index)).toEqual([1, 3, 4, 9]);
  });

  it('have faults where they tell of them', () => {
    expect(faultsOf({ index: 1 })).toBeNull();
    expect(faultsOf({ index: 1, counters: { speed_bps: 1 } })).toBeNull();
    expect(faultsOf({ index: 1, counters: { in_errors: 2, out_discards: 3 } })).toEqual([2, 0, 0, 3]);
  });
});
