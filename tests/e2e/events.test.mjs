// SPDX-License-Identifier: GPL-3.0-or-later
// New hosts are told to all who subscribed, here and at another instance: run by run.sh inside the watching namespace.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

import { ask, run, startWeir, traffic } from './programs.mjs';
import { hasRedis, startRedis } from './redis_server.mjs';

const { WebSocket } = createRequire(join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'web', 'package.json'))('ws');
const folder = mkdtempSync(join(tmpdir(), 'weir-events-'));
const capture = join(folder, 'new.pcap');
before(() => {
  const made = run(traffic, ['--hosts', '4', '--flows', '2', '--packets', '4', '--size', '100', '--consecutive', '--write', capture]);
  assert.equal(made.code, 0, made.err);
});
after(() => rmSync(folder, { recursive: true }));

const hosts = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'];

// Hears of these hosts: {host: milliseconds since 1970}.
async function subscribe(weir) {
  const socket = new WebSocket(`${weir.url.replace('http', 'ws')}/api/v1/stream`);
  const heard = new Map();
  await new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ op: 'sub', id: 1, topic: 'events' })));
    socket.on('message', (data) => {
      const { rows } = JSON.parse(data);
      for (const row of rows ?? []) if (row.event === 'host_added' && hosts.includes(row.host) && !heard.has(row.host)) heard.set(row.host, Date.now());
      resolve();
    });
  });
  return { heard, close: () => socket.close() };
}

const send = () => {
  const sent = spawnSync('ip', ['netns', 'exec', process.env.WEIR_SENDER, 'tcpreplay', '-q', '-t', '-i', 'weir-s', capture], { encoding: 'utf8' });
  assert.equal(sent.status, 0, sent.stderr);
  return Date.now();
};

async function allHear(subscribers, t) {
  await new Promise((resolve) => setTimeout(resolve, 1500));  // the first second is over
  const sentAt = send();
  for (const { heard } of subscribers) {
    await ask(async () => heard.size, (size) => size >= 4);
    assert.deepEqual([...heard.keys()].sort(), hosts);
    const late = Math.max(...heard.values()) - sentAt;
    t.diagnostic(`heard ${late} ms after the last packet was sent`);
    assert.ok(late < 2000, `${late} ms: one second until it is looked for, and some for a machine that is shared`);
  }
}

test('two subscribers hear of each new host', async (t) => {
  const weir = await startWeir('-i', 'weir-w', '--resolve', 'off');
  const subscribers = [await subscribe(weir), await subscribe(weir)];
  await allHear(subscribers, t);
  const { rows } = await weir.get('/api/v1/events?limit=4');
  assert.deepEqual(rows.map((row) => row.host).sort(), hosts);
  assert.equal(rows[0].interface, 'weir-w');
  for (const one of subscribers) one.close();
  await weir.stop();
});

test('another instance over one Redis hears of them, too', { skip: !hasRedis }, async (t) => {
  const redis = await startRedis();
  const watcher = await startWeir('-i', 'weir-w', '--resolve', 'off', '--cache', `${redis.url}?prefix=a`);
  const other = await startWeir('-i', 'lo', '--resolve', 'off', '--cache', `${redis.url}?prefix=b`);
  for (const weir of [watcher, other]) {
    const { cache } = await ask(() => weir.get('/api/v1/health'), (health) => health.cache.channels.hears_others);
    assert.equal(cache.channels.hears_others, true);
  }
  const there = await subscribe(other);
  const here = await subscribe(watcher);
  await allHear([here, there], t);
  here.close();
  there.close();
  await watcher.stop();
  await other.stop();
  await redis.stop();
});
