// SPDX-License-Identifier: GPL-3.0-or-later
import type { InterfaceRow, ListAnswer, Problem } from './api';
import { dropsAfter, type Drop } from './drops';
import { location } from './location.svelte';
import { Stream, type Link, type Message, type Question, type Socket } from './stream';

const kStaleAfter = 3000;  // ms
const kDeadAfter = 10_000; // ms

// A frame while the tab is seen; hidden tabs have no frames.
function soon(run: () => void): void {
  if (document.hidden) window.setTimeout(run, 0);
  else window.requestAnimationFrame(run);
}

function openSocket(): Socket {
  const { protocol, host } = window.location;
  return new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/v1/stream`) as Socket;
}

export type Condition = 'connecting' | 'live' | 'paused' | 'stale' | 'dead' | 'disconnected';

export interface FilterProblem {
  filter: string;
  detail: string;
  column: number; // 1-based in `filter`; 0: none
}

// The tab's one connection and what all pages know from it.
class Session {
  link = $state.raw<Link>({ kind: 'connecting' });
  heardAt = $state(performance.now());
  now = $state(performance.now());
  pausedAt = $state<number | null>(null);
  interfaces = $state.raw<ListAnswer<InterfaceRow> | null>(null);
  drops = $state.raw<readonly Drop[]>([]);
  since = Infinity; // the second from which on it is known what was dropped
  filterProblem = $state.raw<FilterProblem | null>(null);
  hasHeard = $state(false);
  isHidden = $state(document.hidden);
  skew = $state(0); // seconds that weir's clock is ahead of the browser's; its answers coming late looks the same
  waiting = $state(0); // questions that have no answer yet: with none the page shows all that it asked for
  private questions = 0;

  readonly stream = new Stream({
    open: openSocket,
    now: () => performance.now(),
    after: (milliseconds, run) => {
      const timer = window.setTimeout(run, milliseconds);
      return () => window.clearTimeout(timer);
    },
    soon,
    random: Math.random,
    changed: () => this.follow(),
  });

  start(): void {
    this.look();
    this.stream.connect();
    this.stream.subscribe({ topic: 'interfaces' }, {
      answer: (message) => {
        const now = message as unknown as ListAnswer<InterfaceRow>;
        this.skew = Math.round(now.time - Date.now() / 1000);
        this.since = Math.min(this.since, Math.floor(now.time));
        this.drops = dropsAfter(this.drops, this.interfaces, now);
        this.interfaces = now;
      },
      problem: () => {},
    }, true);
    window.setInterval(() => {
      this.stream.watch();
      this.now = performance.now();
    }, 500);
    document.addEventListener('visibilitychange', () => this.look());
  }

  get condition(): Condition {
    if (this.link.kind === 'waiting' || (this.link.kind === 'connecting' && this.hasHeard)) return 'disconnected';
    if (!this.hasHeard) return 'connecting';
    if (this.quiet > kDeadAfter) return 'dead';
    if (this.quiet > kStaleAfter) return 'stale';
    return this.pausedAt === null ? 'live' : 'paused';
  }

  // Milliseconds since weir was heard.
  get quiet(): number {
    return Math.max(0, this.now - this.heardAt);
  }

  noteQuestion(change: 1 | -1): void {
    this.questions += change; // no reactive object, so that who asks does not depend on it
    this.waiting = this.questions;
  }

  togglePause(): void {
    this.pausedAt = this.pausedAt === null ? performance.now() : null;
    this.stream.pause(this.pausedAt !== null);
  }

  // The interfaces that the page is about: the chosen one, or all.
  get chosen(): InterfaceRow[] {
    const rows = this.interfaces?.rows ?? [];
    const id = location.place.interface;
    return id === '' ? rows : rows.filter((row) => row.id === id);
  }

  private look(): void {
    this.isHidden = document.hidden;
    this.stream.hide(this.isHidden);
  }

  private follow(): void {
    this.link = this.stream.link;
    if (this.link.kind === 'open') this.hasHeard = true;
    this.heardAt = this.stream.heardAt;
    this.now = performance.now();
  }
}

export const session = new Session();

// The latest answer to a question that may change. While a new question waits for its answer, the old one's data stay.
export class Live<Answer> {
  data = $state.raw<Answer | null>(null);
  problem = $state.raw<Problem | null>(null);
  question = $state.raw<Question | null>(null); // the one that `data` answers
  path = ''; // the same of what is asked over REST
  isWaiting = $state(true);
  private isCounted = false;

  wait(isWaiting: boolean): void {
    this.isWaiting = isWaiting;
    if (isWaiting !== this.isCounted) session.noteQuestion(isWaiting ? 1 : -1);
    this.isCounted = isWaiting;
  }
}

// Where in the page's filter a problem with the filter `asked` lies. A page may have put its own conditions around the filter.
export function noteFilterProblem(asked: string, problem: Problem): void {
  if (problem.parameter !== 'filter') return;
  const filter = location.place.filter;
  const shift = Math.max(0, asked.indexOf(filter));
  const column = (problem.column ?? 0) - shift;
  session.filterProblem = {
    filter, detail: problem.detail ?? '', column: column >= 1 && column <= filter.length + 1 ? column : 0,
  };
}

// Asks `question` as long as the component lives, again whenever it changes; null asks nothing. To be called while a component is set up.
export function ask<Answer>(question: () => Question | null, onAnswer?: (answer: Answer, question: Question) => void): Live<Answer> {
  const live = new Live<Answer>();
  const text = $derived(JSON.stringify(question()));
  $effect(() => {
    const asked = JSON.parse(text) as Question | null;
    if (asked === null) return undefined;
    live.wait(true);
    live.problem = null; // of another question
    const subscription = session.stream.subscribe(asked, {
      answer: (message: Message) => {
        live.data = message as unknown as Answer;
        live.question = asked;
        live.problem = null;
        live.wait(false);
        onAnswer?.(live.data, asked);
      },
      problem: (problem) => {
        live.problem = problem;
        live.wait(false);
        noteFilterProblem(asked.filter ?? '', problem);
      },
    });
    return () => {
      subscription.close();
      live.wait(false);
    };
  });
  return live;
}
