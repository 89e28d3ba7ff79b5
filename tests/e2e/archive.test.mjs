// SPDX-License-Identifier: GPL-3.0-or-later
// Hosts that are forgotten, and what becomes of them: run by run.sh inside the watching namespace; WEIR_SENDER names the other.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { ask, readJson, run, startWeir, traffic, weir } from './programs.mjs';
import { hasRedis, startRedis } from './redis_server.mjs';

const sender = process.env.WEIR_SENDER;
const folder = mkdtempSync(join(tmpdir(), 'weir-archive-'));
const capture = join(folder, 'hosts.pcap');
after(() => rmSync(folder, { recursive: true }));
assert.equal(run(traffic, ['--hosts', '200', '--flows', '400', '--size', '120', '--packets', '4000', '--ipv6', '20', '--write', capture]).code, 0);
const report = readJson(capture);

function replay() {
  const sent = spawnSync('ip', ['netns', 'exec', sender, 'tcpreplay', '-q', '-i', 'weir-s', '--pps', '20000', capture], { encoding: 'utf8' });
  assert.equal(sent.status, 0, sent.stderr);
}

// A weir whose hosts are forgotten a few seconds after they spoke.
const start = (data, ...options) => startWeir('-i', 'weir-w', ...(data ? ['--data', data] : []), '--resolve', 'off', '--idle-timeout', '1', '--idle-timeout-two-way', '1', '--idle-timeout-tcp', '1', '--idle-timeout-host', '1', ...options);
const kept = async (running) => (await running.get('/api/v1/health')).remembered_hosts;
const seen = (running, packets) => ask(() => running.get('/api/v1/interfaces/weir-w'), (row) => row.packets >= packets);
const hostsOf = async (running) => {
  const { rows } = await running.get('/api/v1/hosts?limit=1000&sort=key&order=asc');
  return new Map(rows.map((host) => [host.key, host]));
};
const item = (running, key, question) => running.get(`/api/v1/hosts/${encodeURIComponent(key)}${question}`);

// All hosts, once each is back with what it had: `times` what one replay says.
async function hostsAgain(running, first, times) {
  const isBack = (hosts) => hosts.size === first.size && [...hosts.values()].every((host) => host.packets === times * first.get(host.key).packets);
  const hosts = await ask(() => hostsOf(running), isBack, 5_000);
  for (const [key, host] of first) {
    assert.equal(hosts.get(key)?.packets, times * host.packets, key);
    assert.equal(hosts.get(key).bytes_sent, times * host.bytes_sent, key);
    assert.equal(hosts.get(key).first_seen, host.first_seen, key);
    assert.equal(hosts.get(key).peers_as_client, host.peers_as_client, key);
  }
  return hosts;
}

async function allGone(running) {
  const { total } = await ask(() => running.get('/api/v1/hosts?limit=1'), (answer) => answer.total === 0, 40_000);
  assert.equal(total, 0, 'all are forgotten');
}

// P55, P56 of the checklist: what was kept in a file, in a Redis with a data folder beside it, and in a Redis alone.
for (const [place, data, inRedis] of [['a file', join(folder, 'data')], ['a Redis and a folder', join(folder, 'beside'), true], ['a Redis', null, true]]) {
  test(`a host that was forgotten is kept in ${place} with its totals, and goes on when it speaks again, also after a restart`, { skip: inRedis && !hasRedis && 'redis-server is not installed' }, async () => {
    const redis = inRedis ? await startRedis() : null;
    const options = redis ? ['--cache', redis.url] : [];
    let running = await start(data, ...options);
    replay();
    await seen(running, report.packets);
    const first = await hostsOf(running);
    assert.equal(first.size, report.hosts);
    const [[key, host]] = first;

    await allGone(running);
    const gone = await ask(() => item(running, key, '?inactive=1'), (answer) => answer.inactive === true);
    assert.deepEqual([gone.packets, gone.bytes_sent, gone.bytes_received, gone.first_seen, gone.inactive], [host.packets, host.bytes_sent, host.bytes_received, host.first_seen, true]);
    assert.deepEqual(gone.applications, (await item(running, key, '?inactive=1')).applications);
    const missing = await item(running, key, '');
    assert.equal(missing.status, 404);
    assert.match(missing.detail, /inactive=1/);
    assert.equal((await kept(running)).written, first.size);

    replay();
    await seen(running, 2 * report.packets);
    await hostsAgain(running, first, 2);
    assert.equal((await kept(running)).restored, first.size);
    const [health] = (await running.get('/api/v1/health')).interfaces;
    assert.equal(health.forgotten.restored_hosts, first.size);
    assert.equal(health.forgotten.earlier.packets, 0, 'all of it was counted in this run');
    assert.equal(await running.stop(), 0);

    running = await start(data, ...options);
    assert.equal((await ask(() => item(running, key, '?inactive=1'), (answer) => answer.inactive === true)).packets, 2 * host.packets);
    replay();
    await seen(running, report.packets);
    await hostsAgain(running, first, 3);
    const row = await running.get('/api/v1/interfaces/weir-w');
    assert.equal(row.packets, report.packets, 'the interface counts its own run');
    assert.equal(row.forgotten.earlier.packets, 2 * report.packets, 'what is of the run before is told apart');
    assert.equal(await running.stop(), 0);
    await redis?.stop();
  });
}

// P63 of the checklist.
test('what one weir knows of a host another goes on with', async () => {
  let running = await start(join(folder, 'a'));
  replay();
  await seen(running, report.packets);
  const first = await hostsOf(running);
  const lines = [];
  for (const key of first.keys()) lines.push(JSON.stringify(await item(running, key, '?record=1')));
  await running.stop();
  const file = join(folder, 'hosts.jsonl');
  writeFileSync(file, lines.join('\n'));

  const there = join(folder, 'b');
  const imported = run(weir, ['import-hosts', file, '--data', there, '--interface', 'weir-w']);
  assert.equal(imported.code, 0, imported.err);
  assert.equal(imported.out, `${first.size} hosts for weir-w\n`);
  running = await start(there);
  for (const [key, host] of first) {
    const answer = await item(running, key, '?inactive=1');
    assert.deepEqual([answer.packets, answer.bytes_sent, answer.bytes_received, answer.first_seen, answer.mac], [host.packets, host.bytes_sent, host.bytes_received, host.first_seen, host.mac], key);
  }
  const refused = run(weir, ['import-hosts', file, '--data', there, '--interface', 'weir-w']);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /another weir uses it/);
  replay();
  await seen(running, report.packets);
  const again = await ask(() => hostsOf(running), (hosts) => hosts.size === first.size && [...hosts.values()].every((host) => host.packets === 2 * first.get(host.key)?.packets));
  for (const [key, host] of first) assert.equal(again.get(key)?.packets, 2 * host.packets, key);
  await running.stop();
});

test('a weir that remembers no hosts begins anew', async () => {
  const running = await start(join(folder, 'none'), '--remember-hosts', '0');
  assert.equal((await running.get('/api/v1/health')).remembered_hosts, undefined);
  replay();
  await seen(running, report.packets);
  const [[key, host]] = await hostsOf(running);
  await allGone(running);
  assert.equal((await item(running, key, '?inactive=1')).status, 404);
  replay();
  await seen(running, 2 * report.packets);
  assert.equal((await item(running, key, '')).packets, host.packets);
  await running.stop();
});
