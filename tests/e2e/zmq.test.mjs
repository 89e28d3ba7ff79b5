// SPDX-License-Identifier: GPL-3.0-or-later
// What comes over ZeroMQ from a real publisher: flows, keys that are right and wrong, and peers that come and go.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { ask, run, startWeir, weir } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-zmq-'));
after(() => rmSync(folder, { recursive: true }));

const kUrl = 'tcp://127.0.0.1:25556';
const kInput = 'zmq-listen:127.0.0.1:25556';
const peer = new URL('./zmq_peer.py', import.meta.url).pathname;

// The paper's figure 2, its lines joined.
const kFigure = '{"IPV4_SRC_ADDR":"10.10.20.15","IPV4_D-ST_ADDR":"192.168.0.200","IPV4_NEXT_HOP":"0.0.0.0","INPUT_SNMP":0,"OUTPUT_SNMP":0,'
  + '"IN_PKTS":12,"IN_BYTES":11693,"FIRST_SWITCHED":1397725262,"LAST_SWITCHED":1397725262,"L4_SRC_PORT":80,"L4_DST_PORT":50142,"TCP_FLAGS":27, '
  + '"PROTOCOL":6, "SRC_TOS":0, "SRC_AS": 3561, "DST AS":0, "TOTAL FLOWS EXP":8}';

// A publisher: whether somebody hears it, and what ends it.
function publish(lines, ...keys) {
  const child = spawn('/usr/bin/python3', [peer, kUrl, ...keys], { stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve) => {
    child.stdout.once('data', (data) => {
      child.stdin.end(lines.map((line) => `${line}\n`).join(''));
      child.once('exit', () => resolve(data.toString().trim()));
    });
  });
}

const health = async (running) => (await running.get('/api/v1/health')).collectors[0];
const input = (running) => running.get(`/api/v1/interfaces/${kInput}`);

function keysIn(file) {
  const path = join(folder, file);
  const made = run(weir, ['keys', path]);
  assert.equal(made.code, 0, made.err);
  const text = readFileSync(path, 'utf8');
  return { path, shown: made.out.trim(), public: /^public (.*)$/m.exec(text)[1], secret: /^secret (.*)$/m.exec(text)[1] };
}

test("the paper's figure is a flow", async (t) => {
  const running = await startWeir('-i', `zmq-listen:${kUrl}`);
  t.after(() => running.stop());
  assert.equal(await publish([`flow ${kFigure}`]), 'ready');
  const there = await ask(() => input(running), (found) => found.packets === 12);
  assert.equal(there.packets, 12);
  assert.equal(there.bytes, 11_693);
  const { rows } = await running.get('/api/v1/flows');
  const flow = rows.find((row) => [row.client_ip, row.server_ip].includes('10.10.20.15'));
  assert.ok(flow, JSON.stringify(rows));
  assert.deepEqual([flow.client_port, flow.server_port].sort((a, b) => a - b), [80, 50_142]);
  const { rows: systems } = await running.get('/api/v1/asns');
  assert.ok(systems.some((row) => `${row.key}` === '3561'), JSON.stringify(systems));
});

test('publishers that come, go and come back, and unknown fields', async (t) => {
  const running = await startWeir('-i', `zmq-listen:${kUrl}`);
  t.after(() => running.stop());
  const record = (port) => `flow [{"8":"10.0.0.1","12":"10.0.0.2","4":17,"7":${port},"11":53,"1":100,"2":1,"DOMAIN_NAME":"example.org"}]`;
  for (let i = 1; i <= 3; ++i) {
    assert.equal(await publish([record(1000 + i), 'hello {}', 'flow [{"broken', record(2000 + i)]), 'ready');
    const there = await ask(() => input(running), (found) => found.packets === 2 * i);
    assert.equal(there.packets, 2 * i);
  }
  // Told once a second.
  const { rows: [exporter] } = await ask(() => running.get('/api/v1/exporters'), ({ rows }) => rows[0]?.records === 6);
  assert.equal(exporter.version, 'ntop');
  assert.equal(exporter.transport, 'ZeroMQ');
  assert.equal(exporter.records, 6);
  assert.equal(exporter.restarts, 2);
  assert.equal(exporter.errors.bad_record, 3);
  assert.equal(exporter.other_fields.at(-1).field, 'DOMAIN_NAME');
  const seen = await ask(() => health(running), ({ zeromq }) => zeromq.disconnected === 3);
  assert.equal(seen.topics.hello, 3);
  assert.equal(seen.zeromq.connected, 3);
});

