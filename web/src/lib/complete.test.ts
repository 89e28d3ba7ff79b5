// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { columnAt, completed, indexAt, listOf } from './complete';

describe('columns', () => {
  it('are bytes from 1', () => {
    expect(columnAt('app = t', 7)).toBe(8);
    expect(columnAt('name ~ "\u00e4\u{1f600}"', 11)).toBe(15);
  });

  it('lead back to the characters', () => {
    const text = 'name ~ "\u00e4\u{1f600}" and x';
    for (const index of [0, 5, 8, 9, 11, 12, 15]) expect(indexAt(text, columnAt(text, index))).toBe(index);
    expect(indexAt('abc', 99)).toBe(3);
  });
});

describe('completed', () => {
  it('puts the suggestion in its place and goes on behind it', () => {
    expect(completed('app = t', { from: 7, to: 8, items: [] }, { text: 'TLS', kind: 'value' })).toEqual({ text: 'app = TLS ', cursor: 10 });
    expect(completed('ap = TLS', { from: 1, to: 3, items: [] }, { text: 'app', kind: 'field' })).toEqual({ text: 'app = TLS', cursor: 4 });
    expect(completed('bytes > 10', { from: 9, to: 11, items: [] }, { text: '10M', kind: 'unit' }).text).toBe('bytes > 10M');
  });
});

describe('listOf', () => {
  it('knows whose filter it is', () => {
    expect(listOf('hosts', '')).toBe('hosts');
    expect(listOf('networks', 'exporters')).toBe('exporters');
    expect(listOf('networks', 'countries')).toBe('countries');
    expect(listOf('host', '')).toBe('flows');
    expect(listOf('unknown', '')).toBe('flows');
  });
});
