// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import type { SeriesAnswer } from './api';
import { kPeaks, peakAnswer, peakRates, peaksIn, peaksOver, peakText } from './peaks';
import { SeriesRing } from './series_ring';

describe('peakAnswer', () => {
  const answer = (start: number, bytes: (number | null)[], peaks: (number | null)[]): SeriesAnswer => ({
    time: start + bytes.length, start, step: 1, series: [{ name: 'in', bytes, packets: bytes }], peaks: { window_ms: 10, bytes: peaks },
  });

  it('makes a series of them, that is merged as others are', () => {
    const ring = new SeriesRing(4);
    ring.merge(peakAnswer(answer(1000, [1, null, 3], [1, null, 2])));
    ring.merge(peakAnswer(answer(1002, [30, 40], [20, 30])));
    expect(ring.names).toEqual([kPeaks]);
    expect(ring.values(kPeaks, 'bytes')).toEqual([1, null, 20, 30]);
  });

  it('has nothing where an answer has none', () => {
    const { peaks: _, ...without } = answer(1000, [1], [1]);
    const ring = new SeriesRing(4);
    ring.merge(peakAnswer(without));
    expect(ring.values(kPeaks, 'bytes')).toEqual([]);
  });
});

describe('peaksIn', () => {
  const ring = new SeriesRing(4);
  ring.merge(peakAnswer({ time: 1003, start: 1000, step: 1, series: [], peaks: { window_ms: 10, bytes: [1, 2, 3] } }));

  it('gives each second its own, wherever the seconds begin and end', () => {
    expect(peaksIn(ring, 1000, 1003)).toEqual([1, 2, 3]);
    expect(peaksIn(ring, 998, 1004)).toEqual([null, null, 1, 2, 3, null]);
    expect(peaksIn(ring, 1001, 1002)).toEqual([2]);
  });

  it('knows none where none came', () => {
    expect(peaksIn(new SeriesRing(4), 1000, 1002)).toEqual([null, null]);
  });
});

describe('peakText', () => {
  it('says the highest, and whether it is higher than the chart', () => {
    expect(peakText([1000, null, 3000], 10, 0, false)).toMatch(/^ Highest peak in 10 ms: 3\.00 kbit\/s \(\d\d:\d\d:02\)\.$/);
    expect(peakText([1000], 10, 0, true)).toMatch(/, beyond the top of the chart\.$/);
    expect(peakText([null], 10, 0, false)).toBe('');
  });
});

describe('peaksOver', () => {
  it('draws peaks by itself while they leave room for the rest', () => {
    expect(peaksOver(100, [50, null, 400], undefined)).toEqual({ isDrawn: true, most: 400, isCut: false });
    expect(peaksOver(100, [50, 401], undefined)).toEqual({ isDrawn: false, most: 400, isCut: false });
    expect(peaksOver(100, [null], undefined).isDrawn).toBe(false);
    expect(peaksOver(0, [0], undefined).isDrawn).toBe(false);
  });

  it('does as is chosen, and cuts what is too high', () => {
    expect(peaksOver(100, [400], '0').isDrawn).toBe(false);
    expect(peaksOver(100, [4000], '1')).toEqual({ isDrawn: true, most: 400, isCut: true });
    expect(peaksOver(100, [300], '1')).toEqual({ isDrawn: true, most: 300, isCut: false });
  });
});

describe('peakRates', () => {
  it('are the bytes of the window as if it went on so', () => {
    expect(peakRates([1250, null, 0], 10, [9, null, 0])).toEqual([1_000_000, null, 0]);
    expect(peakRates([1250], 100, [9])).toEqual([100_000]);
  });

  it('are nothing in a second without a packet, and unknown where nobody tells them', () => {
    expect(peakRates([1250, null, null], 10, [9, 0, 9])).toEqual([1_000_000, 0, null]);
    expect(peakRates([null, null], 10, [0, 9])).toEqual([null, null]);
  });
});
