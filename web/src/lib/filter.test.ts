// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { condition, filterValue, narrowed } from './filter';

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
