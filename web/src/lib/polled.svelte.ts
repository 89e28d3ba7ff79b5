// SPDX-License-Identifier: GPL-3.0-or-later
import { getJson, RestError } from './rest';
import { Live, noteFilterProblem, session } from './session.svelte';

// Asks `path` over REST now and every `seconds`, for answers that look at every flow and need not be of this second. Not while the
// tab is hidden, the page paused or weir away. null asks nothing. To be called while a component is set up.
export function poll<Answer>(path: () => string | null, seconds: number): Live<Answer> {
  const live = new Live<Answer>();
  const asked = $derived(path());
  $effect(() => {
    const wanted = asked;
    if (wanted === null) return undefined;
    const mine = new AbortController();
    let isAsking = false;
    live.wait(true);
    live.problem = null; // of another question
    const askOnce = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
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
    void askOnce();
    const timer = window.setInterval(() => {
      if (!document.hidden && session.condition === 'live') void askOnce();
    }, seconds * 1000);
    return () => {
      window.clearInterval(timer);
      mine.abort();
      live.wait(false);
    };
  });
  return live;
}
