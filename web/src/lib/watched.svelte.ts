// SPDX-License-Identifier: GPL-3.0-or-later
import { SvelteMap } from 'svelte/reactivity';

import { hashOf } from './hash';
import { firstPreferences, keep } from './preferences';
import { getJson, restPath } from './rest';

const kPrefix = 'watch/';

// What is watched: all hosts or flows that a filter chooses.
export interface Watch { list: 'hosts' | 'flows'; filter: string }

// What weir says of it.
export interface WatchedRow extends Watch {
  id: string;
  count: number;
  bits_per_second: number;
  last_seen?: number;
  is_there: boolean;
  error?: string;
}

const hex = (number: number): string => number.toString(16).padStart(8, '0');

// The same for the same hosts or flows, so that nothing is watched twice.
export function watchId({ list, filter }: Watch): string {
  const text = `${list} ${filter}`;
  return hex(hashOf(text)) + hex(hashOf(text, 0x9747b28c));
}

// What a preference watches, or null where it is another.
export function readWatch(name: string, value = ''): [string, Watch] | null {
  if (!name.startsWith(kPrefix)) return null;
  try {
    const { list, filter } = JSON.parse(value) as Partial<Watch>;
    return (list === 'hosts' || list === 'flows') && typeof filter === 'string' ? [name.slice(kPrefix.length), { list, filter }] : null;
  } catch {
    return null;
  }
}

// Kept by weir, the same in all browsers.
class Watched {
  readonly all = new SvelteMap<string, Watch>(); // by id

  constructor() {
    void firstPreferences().then((rows) => {
      for (const { name, value } of rows) {
        const found = readWatch(name, value);
        if (found !== null) this.all.set(...found);
      }
    }, () => {}); // what is watched meanwhile is there all the same
  }

  has(watch: Watch): boolean {
    return this.all.has(watchId(watch));
  }

  // Fails where weir does not understand the filter.
  async begin(watch: Watch): Promise<void> {
    await getJson(restPath(watch.list, { filter: watch.filter, limit: 0 }));
    await keep(kPrefix + watchId(watch), JSON.stringify(watch));
    this.all.set(watchId(watch), watch);
  }

  async end(id: string): Promise<void> {
    await keep(kPrefix + id, null);
    this.all.delete(id);
  }

  async turn(watch: Watch): Promise<void> {
    if (this.has(watch)) await this.end(watchId(watch));
    else await this.begin(watch);
  }
}

export const watched = new Watched();
