// SPDX-License-Identifier: GPL-3.0-or-later
// A client of the stream that does not read what it asked for: it costs weir no more memory the longer it sleeps, and others nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

import { until } from './page_steps.mjs';
import { ask, mix, startWeir } from './programs.mjs';

const { WebSocket } = createRequire(join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'web', 'package.json'))('ws');
const kQuestions = 40;
const kAsleep = 15; // seconds
// A queue would keep what kQuestions answer each second; what may stay is one answer of each, and what the allocator makes of them.
const kPart = 0.25; // of all that was not read

let daemon;
before(async () => {
  daemon = await startWeir('-i', `pcap:${mix}`);
  await ask(() => daemon.get('/api/v1/interfaces'), (answer) => answer.rows[0]?.state === 'ended', 60_000);
});
after(() => daemon?.stop());

const memory = () => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))[1]);

// A client with what it heard: bytes, and the times of the answers by the numbers of their questions.
async function connect() {
  const socket = new WebSocket(`${daemon.url.replace('http', 'ws')}/api/v1/stream`);
  await new Promise((resolve, reject) => { socket.on('open', resolve); socket.on('error', reject); });
  const heard = { bytes: 0, answers: 0, times: new Map() };
  socket.on('message', (data) => {
    const { id, op, time } = JSON.parse(data.toString());
    assert.match(op, /^(snap|upd)$/);
    heard.bytes += data.length;
    heard.answers += 1;
    heard.times.set(id, [...heard.times.get(id) ?? [], time]);
  });
  return { socket, heard, subscribe: (question) => socket.send(JSON.stringify({ op: 'sub', ...question })) };
}

const longestGap = (times) => Math.max(...times.slice(1).map((time, index) => time - times[index]));

test('a client that does not read is kept one answer to each question, and goes on with the latest', { timeout: 120_000 }, async (t) => {
  const reader = await connect();
  reader.subscribe({ id: 1, topic: 'interfaces' });
  const sleeper = await connect();
  t.after(() => { for (const { socket } of [reader, sleeper]) socket.terminate(); });
  // No two questions are the same: what several ask is answered once and kept once.
  for (let id = 1; id <= kQuestions; id += 1) sleeper.subscribe({ id, topic: 'flows', sort: 'bytes', limit: 900 + id });
  await until('two answers to each', () => sleeper.heard.times.size === kQuestions && [...sleeper.heard.times.values()].every((times) => times.length >= 2), 60_000);
  const each = sleeper.heard.bytes / sleeper.heard.answers;

  sleeper.socket.pause();
  const before = memory();
  const from = reader.heard.answers;
  await until(`${kAsleep} seconds`, () => reader.heard.answers - from >= kAsleep, 90_000);
  const grown = memory() - before;
  const unread = each * kQuestions * kAsleep;
  t.diagnostic(`${kQuestions} answers of ${Math.round(each / 1000)} kB each second were not read for ${kAsleep} s (${Math.round(unread / 1e6)} MB): ${(grown / 1e6).toFixed(1)} MB more memory`);
  assert.ok(unread > 100e6, 'too little was asked for to show anything');
  assert.ok(grown < kPart * unread, `${grown} bytes more`);
  assert.ok(longestGap(reader.heard.times.get(1)) < 8, 'who reads was kept waiting');

  const last = reader.heard.times.get(1).at(-1);
  sleeper.socket.resume();
  await until('the present in each answer', () => [...sleeper.heard.times.values()].every((times) => times.at(-1) > last), 60_000);
  const gaps = [...sleeper.heard.times.values()].map(longestGap);
  assert.ok(gaps.filter((gap) => gap > kAsleep / 2).length > kQuestions / 2, `what was replaced was not sent: ${gaps.map(Math.round)}`);
});
