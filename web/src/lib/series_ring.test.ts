// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import type { SeriesAnswer } from './api';
import { SeriesRing } from './series_ring';

function answer(start: number, bytes: (number | null)[], name = 'TCP'): SeriesAnswer {
  return { time: start + bytes.length, start, step: 1, series: [{ name, bytes, packets: bytes }] };
}

describe('SeriesRing', () => {
  it('is what it was given', () => {
    const ring = new SeriesRing(5);
    ring.merge(answer(1000, [1, null, 3]));
    expect([ring.start, ring.stop]).toEqual([1000, 1003]);
    expect(ring.values('TCP', 'bytes')).toEqual([1, null, 3]);
    expect(ring.values('UDP', 'bytes')).toEqual([null, null, null]);
  });

  it('merges overlapping seconds, the later answer wins', () => {
    const ring = new SeriesRing(5);
    ring.merge(answer(1000, [1, 2, 3]));
    ring.merge(answer(1002, [30, 40]));
    expect(ring.values('TCP', 'packets')).toEqual([1, 2, 30, 40]);
  });

  it('forgets the oldest seconds and grows no further', () => {
    const ring = new SeriesRing(3);
    for (let second = 0; second < 100; second += 1) ring.merge(answer(1000 + second, [second]));
    expect(ring.values('TCP', 'bytes')).toEqual([97, 98, 99]);
    expect(ring.start).toBe(1097);
  });

  it('keeps a gap for seconds that never came', () => {
    const ring = new SeriesRing(6);
    ring.merge(answer(1000, [1, 2]));
    expect(ring.missingBefore(answer(1004, [5]))).toBe(2);
    ring.merge(answer(1004, [5]));
    expect(ring.values('TCP', 'bytes')).toEqual([1, 2, null, null, 5]);
  });

  it('fills a gap with an older answer', () => {
    const ring = new SeriesRing(6);
    ring.merge(answer(1004, [5]));
    ring.merge(answer(1000, [1, 2, 3, 4, 5]));
    expect(ring.values('TCP', 'bytes')).toEqual([1, 2, 3, 4, 5]);
  });

  it('keeps what it knows where a weir that started later knows nothing', () => {
    const ring = new SeriesRing(8);
    ring.merge(answer(1000, [1, 2, 3]));
    ring.merge(answer(1001, [null, null, null, null, 60, 70]));
    expect(ring.values('TCP', 'bytes')).toEqual([1, 2, 3, null, null, 60, 70]);
    expect(ring.values('TCP', 'packets')).toEqual([1, 2, 3, null, null, 60, 70]);
  });

  it('starts anew after a jump in time', () => {
    const ring = new SeriesRing(3);
    ring.merge(answer(1000, [1, 2, 3]));
    ring.merge(answer(9000, [7]));
    expect(ring.values('TCP', 'bytes')).toEqual([7]);
    ring.merge(answer(500, [8, 9]));
    expect(ring.values('TCP', 'bytes')).toEqual([8, 9]);
  });

  it('shows nothing where a series came later than the others', () => {
    const ring = new SeriesRing(4);
    ring.merge(answer(1000, [1, 2]));
    ring.merge(answer(1002, [3], 'UDP'));
    expect(ring.values('UDP', 'bytes')).toEqual([null, null, 3]);
    expect(ring.values('TCP', 'bytes')).toEqual([1, 2, null]);
  });

  it('is empty after an answer without seconds', () => {
    const ring = new SeriesRing(4);
    ring.merge(answer(1000, []));
    expect(ring.isEmpty).toBe(true);
    expect(ring.missingBefore(answer(1, [1]))).toBe(Number.POSITIVE_INFINITY);
  });
});
