// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { askedRows, drawnRows, kMaxRows, kRowHeight, placed, type Placed } from './table_window';

interface Row { key: string; value: number }
const keyOf = (row: Row): string => row.key;
const rows = (text: string, value = 0): Row[] => Array.from(text, (key) => ({ key, value }));
const keys = (places: Map<number, Placed<Row>>): string =>
  [...places].sort(([a], [b]) => a - b).map(([, one]) => one.row.key).join('');

describe('drawnRows', () => {
  it('draws what is seen and a little more, however long the list', () => {
    expect(drawnRows(0, 280, 1_000_000)).toEqual({ first: 0, count: 18 });
    const middle = drawnRows(50_000 * kRowHeight, 280, 1_000_000);
    expect(middle).toEqual({ first: 49_992, count: 26 });
  });

  it('ends where the list ends', () => {
    expect(drawnRows(0, 280, 3)).toEqual({ first: 0, count: 3 });
    expect(drawnRows(0, 280, 0)).toEqual({ first: 0, count: 0 });
    expect(drawnRows(9e9, 280, 5)).toEqual({ first: 0, count: 5 });
    const last = drawnRows(kMaxRows * kRowHeight - 280, 280, 5_000_000);
    expect(last.first + last.count).toBe(kMaxRows);
  });
});

describe('askedRows', () => {
  it('covers what is drawn, wherever one scrolls', () => {
    for (let top = 0; top < 5000; top += 7) {
      const drawn = drawnRows(top, 603, 1_000_000);
      const asked = askedRows(top, 603);
      expect(asked.first).toBeLessThanOrEqual(drawn.first);
      expect(asked.first + asked.count).toBeGreaterThanOrEqual(drawn.first + drawn.count);
    }
  });

  it('stays the same for a short scroll', () => {
    expect(askedRows(0, 600)).toEqual(askedRows(kRowHeight, 600 - kRowHeight));
  });
});

describe('placed', () => {
  it('follows the answer while the order is free', () => {
    const before = placed(new Map(), 0, rows('abc'), keyOf, false);
    expect(keys(placed(before, 0, rows('cab'), keyOf, false))).toBe('cab');
  });

  it('keeps the order and takes the values while it is held', () => {
    const before = placed(new Map(), 0, rows('abc', 1), keyOf, false);
    const after = placed(before, 0, rows('cab', 2), keyOf, true);
    expect(keys(after)).toBe('abc');
    expect([...after.values()].every((one) => one.row.value === 2 && !one.isGone)).toBe(true);
  });

  it('marks a row that the answer does not have any more', () => {
    const before = placed(new Map(), 0, rows('abc', 1), keyOf, false);
    const after = placed(before, 0, rows('axc', 2), keyOf, true);
    expect(keys(after)).toBe('abc');
    expect(after.get(1)).toEqual({ row: { key: 'b', value: 1 }, isGone: true });
  });

  it('fills places that are new in the window', () => {
    const before = placed(new Map(), 0, rows('abcd'), keyOf, false);
    const after = placed(before, 2, rows('dxyz'), keyOf, true);
    expect(keys(after)).toBe('cdyz');
    expect(after.get(2)?.isGone).toBe(true);
    expect(after.get(3)?.isGone).toBe(false);
  });

  it('keeps held rows when the list shrinks', () => {
    const before = placed(new Map(), 0, rows('abc'), keyOf, false);
    expect(keys(placed(before, 0, rows('a'), keyOf, true))).toBe('abc');
    expect(keys(placed(before, 0, rows('a'), keyOf, false))).toBe('a');
  });
});
