// SPDX-License-Identifier: GPL-3.0-or-later
import { untrack } from 'svelte';

import { getJson, RestError } from './rest';
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
  let again = (): void => {};
  $effect(() => {
    const wanted = asked;
    again = () => {};
    askedAt = Number.NEGATIVE_INFINITY;
    if (wanted === null) return undefined;
    const mine = new AbortController();
    let isAsking = false;
    live.wait(true);
    live.problem = null; // of another question
    const askOnce = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      askedAt = performance.now();
      try {
        const answer = await getJson<Answer>(wanted, mine.signal);
        if (mine.signal.aborted) return;
        live.path = wanted;
        live.data = answer;
        live.problem = null;
      } catch (error) {
        if (mine.signal.aborted) return;
        live.problem = error instanceof RestError ? error.problem : { detail: String(error) };
        noteFilterProblem(new URLSearchParams(wanted.split('?')[1]).get('filter') ?? '', live.problem);
      } finally {
        isAsking = false;
        if (!mine.signal.aborted) live.wait(false);
      }
    };
    again = () => void askOnce();
    if (untrack(() => isSeen)) again();
    return () => {
      mine.abort();
      live.wait(false);
    };
  });
  $effect(() => {
    if (isSeen && askedAt === Number.NEGATIVE_INFINITY) again();
  });
  $effect(() => {
    if (!isFollowed) return undefined;
    if (performance.now() - askedAt >= every) again();
    const timer = window.setInterval(() => again(), every);
    return () => window.clearInterval(timer);
  });
  return live;
}
