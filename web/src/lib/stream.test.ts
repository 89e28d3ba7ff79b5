// SPDX-License-Identifier: GPL-3.0-or-later
import { beforeEach, describe, expect, it } from 'vitest';

import type { Problem } from './api';
import { delayBefore, Stream, type Message, type Socket, type Surroundings } from './stream';

class FakeSocket implements Socket {
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  send(text: string): void { this.sent.push(JSON.parse(text) as Record<string, unknown>); }
  close(): void { this.readyState = 3; }
  accept(): void { this.readyState = 1; this.onopen?.(); }
  drop(): void { this.readyState = 3; this.onclose?.(); }
  say(message: object): void { this.onmessage?.({ data: JSON.stringify(message) }); }
}

class World implements Surroundings {
  sockets: FakeSocket[] = [];
  time = 0;
  timers: { at: number; run: () => void }[] = [];
  frames: (() => void)[] = [];
  open(): Socket { const socket = new FakeSocket(); this.sockets.push(socket); return socket; }
  now(): number { return this.time; }
  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.time + milliseconds, run };
    this.timers.push(timer);
    return () => { this.timers = this.timers.filter((other) => other !== timer); };
  }
  soon(run: () => void): void { this.frames.push(run); }
  random(): number { return 0; }
  changed(): void {}
  get socket(): FakeSocket { return this.sockets.at(-1) as FakeSocket; }
  advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.timers.filter((timer) => timer.at <= this.time);
    this.timers = this.timers.filter((timer) => timer.at > this.time);
    for (const timer of due) timer.run();
  }
  frame(): void { for (const run of this.frames.splice(0)) run(); }
}

class Ear {
  answers: Message[] = [];
  problems: Problem[] = [];
  answer(message: Message): void { this.answers.push(message); }
  problem(problem: Problem): void { this.problems.push(problem); }
}

let world: World;
let stream: Stream;
let ear: Ear;

beforeEach(() => {
  world = new World();
  stream = new Stream(world);
  ear = new Ear();
});

function started(): void {
  stream.connect();
  world.socket.accept();
}

