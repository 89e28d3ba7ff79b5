// SPDX-License-Identifier: GPL-3.0-or-later
import type { Problem } from './api';

// A question for the stream: a REST resource and its parameters.
export interface Question {
  topic: string;
  interface?: string;
  filter?: string;
  sort?: string;
  order?: 'asc' | 'desc';
  offset?: number;
  limit?: number;
  columns?: string;
  seconds?: number;
  by?: string | undefined; // of series
  top?: number | undefined; // of series
  host?: string;     // of peers
  group_by?: string; // of hosts and flows
}

// The members of the REST answer, and what the stream adds.
export type Message = { op: string; id: number; seq?: number } & Record<string, unknown>;

export interface Listener {
  answer(message: Message): void;
  problem(problem: Problem): void;
}

export interface Subscription {
  close(): void;
}

export type Link =
  | { kind: 'connecting' }
  | { kind: 'open' }
  | { kind: 'waiting'; until: number }; // the next attempt, in the stream's own milliseconds

// What the stream needs of the browser; tests bring their own.
export interface Surroundings {
  open(): Socket;
  now(): number; // milliseconds, never backwards
  after(milliseconds: number, run: () => void): () => void; // returns how to cancel
  soon(run: () => void): void; // once per frame
  random(): number;
  changed(): void; // `link` or `heardAt` is new
}

export type Socket = Pick<WebSocket, 'send' | 'close' | 'readyState'> & {
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
};

const kFirstDelay = 500;
const kLongestDelay = 15_000;
const kQuietBeforePing = 10_000;
const kQuietBeforeGivingUp = 20_000;
const kOpen = 1;

// The time to wait before attempt number `attempt` (from 0): doubling from half a second to 15 s, spread by up to a
// quarter so that the tabs of a building do not come back all at once.
export function delayBefore(attempt: number, random: number): number {
  const delay = Math.min(kLongestDelay, kFirstDelay * 2 ** Math.min(attempt, 10));
  return Math.round(delay * (1 - random / 4));
}

interface Entry {
  question: Question;
  listener: Listener;
  inBackground: boolean;
  hasAnswer: boolean;
}

// The one connection of a tab. It reconnects by itself and asks all open questions again. Of several messages for one
// question that wait for the next frame, only the latest counts, so nothing grows while the tab cannot draw.
export class Stream {
  link: Link = { kind: 'connecting' };
  heardAt: number;

  private socket: Socket | null = null;
  private readonly entries = new Map<number, Entry>();
  private readonly inbox = new Map<number, Message>();
  private nextId = 1;
  private attempt = 0;
  private isFlushPlanned = false;
  private isPaused = false;
  private isHidden = false;
  private pingedAt = Number.NEGATIVE_INFINITY;
  private cancelRetry: (() => void) | null = null;

  constructor(private readonly around: Surroundings) {
    this.heardAt = around.now();
  }

  connect(): void {
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.link = { kind: 'connecting' };
    const socket = this.around.open();
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onclose = () => this.closed(socket);
    socket.onmessage = (event) => this.received(socket, event.data);
    this.around.changed();
  }

  // `inBackground`: asked also while the tab is hidden.
  subscribe(question: Question, listener: Listener, inBackground = false): Subscription {
    const id = this.nextId;
    this.nextId += 1;
    this.entries.set(id, { question, listener, inBackground, hasAnswer: false });
    this.ask(id);
    return { close: () => this.forget(id) };
  }

  // While paused, a question gets its first answer and then no other until the pause ends.
  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    if (!isPaused) this.plan();
  }

  // While hidden, only the questions that are asked in the background stay.
  hide(isHidden: boolean): void {
    if (isHidden === this.isHidden) return;
    this.isHidden = isHidden;
    if (this.isFlushPlanned) this.flush(); // the frame for it may be hours away
    for (const [id, { inBackground }] of this.entries) {
      if (inBackground) continue;
      if (isHidden) this.send({ op: 'unsub', id });
      else this.ask(id);
    }
  }

  // To be called about once a second: finds a connection that is open only in name.
  watch(): void {
    if (this.link.kind !== 'open' || this.socket === null) return;
    const quiet = this.around.now() - this.heardAt;
    if (quiet > kQuietBeforeGivingUp) {
      const socket = this.socket;
      socket.close();
      this.closed(socket);
    } else if (quiet > kQuietBeforePing && this.pingedAt < this.heardAt) {
      this.pingedAt = this.around.now();
      this.send({ op: 'ping' });
    }
  }

  private opened(socket: Socket): void {
    if (socket !== this.socket) return;
    this.link = { kind: 'open' };
    this.heardAt = this.around.now();
    for (const id of this.entries.keys()) this.ask(id);
    this.around.changed();
  }

  private closed(socket: Socket): void {
    if (socket !== this.socket) return;
    this.socket = null;
    const delay = delayBefore(this.attempt, this.around.random());
    this.attempt += 1;
    this.link = { kind: 'waiting', until: this.around.now() + delay };
    this.cancelRetry = this.around.after(delay, () => this.connect());
    this.around.changed();
  }

  private received(socket: Socket, data: unknown): void {
    if (socket !== this.socket || typeof data !== 'string') return;
    let message: Message;
    try {
      message = JSON.parse(data) as Message;
    } catch {
      return; // the next one is whole again
    }
    this.heardAt = this.around.now();
    this.attempt = 0;
    if (!this.entries.has(message.id)) return;
    this.inbox.set(message.id, message);
    this.plan();
  }

  private plan(): void {
    if (this.isFlushPlanned) return;
    this.isFlushPlanned = true;
    this.around.soon(() => this.flush());
  }

  private flush(): void {
    this.isFlushPlanned = false;
    for (const [id, message] of [...this.inbox]) {
      const entry = this.entries.get(id);
      if (entry !== undefined && this.isPaused && entry.hasAnswer) continue;
      this.inbox.delete(id);
      if (entry === undefined) continue;
      if (message.op === 'err') {
        entry.listener.problem(message as Problem);
      } else {
        entry.hasAnswer = true;
        entry.listener.answer(message);
      }
    }
    this.around.changed();
  }

  private ask(id: number): void {
    const entry = this.entries.get(id);
    if (entry === undefined || (this.isHidden && !entry.inBackground)) return;
    this.send({ op: 'sub', id, ...entry.question });
  }

  private forget(id: number): void {
    if (!this.entries.delete(id)) return;
    this.inbox.delete(id);
    this.send({ op: 'unsub', id });
  }

  private send(message: object): void {
    if (this.socket?.readyState === kOpen) this.socket.send(JSON.stringify(message));
  }
}
