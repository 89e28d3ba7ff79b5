// SPDX-License-Identifier: GPL-3.0-or-later
// Who opens the console of a weir that was never told what to watch is asked first.
import type { Setup } from './api';
import { location } from './location.svelte';
import { getJson } from './rest';
import { formatPlace, kNowhere } from './router';

const kLater = 'weir.setup'; // in this tab: whether the questions shall wait

function waits(): boolean {
  try {
    return window.sessionStorage.getItem(kLater) !== null;
  } catch {
    return false; // storage may be forbidden
  }
}

export function notNow(): void {
  try {
    window.sessionStorage.setItem(kLater, 'later');
  } catch {
    // as above; then the questions come back with the next page that is loaded
  }
}

// Goes to the questions where weir has some and the page was opened without a wish of what to see.
export async function askFirst(): Promise<void> {
  const isUndecided = (): boolean => formatPlace(location.place) === formatPlace(kNowhere);
  if (!isUndecided() || waits()) return;
  const { asks, may_change: may } = await getJson<Setup>('/api/v1/setup');
  if (asks && may && isUndecided()) location.go({ ...kNowhere, route: 'setup' }, true);
}
