// SPDX-License-Identifier: GPL-3.0-or-later
import { untrack } from 'svelte';

import type { SeriesAnswer } from './api';
import { Past } from './past';
import { peakAnswer, peaksIn } from './peaks';
import { getJson, kPatience, restPath } from './rest';
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
  readonly latest: Live<SeriesAnswer>; // of the stream
  private readonly ring: SeriesRing;
  private readonly peakRing: SeriesRing;
  private interface = '';
  private readonly past: Past<SeriesAnswer>;

  constructor(readonly length: number, chosen: () => string | null, kind: Kind = {}) {
    this.ring = kind.ring?.(length) ?? new SeriesRing(length);
    this.peakRing = new SeriesRing(length);
    const { by, top } = kind;
    this.past = new Past(() => getJson(restPath('series', { interface: this.interface, seconds: length, by, top }), AbortSignal.timeout(kPatience)), (history) => this.take(history));
    const interfaceNow = $derived(chosen()); // the address changes more often
    $effect(() => {
      this.interface = interfaceNow ?? '';
      this.ring.clear();
      this.peakRing.clear();
      this.past.begin();
      untrack(() => { this.revision += 1; });
    });
    this.latest = ask<SeriesAnswer>(() => {
      const id = chosen();
      return id === null ? null : { topic: 'series', interface: id, seconds: kLatest, by, top };
    }, (answer, question) => {
      if (question.interface !== this.interface) return;
      if (this.ring.missingBefore(answer) > 0) this.past.lack();
      this.take(answer);
      void this.past.fetch();
    });
  }

  get start(): number { void this.revision; return this.ring.start; }
  get names(): string[] { void this.revision; return this.ring.names; }
  bytes(name: string): (number | null)[] { void this.revision; return this.ring.values(name, 'bytes'); }
  packets(name: string): (number | null)[] { void this.revision; return this.ring.values(name, 'packets'); }

  // The most bytes within a few milliseconds of each second that is known, as far as weir tells them.
  get peaks(): (number | null)[] { void this.revision; return peaksIn(this.peakRing, this.ring.start, this.ring.stop); }
  get milliseconds(): number { return this.latest.data?.peaks?.window_ms ?? 10; }

  private take(answer: SeriesAnswer): void {
    this.ring.merge(answer);
    this.peakRing.merge(peakAnswer(answer));
    this.revision += 1;
  }
}
