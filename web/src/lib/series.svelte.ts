// SPDX-License-Identifier: GPL-3.0-or-later
import { untrack } from 'svelte';

import type { SeriesAnswer } from './api';
import { getJson, restPath } from './rest';
import { SeriesRing } from './series_ring';
import { ask, type Live } from './session.svelte';

const kLatest = 5; // seconds that the stream sends each time
const kOrder = ['TCP', 'UDP', 'ICMP', 'Other IP', 'Non-IP']; // from the bottom of the stack

// The last seconds of an interface. History comes once over REST, then the stream adds the latest few seconds: a
// chart of five minutes would otherwise send itself anew each second. `by`: what each series is of; without it, a class of
// protocols. `read`: the series of an answer, where they are not all that is wanted of it.
export class RecentSeries {
  // Counts changes of the ring, which itself is no reactive object.
  revision = $state(0);
  hasHistory = $state(false);
  readonly latest: Live<SeriesAnswer>; // of the stream
  private readonly ring: SeriesRing;
  private interface = '';
  private isFetching = false;

  constructor(readonly length: number, chosen: () => string, private readonly by?: string, private readonly read = (answer: SeriesAnswer) => answer) {
    this.ring = new SeriesRing(length);
    $effect(() => {
      this.interface = chosen();
      this.ring.clear();
      this.hasHistory = false;
      untrack(() => { this.revision += 1; });
    });
    this.latest = ask<SeriesAnswer>(() => ({ topic: 'series', interface: chosen(), seconds: kLatest, by }), (answer, question) => {
      if (question.interface !== this.interface) return;
      const isComplete = this.ring.missingBefore(answer) <= 0 && this.hasHistory;
      this.ring.merge(this.read(answer));
      this.revision += 1;
      if (!isComplete) void this.fetchHistory();
    });
  }

  get start(): number { void this.revision; return this.ring.start; }
  get names(): string[] {
    void this.revision;
    const rank = (name: string): number => (kOrder.includes(name) ? kOrder.indexOf(name) : kOrder.length);
    return this.ring.names.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  }
  bytes(name: string): (number | null)[] { void this.revision; return this.ring.values(name, 'bytes'); }
  packets(name: string): (number | null)[] { void this.revision; return this.ring.values(name, 'packets'); }

  private async fetchHistory(): Promise<void> {
    if (this.isFetching) return;
    this.isFetching = true;
    const wanted = this.interface;
    try {
      const history = await getJson<SeriesAnswer>(restPath('series', { interface: wanted, seconds: this.length, by: this.by }));
      if (wanted !== this.interface) return;
      this.ring.merge(this.read(history));
      this.hasHistory = true;
      this.revision += 1;
    } catch {
      // The next answer of the stream finds the gap again.
    } finally {
      this.isFetching = false;
    }
  }
}
