// SPDX-License-Identifier: GPL-3.0-or-later
import type { SeriesAnswer } from './api';
import { SeriesRing, type Measure } from './series_ring';
import type { Values } from './stack';

export const kOther = 'Other';   // the line of an answer that is all that has no other
export const kShown = 8;         // beside it
const kStays = 1.2;              // who is shown gives its place to one that has so much more
const kMostTracks = 64;

// A ring of answers that name the largest only, and put all else together. Which are the largest changes from answer to
// answer; each second counts as the latest answer has it, so that the lines come to the same sum whoever is named.
// Shown are the largest of the whole ring, the rest of them as part of `kOther`. `order`: who was shown, the first first; it is
// written into, and who comes back to the ring finds it there.
export class TopRing extends SeriesRing {
  private shown: readonly string[] = [];

  constructor(length: number, private readonly order: string[] = []) {
    super(length);
  }

  // From the bottom of the stack: the rest, and above it who came last.
  override get names(): string[] {
    return this.tracks.has(kOther) ? [kOther, ...this.shown].sort((a, b) => this.placeOf(b) - this.placeOf(a)) : [];
  }

  override merge(answer: SeriesAnswer): void {
    const other = answer.series.find((one) => one.name === kOther);
    if (other === undefined) return;
    const named = new Set(answer.series.map((one) => one.name));
    const nothing = other.bytes.map((bytes) => (bytes === null ? null : 0));
    const unnamed = [...this.tracks.keys()].filter((name) => !named.has(name)).map((name) => ({ name, bytes: nothing, packets: nothing }));
    super.merge({ ...answer, series: [...answer.series, ...unnamed] });
    this.choose(this.kept());
  }

  override clear(): void {
    super.clear();
    this.shown = [];
  }

  override values(name: string, measure: Measure): Values {
    const rest = super.values(kOther, measure);
    const isRest = name === kOther;
    const parts = (isRest ? [...this.tracks.keys()].filter((one) => one !== kOther && !this.shown.includes(one)) : [name]).map((one) => super.values(one, measure));
    return rest.map((bytes, at) => (bytes === null ? null : parts.reduce((sum, part) => sum + (part[at] ?? 0), isRest ? bytes : 0)));
  }

  private placeOf(name: string): number {
    return name === kOther ? Number.POSITIVE_INFINITY : this.order.indexOf(name);
  }

  // The bytes of each track, the most first, after those that are nothing any more have gone, and the smallest of too many.
  private kept(): [string, number][] {
    const sums = [...this.tracks].filter(([name]) => name !== kOther)
      .map(([name, { bytes }]): [string, number] => [name, bytes.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value), 0)])
      .sort((a, b) => b[1] - a[1]);
    const kept = sums.filter(([, sum], index) => sum > 0 && index < kMostTracks);
    for (const [name] of sums.slice(kept.length)) this.putToRest(name);
    return kept;
  }

  private putToRest(name: string): void {
    const [track, rest] = [this.tracks.get(name), this.tracks.get(kOther)];
    for (const measure of ['bytes', 'packets'] as const) {
      track?.[measure].forEach((value, slot) => {
        if (rest !== undefined && value > 0) rest[measure][slot] = (rest[measure][slot] ?? 0) + value;
      });
    }
    this.tracks.delete(name);
  }

  private choose(sums: readonly [string, number][]): void {
    const weight = ([name, sum]: readonly [string, number]): number => (this.shown.includes(name) ? sum * kStays : sum);
    this.shown = [...sums].sort((a, b) => weight(b) - weight(a)).slice(0, kShown).map(([name]) => name);
    this.order.push(...this.shown.filter((name) => !this.order.includes(name)));
    while (this.order.length > kMostTracks) this.order.splice(this.order.findIndex((name) => !this.shown.includes(name)), 1);
  }
}
