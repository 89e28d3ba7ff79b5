// SPDX-License-Identifier: GPL-3.0-or-later
// Who sends flow records: columns of the list, and what tells how well they arrive.
import type { ExporterInterface, ExporterRow } from './api';
import { figureCell, kUnknown, lastSeenColumn, rateColumn, textColumn, type Cell, type Column } from './columns';
import { exporterTexts } from './exporter_texts';
import { byteCount, clockSkew, count, exactNumber, seenFigure, type Figure } from './format';
import { spokenName } from './health';
import { pick } from './pick';
import { formatPlace, pageFrom, type Place } from './router';
import { texts } from './texts';
import { visibleText } from './visible_text';

const kMostSkew = 60; // s; beyond it weir corrects the exporter's times

export function exporterLink(place: Place, id: string): string {
  return formatPlace(pageFrom(place, 'exporter', { key: id, filter: '' }));
}

export function lostTitle(row: Pick<ExporterRow, 'version'>): string {
  const what = exporterTexts.lostWhat[row.version ?? ''];
  return what === undefined ? '' : exporterTexts.lostOf(what);
}

export function samplingFigure(row: Pick<ExporterRow, 'sampling'>): Figure {
  return row.sampling === undefined ? { text: '\u2013', unit: '', exact: exporterTexts.everyPacket } : { text: exporterTexts.oneOf(exactNumber(row.sampling)), unit: '', exact: '' };
}

const isWrongClock = (skew?: number): boolean => Math.abs(skew ?? 0) > kMostSkew;

function skewCell(skew?: number): Cell {
  const cell = figureCell(clockSkew(skew));
  return { ...cell, title: skew === undefined ? '' : exporterTexts.skewTitle(cell.title ?? ''), isBad: isWrongClock(skew) };
}

export const exporterColumns: readonly Column<ExporterRow>[] = [
  {
    field: 'address', label: texts.fields.address, least: 140, grow: 1.8, startsAscending: true,
    cell: (row, _now, place) => ({
      text: visibleText(row.address ?? row.id), href: exporterLink(place, row.id), isMono: true, title: visibleText(row.id), pick: pick('address', row.address, exporterLink(place, row.id)),
    }),
  },
  textColumn('version', exporterTexts.version, 'version', 92),
  { field: 'domain', label: exporterTexts.domain, least: 76, grow: 0.6, isNumber: true, startsAscending: true, cell: (row) => ({ text: row.domain === undefined ? kUnknown : String(row.domain), title: exporterTexts.domainTitle, pick: pick('domain', row.domain) }) },
  { field: 'records_per_second', label: exporterTexts.records, least: 88, grow: 0.8, isNumber: true, cell: (row) => figureCell(count(row.records_per_second, 'records/s')) },
  rateColumn('bits_per_second', texts.fields.bits_per_second),
  { field: 'bytes', label: texts.fields.bytes, least: 88, grow: 0.9, isNumber: true, unitWidth: '1.7em', cell: (row) => figureCell(byteCount(row.bytes)) },
  { field: 'sequence_lost', label: exporterTexts.lost, least: 72, grow: 0.7, isNumber: true, cell: (row) => ({ ...figureCell(count(row.sequence_lost)), title: lostTitle(row), isBad: (row.sequence_lost ?? 0) > 0 }) },
  { field: 'completeness', label: exporterTexts.seen, least: 84, grow: 0.7, isNumber: true, startsAscending: true, cell: (row) => figureCell(seenFigure(row.completeness)) },
  { field: 'sampling', label: exporterTexts.sampling, least: 88, grow: 0.8, isNumber: true, cell: (row) => figureCell(samplingFigure(row)) },
  { field: 'clock_skew_s', label: exporterTexts.skew, least: 88, grow: 0.8, isNumber: true, unitWidth: '1.7em', cell: (row) => skewCell(row.clock_skew_s) },
  lastSeenColumn,
];
export const exporterKeys = ['id'] as const;

export interface HealthFact { name: string; label: string; figure: Figure; title: string; isBad: boolean }

// What is a loss by itself; the others may be as they should.
const kBad: readonly string[] = ['sequence_lost', 'dropped_sets', 'unscaled_records', 'absurd_sampling', 'unread_records'];

// How well its messages arrive, and last what was wrong in them by reason, the most frequent first.
export function healthFacts(row: ExporterRow): HealthFact[] {
  const names = Object.keys(exporterTexts.facts) as (keyof typeof exporterTexts.facts)[];
  const facts = names.map((name): HealthFact => {
    const value = row[name];
    const label = exporterTexts.facts[name];
    if (name === 'clock_skew_s') return { name, label, figure: clockSkew(value), title: '', isBad: isWrongClock(value) };
    const title = name === 'sequence_lost' ? lostTitle(row) : '';
    return { name, label, figure: name === 'duplicate_bytes' ? byteCount(value) : count(value), title, isBad: kBad.includes(name) && (value ?? 0) > 0 };
  });
  const errors = Object.entries(row.errors ?? {}).filter(([, times]) => times > 0).sort((a, b) => b[1] - a[1]);
  return [...facts, ...errors.map(([reason, times]): HealthFact => ({ name: `error-${reason}`, label: exporterTexts.error(spokenName(reason).toLowerCase()), figure: count(times), title: '', isBad: true }))];
}

// Its interfaces, those with the most traffic first.
export function busiestFirst(interfaces: readonly ExporterInterface[]): ExporterInterface[] {
  const bytes = (one: ExporterInterface): number => (one.input?.bytes ?? 0) + (one.output?.bytes ?? 0);
  return [...interfaces].sort((a, b) => bytes(b) - bytes(a) || a.index - b.index);
}

// Errors in, discards in, errors out, discards out, where it says.
export function faultsOf(one: ExporterInterface): number[] | null {
  const { in_errors, in_discards, out_errors, out_discards } = one.counters ?? {};
  const all = [in_errors, in_discards, out_errors, out_discards];
  return all.every((value) => value === undefined) ? null : all.map((value) => value ?? 0);
}
