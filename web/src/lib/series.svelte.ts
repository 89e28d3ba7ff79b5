// SPDX-License-Identifier: GPL-3.0-or-later
import { untrack } from 'svelte';

import type { SeriesAnswer } from './api';
import { kPeaks, peakAnswer } from './peaks';
import { getJson, restPath } from './rest';
import { SeriesRing } from './series_ring';
import { ask, type Live } from './session.svelte';

const kLatest = 5; // seconds that the stream sends each time

// What series are of, where they are not of classes of protocols.
export interface Kind {
  by?: string;
  top?: number; // so many lines are asked for
  ring?: (length: number) => SeriesRing;
}

// The last seconds of an interface. History comes once over REST, then the stream adds the latest few seconds: a
// chart of five minutes would otherwise send itself anew each second. `chosen`: an interface, '' for all; null asks nothing.
export class RecentSeries {
  // Counts changes of the ring, which itself is no reactive object.
  revision = $state(0);
  hasHistory = $state(false);
  readonly latest: Live<SeriesAnswer>; // of the stream
  private readonly ring: SeriesRing;
  private readonly peakRing: SeriesRing;
  private interface = '';
  private isFetching = false;

  constructor(readonly length: number, chosen: () => string | null, private readonly kind: Kind = {}) {
    this.ring = kind.ring?.(length) ?? new SeriesRing(length);
    this.peakRing = new SeriesRing(length);
    const interfaceNow = $derived(chosen()); // the address changes more often
    $effect(() => {
      this.interface = interfaceNow ?? '';
      this.ring.clear();
      this.peakRing.clear();
      this.hasHistory = false;
      untrack(() => { this.revision += 1; });
    });
    const { by, top } = kind;
    this.latest = ask<SeriesAnswer>(() => {
      const id = chosen();
      return id === null ? null : { topic: 'series', interface: id, seconds: kLatest, by, top };
    }, (answer, question) => {
      if (question.interface !== this.interface) return;
      const isComplete = this.ring.missingBefore(answer) <= 0 && this.hasHistory;
      this.take(answer);
      this.revision += 1;
      if (!isComplete) void this.fetchHistory();
    });
  }

  get start(): number { void this.revision; return this.ring.start; }
  get names(): string[] { void this.revision; return this.ring.names; }
  bytes(name: string): (number | null)[] { void this.revision; return this.ring.values(name, 'bytes'); }
  packets(name: string): (number | null)[] { void this.revision; return this.ring.values(name, 'packets'); }

  // The most bytes within a few milliseconds of each second, as far as weir tells them.
  get peaks(): (number | null)[] { void this.revision; return this.peakRing.values(kPeaks, 'bytes'); }
  get milliseconds(): number { return this.latest.data?.peaks?.window_ms ?? 10; }

  private take(answer: SeriesAnswer): void {
    this.ring.merge(answer);
    this.peakRing.merge(peakAnswer(answer));
  }

  private async fetchHistory(): Promise<void> {
    if (this.isFetching) return;
    this.isFetching = true;
    const wanted = this.interface;
    try {
      const history = await getJson<SeriesAnswer>(restPath('series', { interface: wanted, seconds: this.length, by: this.kind.by, top: this.kind.top }));
      if (wanted !== this.interface) return;
      this.take(history);
      this.hasHistory = true;
      this.revision += 1;
    } catch {
      // The next answer of the stream finds the gap again.
    } finally {
      this.isFetching = false;
    }
  }
}
