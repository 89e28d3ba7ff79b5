// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { condition, filterValue, joined, narrowed, negated, termsOf } from './filter';

describe('filterValue', () => {
  it('quotes what is neither number nor address', () => {
    expect(filterValue(443)).toBe('443');
    expect(filterValue('10.0.0.1')).toBe('10.0.0.1');
    expect(filterValue('fe80::1')).toBe('fe80::1');
    expect(filterValue('TLS')).toBe('"TLS"');
    expect(filterValue('a"b\\c')).toBe('"a\\"b\\\\c"');
    expect(filterValue('')).toBe('""');
  });
});

describe('narrowed', () => {
  it('adds a condition with and', () => {
    expect(narrowed('', condition('app', 'TLS'))).toBe('app = "TLS"');
    expect(narrowed('port = 443', condition('app', 'TLS'))).toBe('port = 443 and app = "TLS"');
  });

  it('brackets an alternative first', () => {
    expect(narrowed('port = 1 or port = 2', 'vlan = 3')).toBe('(port = 1 or port = 2) and vlan = 3');
    expect(narrowed('(port = 1 or port = 2)', 'vlan = 3')).toBe('(port = 1 or port = 2) and vlan = 3');
    expect(narrowed('app = "this or that"', 'vlan = 3')).toBe('app = "this or that" and vlan = 3');
  });

  it('does not repeat a condition', () => {
    expect(narrowed('vlan = 3 and port = 1', 'port = 1')).toBe('vlan = 3 and port = 1');
  });
});

describe('terms', () => {
  it('are what must all hold', () => {
    expect(termsOf('')).toEqual([]);
    expect(termsOf(' port = 1 ')).toEqual(['port = 1']);
    expect(termsOf('app = "a and b" AND not (port = 1 and vlan = 2) and x')).toEqual(['app = "a and b"', 'not (port = 1 and vlan = 2)', 'x']);
    expect(termsOf('port = 1 or port = 2 and vlan = 3')).toEqual(['port = 1 or port = 2 and vlan = 3']);
  });

  it('survive what is half written', () => {
    expect(termsOf('port = 1 and')).toEqual(['port = 1']);
    expect(termsOf('app = "open and more')).toEqual(['app = "open and more']);
    expect(termsOf(') and (')).toEqual([') and (']);
  });

  it('make the filter again', () => {
    for (const filter of ['port = 1', 'a = "x and y" and not b = 2', 'port = 1 or port = 2', '(port = 1 or port = 2) and vlan = 3']) {
      expect(joined(termsOf(filter))).toBe(filter);
    }
  });

  it('can be turned round, and back', () => {
    for (const term of ['port = 1', '(port = 1 or port = 2)']) {
      expect(negated(term)).toBe(`not ${term}`);
      expect(negated(negated(term))).toBe(term);
    }
    expect(negated('port = 1 or port = 2')).toBe('not (port = 1 or port = 2)');
    expect(narrowed('vlan = 3 and port = 1', 'not port = 1')).toBe('vlan = 3 and not port = 1');
  });
});
