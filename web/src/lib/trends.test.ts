// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { trendText, Trends } from './trends';

describe('Trends', () => {
  it('end with the latest rate and begin a minute before', () => {
    const trends = new Trends();
    for (let second = 0; second < 100; second += 1) trends.note(1000.03 + second, [['a', second]]);
    const values = trends.of('a');
    expect(values).toHaveLength(60);
    expect([values[0], values.at(-1)]).toEqual([40, 99]);
  });

  it('have a gap where a row was not in the answers', () => {
    const trends = new Trends();
    trends.note(1000, [['a', 1]]);
    trends.note(1001, [['b', 1]]);
    trends.note(1003, [['a', 0]]);
    expect(trends.of('a').slice(-5)).toEqual([null, 1, null, null, 0]);
    expect(trends.of('b').slice(-2)).toEqual([null, 1]);
    expect(trends.of('c')).toEqual([]);
  });

  it('take the later of two answers of a second', () => {
    const trends = new Trends();
    trends.note(1000.6, [['a', 1]]);
    trends.note(1001.02, [['a', 2]]);
    expect(trends.of('a').slice(-2)).toEqual([null, 2]);
  });

  it('forget rows that were not seen for a minute', () => {
    const trends = new Trends();
    trends.note(1000, [['a', 1], ['b', 1]]);
    trends.note(1059, [['b', 2]]);
    expect(trends.size).toBe(2);
    trends.note(1060, [['b', 3]]);
    expect(trends.of('a')).toEqual([]);
    expect(trends.of('b').filter((value) => value !== null)).toEqual([2, 3]);
  });

  it('are bounded whatever comes, and keep the latest', () => {
    const trends = new Trends();
    for (let second = 0; second < 20; second += 1) trends.note(1000 + second, Array.from({ length: 500 }, (_, row) => [`${second} ${row}`, row] as const));
    expect(trends.size).toBe(3000);
    expect(trends.of('19 499').at(-1)).toBe(499);
    expect(trends.of('13 499')).toEqual([]);
  });

  it('begin anew when time goes back', () => {
    const trends = new Trends();
    trends.note(9000, [['a', 1], ['b', 1]]);
    trends.note(1000, [['a', 2]]);
    expect(trends.of('a').filter((value) => value !== null)).toEqual([2]);
    expect(trends.of('b')).toEqual([]);
  });
});

describe('trendText', () => {
  const minute = (first: number, last: number): (number | null)[] => [first, ...new Array<null>(58).fill(null), last];

  it('says where a rate comes from', () => {
    expect(trendText(minute(1_200_000, 2_000_000))).toBe('rising, 1.20 Mbit/s a minute ago');
    expect(trendText(minute(1_200_000, 1_000_000))).toBe('falling, 1.20 Mbit/s a minute ago');
    expect(trendText(minute(1000, 1090))).toBe('steady, 1.00 kbit/s a minute ago');
    expect(trendText(minute(0, 1))).toBe('rising, 0 bit/s a minute ago');
    expect(trendText(minute(0, 0))).toBe('steady, 0 bit/s a minute ago');
  });

  it('says since when where that is less than a minute', () => {
    expect(trendText([null, null, 10, null, 30])).toBe('rising, 10 bit/s 2 s ago');
  });

  it('has nothing to say of one value', () => {
    expect(trendText([])).toBe('not known yet');
    expect(trendText([null, 7])).toBe('not known yet');
    expect(trendText([null, null])).toBe('not known yet');
  });
});
