// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import type { SeriesAnswer } from './api';
import { kOther, TopRing } from './top_ring';

type Lines = Record<string, (number | null)[]>;

// As weir answers: the lines that are named, and all else.
function answer(start: number, lines: Lines): SeriesAnswer {
  const length = lines[kOther]?.length ?? 0;
  return { time: start + length, start, step: 1, series: Object.entries(lines).map(([name, bytes]) => ({ name, bytes, packets: bytes.map((one) => (one === null ? null : one / 10)) })) };
}

// What all that is shown comes to in each second.
function sums(ring: TopRing): number[] {
  const all = ring.names.map((name) => ring.values(name, 'bytes'));
  return (all[0] ?? []).map((_, at) => all.reduce((sum, values) => sum + (values[at] ?? 0), 0));
}

const letters = (count: number): string[] => Array.from({ length: count }, (_, index) => String.fromCharCode(65 + index));
const sized = (sizes: Record<string, number>, other = 1): Lines => ({ ...Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, [size]])), [kOther]: [other] });

describe('TopRing', () => {
  it('counts no traffic twice when an answer names other lines than the one before', () => {
    const ring = new TopRing(10);
    ring.merge(answer(1000, { TLS: [10, 10, 10], DNS: [5, 5, 5], [kOther]: [1, 1, 1] }));
    ring.merge(answer(1001, { TLS: [10, 10, 10], SSH: [7, 7, 7], [kOther]: [6, 6, 6] })); // DNS is in Other now
    expect(ring.values('DNS', 'bytes')).toEqual([5, 0, 0, 0]);
    expect(ring.values('SSH', 'bytes')).toEqual([0, 7, 7, 7]);
    expect(ring.values(kOther, 'bytes')).toEqual([1, 6, 6, 6]);
    expect(sums(ring)).toEqual([16, 23, 23, 23]);
    expect(ring.values('DNS', 'packets')).toEqual([0.5, 0, 0, 0]);
  });

  it('has a gap where nobody was looking, in every line', () => {
    const ring = new TopRing(10);
    ring.merge(answer(1000, { TLS: [10, null], [kOther]: [1, null] }));
    ring.merge(answer(1003, { DNS: [3], [kOther]: [2] }));
    expect(ring.values('TLS', 'bytes')).toEqual([10, null, null, 0]);
    expect(ring.values('DNS', 'bytes')).toEqual([0, null, null, 3]);
    expect(ring.values(kOther, 'bytes')).toEqual([1, null, null, 2]);
  });

  it('shows the eight with the most bytes of the whole time, and the rest in Other', () => {
    const ring = new TopRing(10);
    ring.merge(answer(1000, sized(Object.fromEntries(letters(12).map((name, index) => [name, 100 - index])), 7)));
    expect(ring.names).toEqual([kOther, 'H', 'G', 'F', 'E', 'D', 'C', 'B', 'A']);
    expect(ring.values(kOther, 'bytes')).toEqual([7 + 92 + 91 + 90 + 89]);
    expect(ring.values('A', 'bytes')).toEqual([100]);
  });

  it('keeps order and choice while sizes change a little, and not when they change much', () => {
    const ring = new TopRing(1);
    const before = Object.fromEntries(letters(9).map((name, index) => [name, 100 - index]));
    ring.merge(answer(1000, sized(before)));
    const order = ring.names;
    ring.merge(answer(1001, sized({ ...before, H: 90, I: 99, A: 91, B: 105 })));
    expect(ring.names).toEqual(order);
    ring.merge(answer(1002, sized({ ...before, H: 50, I: 99 })));
    expect(ring.names).toEqual([kOther, 'I', 'G', 'F', 'E', 'D', 'C', 'B', 'A']);
    ring.merge(answer(1003, sized({ ...before, H: 99, I: 50 })));
    expect(ring.names).toEqual(order); // who comes back stands where it stood
  });

  it('finds the order of the ring before', () => {
    const order: string[] = [];
    new TopRing(1, order).merge(answer(1000, sized({ A: 9, B: 5 })));
    const ring = new TopRing(1, order);
    ring.merge(answer(2000, sized({ A: 5, B: 9 })));
    expect(ring.names).toEqual([kOther, 'B', 'A']);
  });

  it('forgets lines that are nothing any more', () => {
    const ring = new TopRing(3);
    ring.merge(answer(1000, { TLS: [10], DNS: [5], [kOther]: [1] }));
    for (let second = 1001; second < 1003; second += 1) ring.merge(answer(second, { TLS: [10], [kOther]: [1] }));
    expect(ring.names).toContain('DNS');
    ring.merge(answer(1003, { TLS: [10], [kOther]: [1] }));
    expect(ring.names).toEqual([kOther, 'TLS']);
  });

  it('is bounded whatever is named, and loses nothing of the sum', () => {
    const order: string[] = [];
    const ring = new TopRing(300, order);
    let whole = 0;
    for (let second = 0; second < 200; second += 1) {
      ring.merge(answer(1000 + second, sized({ [`new ${second}`]: 10 + second, [`also ${second}`]: 5 }, 1)));
      whole += 16 + second;
      expect(ring.size).toBeLessThanOrEqual(65);
      expect(order.length).toBeLessThanOrEqual(64);
    }
    expect(sums(ring).reduce((sum, one) => sum + one, 0)).toBe(whole);
    expect(ring.names).toHaveLength(9);
    expect(ring.names).toContain('new 198'); // the one after it has not so much more
  });

  it('takes no answer that does not say what the rest is', () => {
    const ring = new TopRing(3);
    ring.merge(answer(1000, { TLS: [10] }));
    expect(ring.names).toEqual([]);
    expect(ring.isEmpty).toBe(true);
  });

  it('is empty after it was cleared', () => {
    const ring = new TopRing(3);
    ring.merge(answer(1000, sized({ TLS: 10 })));
    ring.clear();
    expect(ring.names).toEqual([]);
  });
});