test('records that tell of no traffic are events, counted by any of their fields', async (t) => {
  const running = await startWeir('-i', `zmq-listen:${kUrl}`);
  t.after(() => running.stop());
  const registered = (name, what) => `flow {"DOMAIN_NAME":"${name}","OPERATION":"${what}"}`;
  const lines = [registered('example.it', 'create'), registered('example.org', 'create'), registered('example.it', 'delete')];
  assert.equal(await publish([...lines, `flow ${kFigure}`]), 'ready');
  const counts = (by) => running.get(`/api/v1/event_counts?event=zmq&by=${by}`);
  const domains = await ask(() => counts('DOMAIN_NAME'), ({ total }) => total === 3);
  assert.deepEqual(domains.rows.map(({ value, count }) => [value, count]), [['example.it', 2], ['example.org', 1]]);
  assert.deepEqual((await counts('OPERATION')).rows.map(({ value, count }) => [value, count]), [['create', 2], ['delete', 1]]);
  assert.ok(domains.fields.some(({ name }) => name === 'OPERATION'));
  const { rows } = await running.get('/api/v1/events');
  const told = rows.filter((row) => row.event === 'zmq');
  assert.deepEqual(told.map((row) => [row.DOMAIN_NAME, row.OPERATION, row.sender]).sort(), [
    ['example.it', 'create', '127.0.0.1'], ['example.it', 'delete', '127.0.0.1'], ['example.org', 'create', '127.0.0.1']]);
  assert.equal((await ask(() => input(running), (found) => found.packets === 12)).packets, 12);
});

test('keys: who is allowed gets in, nobody else, and each try is counted', async (t) => {
  const root = keysIn('root.keys');
  const leaf = keysIn('leaf.keys');
  const stranger = keysIn('stranger.keys');
  assert.equal(statSync(root.path).mode & 0o777, 0o600);
  assert.equal(root.shown, root.public);
  assert.equal(run(weir, ['keys', root.path]).out.trim(), root.public);
  writeFileSync(join(folder, 'allowed'), `# leaves\n${leaf.public} leaf\n`);
  const running = await startWeir('-i', `zmq-listen:${kUrl}`, '--zmq-keys', root.path, '--zmq-allow', join(folder, 'allowed'));
  t.after(() => running.stop());
  const lines = ['flow {"8":"10.0.0.1","12":"10.0.0.2","4":17,"7":1,"11":53,"1":100,"2":1}'];
  assert.equal(await publish(lines), 'nobody');
  assert.equal(await publish(lines, root.public, stranger.public, stranger.secret), 'nobody');
  assert.equal(await publish(lines, stranger.public, leaf.public, leaf.secret), 'nobody');
  assert.equal((await input(running)).packets, 0);
  assert.equal(await publish(lines, root.public, leaf.public, leaf.secret), 'ready');
  assert.equal((await ask(() => input(running), (found) => found.packets === 1)).packets, 1);
  const { zeromq } = await ask(() => health(running), (seen) => seen.zeromq.connected === 1);
  // The plain one: whichever side is the first to end it.
  const { mechanism = 0, closed = 0 } = zeromq.failed_handshakes;
  assert.ok(mechanism + closed > 0, JSON.stringify(zeromq));
  assert.ok(zeromq.failed_handshakes.authentication > 0, JSON.stringify(zeromq));
  assert.ok(zeromq.failed_handshakes.encryption > 0, JSON.stringify(zeromq));
  assert.deepEqual(Object.keys(zeromq.denied_keys), [stranger.public]);
});

test('what is wrong is said before anything starts', () => {
  const refusal = (...args) => {
    const done = run(weir, ['monitor', '--http', '127.0.0.1:0', ...args]);
    assert.equal(done.code, 1, done.out);
    return done.err;
  };
  assert.match(refusal('-i', 'zmq-listen:tcp://*:25556'), /--zmq-plain/);
  assert.match(refusal('-i', 'zmq:tcp://192.0.2.1:25556'), /--zmq-server-key/);
  assert.match(refusal('-i', 'zmq:tcp://192.0.2.1'), /no address of ZeroMQ/);
  assert.match(refusal('-i', `zmq-listen:${kUrl}`, '--zmq-keys', keysIn('root.keys').path), /--zmq-allow/);
  assert.match(refusal('-i', `zmq-listen:${kUrl}`, '--zmq-keys', join(folder, 'absent')), /absent/);
});