describe('delayBefore', () => {
  it('doubles from half a second to fifteen seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => delayBefore(attempt, 0)))
      .toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('is spread by a quarter at most', () => {
    expect(delayBefore(5, 0.999)).toBeGreaterThan(11_249);
    expect(delayBefore(0, 0.999)).toBeGreaterThan(374);
  });
});

describe('a subscription', () => {
  it('asks as soon as there is a connection', () => {
    stream.connect();
    stream.subscribe({ topic: 'hosts', limit: 10 }, ear);
    expect(world.socket.sent).toEqual([]);
    world.socket.accept();
    expect(world.socket.sent).toEqual([{ op: 'sub', id: 1, topic: 'hosts', limit: 10 }]);
  });

  it('hears once per frame, the latest message only', () => {
    started();
    stream.subscribe({ topic: 'hosts' }, ear);
    world.socket.say({ op: 'snap', id: 1, seq: 0 });
    world.socket.say({ op: 'upd', id: 1, seq: 1 });
    expect(ear.answers).toEqual([]);
    world.frame();
    expect(ear.answers.map((message) => message.seq)).toEqual([1]);
  });

  it('hears nothing after it is closed, not even what was under way', () => {
    started();
    const subscription = stream.subscribe({ topic: 'hosts' }, ear);
    world.socket.say({ op: 'snap', id: 1 });
    subscription.close();
    world.socket.say({ op: 'upd', id: 1 });
    world.frame();
    expect(ear.answers).toEqual([]);
    expect(world.socket.sent.at(-1)).toEqual({ op: 'unsub', id: 1 });
  });

  it('hears of problems', () => {
    started();
    stream.subscribe({ topic: 'hosts', filter: 'x ==' }, ear);
    world.socket.say({ op: 'err', id: 1, status: 400, detail: 'no', parameter: 'filter', column: 3 });
    world.frame();
    expect(ear.problems).toMatchObject([{ parameter: 'filter', column: 3 }]);
  });

  it('survives messages that are no JSON or for nobody', () => {
    started();
    stream.subscribe({ topic: 'hosts' }, ear);
    world.socket.onmessage?.({ data: '{"op":' });
    world.socket.onmessage?.({ data: new ArrayBuffer(3) });
    world.socket.say({ op: 'upd', id: 99 });
    world.socket.say({ op: 'pong', time: 1 });
    world.frame();
    expect(ear.answers).toEqual([]);
  });
});

describe('a lost connection', () => {
  it('is tried again after growing delays', () => {
    stream.connect();
    world.socket.drop();
    expect(stream.link).toEqual({ kind: 'waiting', until: 500 });
    world.advance(499);
    expect(world.sockets).toHaveLength(1);
    world.advance(1);
    expect(world.sockets).toHaveLength(2);
    expect(stream.link.kind).toBe('connecting');
    world.socket.drop();
    expect(stream.link).toEqual({ kind: 'waiting', until: 1500 });
  });

  it('is asked all open questions again', () => {
    started();
    stream.subscribe({ topic: 'hosts' }, ear);
    stream.subscribe({ topic: 'flows' }, ear).close();
    stream.subscribe({ topic: 'series', seconds: 5 }, ear);
    world.socket.drop();
    world.advance(500);
    world.socket.accept();
    expect(world.socket.sent.map((message) => message['topic'])).toEqual(['hosts', 'series']);
    expect(stream.link.kind).toBe('open');
  });

  it('starts with the short delay again only after a message came', () => {
    started();
    world.socket.drop();
    world.advance(500);
    world.socket.accept();
    world.socket.drop();
    expect(stream.link).toEqual({ kind: 'waiting', until: 1500 });
    world.advance(1000);
    world.socket.accept();
    world.socket.say({ op: 'pong' });
    world.socket.drop();
    expect(stream.link).toEqual({ kind: 'waiting', until: 2000 });
  });

  it('is found by its silence', () => {
    started();
    world.advance(10_001);
    stream.watch();
    stream.watch();
    expect(world.socket.sent).toEqual([{ op: 'ping' }]);
    world.advance(10_000);
    stream.watch();
    expect(stream.link.kind).toBe('waiting');
  });

  it('does not speak through its old socket', () => {
    started();
    const old = world.socket;
    stream.subscribe({ topic: 'hosts' }, ear);
    old.drop();
    world.advance(500);
    world.socket.accept();
    old.say({ op: 'upd', id: 1 });
    old.drop();
    world.frame();
    expect(ear.answers).toEqual([]);
    expect(stream.link.kind).toBe('open');
  });
});

describe('a pause', () => {
  it('holds updates and shows the latest when it ends', () => {
    started();
    stream.subscribe({ topic: 'hosts' }, ear);
    world.socket.say({ op: 'snap', id: 1, seq: 0 });
    world.frame();
    stream.pause(true);
    world.socket.say({ op: 'upd', id: 1, seq: 1 });
    world.frame();
    world.socket.say({ op: 'upd', id: 1, seq: 2 });
    world.frame();
    expect(ear.answers.map((message) => message.seq)).toEqual([0]);
    stream.pause(false);
    world.frame();
    expect(ear.answers.map((message) => message.seq)).toEqual([0, 2]);
  });

  it('still answers a new question once', () => {
    started();
    stream.pause(true);
    stream.subscribe({ topic: 'flows' }, ear);
    world.socket.say({ op: 'snap', id: 1, seq: 0 });
    world.frame();
    world.socket.say({ op: 'upd', id: 1, seq: 1 });
    world.frame();
    expect(ear.answers.map((message) => message.seq)).toEqual([0]);
  });
});

describe('a hidden tab', () => {
  it('asks only what runs in the background, and all again when it is back', () => {
    started();
    stream.subscribe({ topic: 'interfaces' }, ear, true);
    stream.subscribe({ topic: 'flows' }, ear);
    world.socket.sent = [];
    stream.hide(true);
    expect(world.socket.sent).toEqual([{ op: 'unsub', id: 2 }]);
    stream.subscribe({ topic: 'hosts' }, ear);
    expect(world.socket.sent).toHaveLength(1);
    stream.hide(false);
    expect(world.socket.sent.slice(1)).toMatchObject([{ id: 2, topic: 'flows' }, { id: 3, topic: 'hosts' }]);
  });

  it('is told what waited for a frame, of which it has none any more', () => {
    started();
    stream.subscribe({ topic: 'interfaces' }, ear, true);
    world.socket.say({ op: 'snap', id: 1, seq: 0 });
    stream.hide(true);
    world.frames = [];
    world.socket.say({ op: 'upd', id: 1, seq: 1 });
    world.frame();
    expect(ear.answers.map((message) => message.seq)).toEqual([0, 1]);
  });
});
