// SPDX-License-Identifier: GPL-3.0-or-later
import { untrack } from 'svelte';

import { getJson, kPatience, RestError } from './rest';
import { Live, noteFilterProblem, session } from './session.svelte';

// Asks `path` over REST now and every `seconds`, for answers that look at every flow and need not be of this second. Not while the
// tab is hidden, the page paused or weir away: who comes back is shown the present at once. In a tab that nobody has looked at yet, the first
// time is when it is seen, paused or not. null asks nothing. To be called while a component is set up.
export function poll<Answer>(path: () => string | null, seconds: number): Live<Answer> {
  const live = new Live<Answer>();
  const asked = $derived(path());
  const isSeen = $derived(!session.isHidden);
  const isFollowed = $derived(isSeen && session.condition === 'live');
  const every = seconds * 1000;
  let askedAt = Number.NEGATIVE_INFINITY;
  let again: (isAnew?: boolean) => void = () => {};
  $effect(() => {
    const wanted = asked;
    again = () => {};
    askedAt = Number.NEGATIVE_INFINITY;
    if (wanted === null) return undefined;
    let open: AbortController | null = null;
    live.wait(true);
    live.problem = null; // of another question
    const askOnce = async (isAnew: boolean): Promise<void> => {
      if (open !== null && !isAnew) return;
      open?.abort();
      const mine = new AbortController();
      open = mine;
      askedAt = performance.now();
      try {
        const answer = await getJson<Answer>(wanted, AbortSignal.any([mine.signal, AbortSignal.timeout(kPatience)]));
        if (mine.signal.aborted) return;
        live.path = wanted;
        live.data = answer;
        live.problem = null;
      } catch (error) {
        if (mine.signal.aborted) return;
        live.problem = error instanceof RestError ? error.problem : { detail: String(error) };
        noteFilterProblem(new URLSearchParams(wanted.split('?')[1]).get('filter') ?? '', live.problem);
      } finally {
        if (!mine.signal.aborted) {
          open = null;
          live.wait(false);
        }
      }
    };
    again = (isAnew = false) => void askOnce(isAnew);
    if (untrack(() => isSeen)) again();
    return () => {
      open?.abort();
      live.wait(false);
    };
  });
  $effect(() => {
    if (isSeen && askedAt === Number.NEGATIVE_INFINITY) again();
  });
  $effect(() => {
    if (!isFollowed) return undefined;
    if (performance.now() - askedAt >= every) again(true); // what is still open may have died meanwhile
    const timer = window.setInterval(() => again(), every);
    return () => window.clearInterval(timer);
  });
  return live;
}
