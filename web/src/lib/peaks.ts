// SPDX-License-Identifier: GPL-3.0-or-later
// Short peaks over what went by.
import type { SeriesAnswer } from './api';
import { bitRate, clockTime, spoken } from './format';
import type { SeriesRing } from './series_ring';
import { highestOf, totalsOf, type Values } from './stack';
import { texts } from './texts';

export const kPeaks = 'peaks';
const kMostTimes = 4; // of the highest that is drawn without peaks: beyond that little would be seen of the rest

// Those of an answer as if they were what it is about, so that a ring keeps them.
export function peakAnswer(answer: SeriesAnswer): SeriesAnswer {
  return { ...answer, series: answer.peaks === undefined ? [] : [{ name: kPeaks, bytes: answer.peaks.bytes, packets: [] }] };
}

// Those that a ring keeps, one for each second from `start` up to `stop`: rings begin where their first answer does, and not at the same second.
export function peaksIn(ring: SeriesRing, start: number, stop: number): Values {
  const known = ring.values(kPeaks, 'bytes');
  return Array.from({ length: stop - start }, (_, second) => known[start + second - ring.start] ?? null);
}

export interface Peaks {
  isDrawn: boolean;
  most: number;   // up to where they are drawn
  isCut: boolean; // there are higher ones
}

// How peaks are drawn over a chart whose highest value is `highest`. Without a choice ('1' or '0') they are as long as they leave room for the rest.
export function peaksOver(highest: number, peaks: Values, choice: string | undefined): Peaks {
  const [peak, room] = [highestOf(peaks), kMostTimes * highest];
  const isDrawn = choice === undefined ? peak > 0 && peak <= room : choice === '1';
  return { isDrawn, most: Math.min(peak, room), isCut: isDrawn && peak > room };
}

// A second's most bytes within `milliseconds` as a rate. None is told of a second without a packet; who tells none of any second knows none.
export function peakRates(bytes: Values, milliseconds: number, whole: Values): Values {
  const isKnown = bytes.some((most) => most !== null);
  return bytes.map((most, second) => (most !== null ? (most * 8 * 1000) / milliseconds : isKnown && whole[second] === 0 ? 0 : null));
}

// The highest of them in words; nothing where none is known.
export function peakText(peaks: Values, milliseconds: number, start: number, isCut: boolean): string {
  const { max, maxAt } = totalsOf(peaks);
  return max === null ? '' : texts.live.highestPeak(milliseconds, `${spoken(bitRate(max))} (${clockTime(start + maxAt)})`, isCut);
}
