// SPDX-License-Identifier: GPL-3.0-or-later
import type { SeriesAnswer } from './api';
import type { Values } from './stack';

const kOrder = ['TCP', 'UDP', 'ICMP', 'Other IP', 'Non-IP']; // from the bottom of the stack
const rank = (name: string): number => (kOrder.includes(name) ? kOrder.indexOf(name) : kOrder.length);

// NaN stands for "weir was not looking": typed arrays have no null.
interface Track {
  bytes: Float64Array;
  packets: Float64Array;
}

export type Measure = 'bytes' | 'packets';

// The last `length` seconds of several series, by absolute second, in memory of fixed size. The stream sends only the
// latest few seconds each time; they are merged here over what is known. A second without a value in an answer stays what it
// was: a weir that started anew knows nothing of the time before, and its console does.
export class SeriesRing {
  protected readonly tracks = new Map<string, Track>();
  private first = 0; // the second of the oldest slot
  private end = 0;   // one past the newest second; equal to `first` while empty

  constructor(readonly length: number) {}

  get start(): number { return this.first; }
  get stop(): number { return this.end; }
  get isEmpty(): boolean { return this.end === this.first; }
  get names(): string[] { return [...this.tracks.keys()].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)); }
  get size(): number { return this.tracks.size; }

  // Seconds between what is known and what `answer` begins with: more than 0 means that something is missing.
  missingBefore(answer: SeriesAnswer): number {
    return this.isEmpty ? Number.POSITIVE_INFINITY : answer.start - this.end;
  }

  merge(answer: SeriesAnswer): void {
    const length = answer.series.reduce((longest, one) => Math.max(longest, one.bytes.length), 0);
    if (length === 0) return;
    this.moveTo(answer.start, answer.start + length);
    for (const one of answer.series) {
      const track = this.track(one.name);
      for (let at = 0; at < length; at += 1) {
        const second = answer.start + at;
        if (second < this.first) continue;
        const slot = second % this.length;
        track.bytes[slot] = one.bytes[at] ?? track.bytes[slot] ?? Number.NaN;
        track.packets[slot] = one.packets[at] ?? track.packets[slot] ?? Number.NaN;
      }
    }
  }

  clear(): void {
    this.tracks.clear();
    this.first = 0;
    this.end = 0;
  }

  // The seconds from `start` on, oldest first; always `length` of them once full.
  values(name: string, measure: Measure): Values {
    const track = this.tracks.get(name);
    const result: Values = [];
    for (let second = this.first; second < this.end; second += 1) {
      const value = track === undefined ? Number.NaN : track[measure][second % this.length] ?? Number.NaN;
      result.push(Number.isNaN(value) ? null : value);
    }
    return result;
  }

  private track(name: string): Track {
    let track = this.tracks.get(name);
    if (track === undefined) {
      track = {
        bytes: new Float64Array(this.length).fill(Number.NaN),
        packets: new Float64Array(this.length).fill(Number.NaN),
      };
      this.tracks.set(name, track);
    }
    return track;
  }

  private moveTo(start: number, end: number): void {
    const isFar = this.isEmpty || start >= this.end + this.length || end <= this.first - this.length;
    if (isFar) {
      this.tracks.clear();
      this.end = end;
      this.first = Math.max(start, end - this.length);
      return;
    }
    for (let second = this.end; second < end; second += 1) {
      for (const track of this.tracks.values()) {
        track.bytes[second % this.length] = Number.NaN;
        track.packets[second % this.length] = Number.NaN;
      }
    }
    this.end = Math.max(this.end, end);
    this.first = Math.max(Math.min(this.first, start), this.end - this.length);
  }
}
