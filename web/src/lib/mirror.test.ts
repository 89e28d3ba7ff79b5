// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { lineOf, mirrorScale, outlineOf } from './mirror';

describe('mirrorScale', () => {
  it('is one scale for both sides, with round ticks on either and zero between', () => {
    const { high, low, ticks } = mirrorScale([0, 400, null], [100, 0]);
    expect(high).toBeCloseTo(424);
    expect(low).toBeCloseTo(106);
    expect(ticks).toEqual([0, 200, 400]);
    expect(mirrorScale([1000], [1000]).ticks).toEqual([-1000, -500, 0, 500, 1000]);
  });

  it('leaves room for a side with little or nothing', () => {
    const { high, low } = mirrorScale([1000], [0]);
    expect(low / (high + low)).toBeGreaterThan(0.1);
    expect(mirrorScale([], []).ticks).toContain(0);
  });
});

const x = (second: number): number => second * 10;
const up = (value: number): number => 50 - value;
const down = (value: number): number => 50 + value;

describe('outlineOf', () => {
  it('goes up or down from the line and back to it', () => {
    expect(outlineOf([5, 7], x, up)).toBe('M0.0 50.0L0.0 45.0H10.0L10.0 43.0H20.0L20.0 50.0Z');
    expect(outlineOf([5], x, down)).toBe('M0.0 50.0L0.0 55.0H10.0L10.0 50.0Z');
  });

  it('is interrupted where nothing was measured, and not at zero', () => {
    expect(outlineOf([1, null, 0], x, up)).toBe('M0.0 50.0L0.0 49.0H10.0L10.0 50.0ZM20.0 50.0L20.0 50.0H30.0L30.0 50.0Z');
    expect(outlineOf([null], x, up)).toBe('');
  });

  it('goes back along what it stands on', () => {
    expect(outlineOf([5, 7, null, 4], x, up, [1, 2, null, 4])).toBe('M0.0 49.0L0.0 45.0H10.0L10.0 43.0H20.0L20.0 48.0H10.0L10.0 49.0H0.0ZM30.0 46.0L30.0 46.0H40.0L40.0 46.0H30.0Z');
  });
});

describe('lineOf', () => {
  it('goes from second to second, and is interrupted where nothing was measured', () => {
    expect(lineOf([5, 7, null, 0], x, up)).toBe('M0.0 45.0H10.0L10.0 43.0H20.0M30.0 50.0H40.0');
    expect(lineOf([null, null], x, up)).toBe('');
  });

  it('goes along the top where a value is higher', () => {
    expect(lineOf([5, 700], x, up, 20)).toBe('M0.0 45.0H10.0L10.0 30.0H20.0');
  });
});
