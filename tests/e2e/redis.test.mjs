// SPDX-License-Identifier: GPL-3.0-or-later
// weir with a Redis that is not there, goes, falls silent and is emptied.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { ask, run, startWeir, traffic } from './programs.mjs';
import { hasRedis, startRedis } from './redis_server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-redis-'));
const capture = join(folder, 'ten.pcap');
before(() => {
  const made = run(traffic, ['--hosts', '10', '--flows', '10', '--packets', '100', '--size', '100', '--consecutive', '--write', capture]);
  assert.equal(made.code, 0, made.err);
});
after(() => rmSync(folder, { recursive: true }));

test('monitoring goes on whatever becomes of the Redis, health says what, and it comes back by itself', { skip: !hasRedis }, async () => {
  const redis = await startRedis();
  const weir = await startWeir('-i', `pcap:${capture}`, '--cache', redis.url, '--resolve', 'off');
  const cache = async () => (await weir.get('/api/v1/health')).cache;
  const comesTo = async (state) => assert.equal((await ask(cache, (now) => now.state === state, 20_000)).state, state);
  // Quick as always, though scripts ask the cache each second.
  const answers = async () => {
    const start = Date.now();
    assert.equal((await weir.get('/api/v1/hosts?limit=1')).total, 10);
    await weir.get('/api/v1/tops');
    assert.ok(Date.now() - start < 2000);
  };
  try {
    await comesTo('connected');
    // What the script of each second keeps.
    assert.equal(await ask(() => redis.say('EXISTS', 'weir:value:new_hosts'), (there) => there === '1'), '1');
    await answers();

    await redis.stop();
    await comesTo('down');
    await answers();
    await redis.start();
    await comesTo('connected');
    const back = await ask(cache, (now) => now.reconnects === 1 && now.emptied === 1);
    assert.deepEqual([back.reconnects, back.emptied], [1, 1], 'it had no disk');

    redis.signal('SIGSTOP');
    await ask(cache, (now) => now.state !== 'connected', 20_000);
    await answers();
    redis.signal('SIGCONT');
    await comesTo('connected');

    const { emptied } = await cache();
    assert.equal(redis.say('FLUSHALL'), 'OK');
    assert.equal((await ask(cache, (now) => now.emptied > emptied)).emptied, emptied + 1);
    await answers();
    assert.equal(weir.text.includes('error'), false, weir.text);
  } finally {
    assert.equal(await weir.stop(), 0);
    await redis.stop();
  }
});

test('a Redis that is not there does not keep weir from starting and ending', async () => {
  const weir = await startWeir('-i', `pcap:${capture}`, '--cache', 'redis://user:secret@127.0.0.1:1', '--resolve', 'off');
  const { cache } = await ask(() => weir.get('/api/v1/health'), ({ cache: now }) => now.error);
  assert.deepEqual([cache.kind, cache.state, cache.error], ['redis', 'down', 'Connection refused']);
  assert.equal(JSON.stringify(cache).includes('secret') || weir.text.includes('secret'), false);
  assert.equal(await weir.stop(), 0);
});

const put = async (weir) => {
  const { token } = await weir.get('/api/v1/session');
  return (await fetch(`${weir.url}/api/v1/preferences/theme`, { method: 'PUT', body: '{"value":"dark"}', headers: { 'X-Weir-Token': token } })).status;
};
const theme = async (weir) => (await weir.get('/api/v1/preferences/theme')).value;

test('a preference outlives kill -9 whatever the Redis does, or who sets it is told that it is not kept', async () => {
  const away = ['-i', `pcap:${capture}`, '--resolve', 'off', '--cache', 'redis://127.0.0.1:1'];
  const first = await startWeir(...away, '--data', folder);
  assert.ok((await put(first)) < 300);
  await first.stop('SIGKILL');
  const second = await startWeir(...away, '--data', folder);
  assert.equal(await theme(second), 'dark');
  await second.stop();

  const broken = join(folder, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'cache.sqlite'), 'this is no database '.repeat(1000));
  for (const data of [[], ['--data', broken]]) {
    const without = await startWeir(...away, ...data);
    assert.equal(await put(without), 500, `${data}`);
    await without.stop();
  }
});

test('without a data folder the Redis keeps preferences', { skip: !hasRedis }, async () => {
  const redis = await startRedis();
  const options = ['-i', `pcap:${capture}`, '--resolve', 'off', '--cache', redis.url];
  const connected = async () => {
    const weir = await startWeir(...options);
    await ask(() => weir.get('/api/v1/health'), ({ cache }) => cache.state === 'connected');
    return weir;
  };
  const first = await connected();
  assert.ok((await put(first)) < 300);
  await first.stop('SIGKILL');
  const second = await connected();
  assert.equal(await theme(second), 'dark');
  await second.stop();
  await redis.stop();
});
