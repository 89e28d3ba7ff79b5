// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { stacked, totalsOf } from './stack';

describe('stacked', () => {
  it('puts each series on those before it', () => {
    expect(stacked([[1, 2], [10, 20], [100, 200]])).toEqual([[1, 2], [11, 22], [111, 222]]);
  });

  it('ends at the total', () => {
    const series = [[3, 1, 4], [1, 5, 9], [2, 6, 5]];
    expect(stacked(series).at(-1)).toEqual([6, 12, 18]);
  });

  it('leaves a gap where nobody was looking, and no gap where one series is silent', () => {
    expect(stacked([[1, null, 3], [1, null, null]])).toEqual([[1, null, 3], [2, null, 3]]);
  });

  it('keeps zero apart from a gap', () => {
    expect(stacked([[0, null], [0, null]])).toEqual([[0, null], [0, null]]);
  });

  it('takes series of different length, one point and none', () => {
    expect(stacked([[1], [1, 2]])).toEqual([[1, 0], [2, 2]]);
    expect(stacked([[5]])).toEqual([[5]]);
    expect(stacked([])).toEqual([]);
    expect(stacked([[], []])).toEqual([[], []]);
  });
});

describe('totalsOf', () => {
  it('counts only the seconds that have a value', () => {
    expect(totalsOf([10, null, 20])).toEqual({ last: 20, mean: 15, max: 20, maxAt: 2, sum: 30 });
    expect(totalsOf([5, null])).toEqual({ last: null, mean: 5, max: 5, maxAt: 0, sum: 5 });
  });

  it('knows nothing of an empty series', () => {
    expect(totalsOf([])).toEqual({ last: null, mean: null, max: null, maxAt: -1, sum: 0 });
    expect(totalsOf([null])).toMatchObject({ mean: null, max: null });
  });
});
