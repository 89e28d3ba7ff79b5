// SPDX-License-Identifier: GPL-3.0-or-later
// Leaf, middle and root: three weirs, the traffic of the leaf's wire at the root, to the byte, over links with keys. P43, P44, P45 and P105
// of the checklist. Run by run.sh inside the namespace that watches; traffic comes from the other one.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { ask, run, startWeir, traffic, weir } from './programs.mjs';
import { start } from './wire.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-hierarchy-'));
after(() => rmSync(folder, { recursive: true }));

const kWire = 'weir-w';
const kPackets = 3000;
const capture = join(folder, 'made.pcap');
const kToMiddle = 'tcp://127.0.0.1:20601';
const kToRoot = 'tcp://127.0.0.1:20602';
const file = (name) => join(folder, name);
const key = {};
let expected;

const flowOf = (flow) => [flow.protocol, flow.client_ip, flow.client_port ?? 0, flow.server_ip, flow.server_port ?? 0].join(' ');
const counts = (flow) => [flow.packets_to_server, flow.packets_to_client, flow.bytes_to_server, flow.bytes_to_client];
const table = (flows) => Object.fromEntries(flows.map((flow) => [flowOf(flow), counts(flow)]).sort());

before(() => {
  const made = run(traffic, ['--hosts', '40', '--flows', '150', '--size', '300', '--packets', `${kPackets}`, '--seed', '11', '--write', capture]);
  assert.equal(made.code, 0, made.err);
  assert.equal(run(weir, ['read', capture, '--flows', file('expected')]).code, 0);
  expected = table(readFileSync(file('expected'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line)));
  for (const name of ['leaf', 'middle', 'root', 'stranger']) {
    assert.equal(run(weir, ['keys', file(name)]).code, 0);
    key[name] = run(weir, ['keys', file(name)]).out.trim().split(/\s+/).pop();
    assert.equal(key[name].length, 40);
  }
});

function replay() {
  const sent = run('ip', ['netns', 'exec', process.env.WEIR_SENDER, 'tcpreplay', '-q', '-i', 'weir-s', '--pps', '1500', capture]);
  assert.equal(sent.code, 0, sent.err);
}

const common = (name) => ['--instance', name, '--resolve', 'off', '--export-every', '1'];
const startLeaf = (name = 'leaf', source = kWire, ...more) => startWeir('-i', source, ...common(name), ...more, '--zmq-keys', file(name), '--zmq-server-key', key.middle, '--export', `zmq:${kToMiddle}`);
const startMiddle = () => startWeir('-i', `zmq-listen:${kToMiddle}`, ...common('middle'), '--zmq-keys', file('middle'), '--zmq-allow', key.leaf, '--zmq-allow', key.root, '--export', `zmq-listen:${kToRoot}`);
const startRoot = () => startWeir('-i', `zmq:${kToRoot}`, ...common('root'), '--zmq-keys', file('root'), '--zmq-server-key', key.middle);

const interfaceOf = async (running) => (await running.get('/api/v1/interfaces')).rows[0];
const outletOf = async (running) => (await running.get('/api/v1/health')).exports.outlets[0];
const isConnected = (running) => ask(() => outletOf(running), ({ connected }) => connected);

test('what the leaf saw is at the root, once and to the byte, in whatever order they start', async (t) => {
  const root = await startRoot();
  t.after(() => root.stop());
  const soon = ['--idle-timeout', '1', '--idle-timeout-two-way', '1', '--idle-timeout-tcp', '1', '--idle-timeout-closed', '1'];
  const leaf = await startLeaf('leaf', kWire, ...soon);
  t.after(() => leaf.stop());
  const middle = await startMiddle();
  t.after(() => middle.stop());
  await isConnected(leaf);
  await isConnected(middle);
  replay();
  await ask(() => interfaceOf(leaf), ({ packets }) => packets === kPackets);
  // Flows end by silence, one after the other; what ended there is here.
  await ask(() => leaf.get('/api/v1/flows?limit=1'), ({ total }) => total === 0, 60_000);
  const ended = Date.now();
  for (const running of [middle, root]) {
    const there = await ask(() => interfaceOf(running), ({ packets }) => packets >= kPackets);
    assert.equal(there.packets, kPackets);
    // Told, not asserted: the machine is shared.
    t.diagnostic(`${there.id}: all of it ${Date.now() - ended} ms after the last flow had ended at the leaf`);
    const { rows } = await running.get('/api/v1/flows?limit=1000');
    assert.deepEqual(table(rows), expected);
    assert.deepEqual([...new Set(rows.map(({ path }) => path))], [running === root ? 'leaf/middle' : 'leaf']);
    assert.equal(there.completeness, 1);
  }
  assert.equal(await leaf.stop(), 0);
  assert.equal((await interfaceOf(root)).packets, kPackets, 'nothing is told twice');
});

test('a middle that is killed and comes back passes on what comes from then on, and the leaf keeps what came before', async (t) => {
  const root = await startRoot();
  t.after(() => root.stop());
  const leaf = await startLeaf();
  t.after(() => leaf.stop());
  const middle = await startMiddle();
  await isConnected(leaf);
  await isConnected(middle);
  await middle.stop('SIGKILL');
  assert.equal((await ask(() => outletOf(leaf), ({ connected }) => !connected)).connected, false);
  replay();
  await ask(() => interfaceOf(leaf), ({ packets }) => packets === kPackets);
  const again = await startMiddle();
  t.after(() => again.stop());
  const began = Date.now();
  await Promise.all([isConnected(leaf), isConnected(again)]);
  t.diagnostic(`connected again ${Date.now() - began} ms after the middle was back`);
  assert.equal(await leaf.stop(), 0);
  const there = await ask(() => interfaceOf(root), ({ packets }) => packets >= kPackets);
  assert.equal(there.packets, kPackets, 'nothing is missing, nothing came twice');
});

test('a stranger is turned away and counted', async (t) => {
  const middle = await startMiddle();
  t.after(() => middle.stop());
  const stranger = await startLeaf('stranger', `pcap:${capture}`);
  t.after(() => stranger.stop());
  const { collectors: [{ zeromq }] } = await ask(() => middle.get('/api/v1/health'), ({ collectors }) => collectors[0].zeromq.denied_keys[key.stranger] > 0);
  assert.ok(zeromq.denied_keys[key.stranger] > 0);
  assert.equal(zeromq.connected, 0);
  assert.equal((await outletOf(stranger)).connected, false);
  await stranger.stop();
  assert.equal((await interfaceOf(middle)).packets, 0);
});

test('a root that is stopped holds up nobody', async (t) => {
  const middle = await startMiddle();
  t.after(() => middle.stop());
  const root = await startRoot();
  t.after(() => root.stop());
  const other = await startRoot();
  t.after(() => other.stop('SIGKILL'));
  const listeners = (count) => ask(() => outletOf(middle), ({ zeromq }) => zeromq?.listeners === count, 20_000);
  await listeners(2);
  process.kill(other.pid, 'SIGSTOP');
  assert.equal((await listeners(1)).zeromq.listeners, 1, 'it is given up');
  const leaf = await startLeaf();
  t.after(() => leaf.stop());
  await isConnected(leaf);
  replay();
  await ask(() => interfaceOf(leaf), ({ packets }) => packets === kPackets);
  assert.equal(await leaf.stop(), 0);
  const there = await ask(() => interfaceOf(root), ({ packets }) => packets >= kPackets);
  assert.equal(there.packets, kPackets);
  process.kill(other.pid, 'SIGCONT');
});

test('plain links leave the machine only when that is asked for', () => {
  for (const options of [['--export', 'zmq-listen:tcp://*:20603'], ['-i', 'zmq:tcp://192.0.2.1:20603'], ['--export', 'zmq:tcp://192.0.2.1:20603']]) {
    const refused = run(weir, ['monitor', '-i', `pcap:${capture}`, '--http', '127.0.0.1:0', ...options]);
    assert.equal(refused.code, 1, options.join(' '));
    assert.match(refused.err, /--zmq-plain|key/);
  }
});

// Whether the name of the leaf, which is in every record, can be read on the wire.
async function isReadable(startSender, startTaker, port, name) {
  const packets = file(`${name}.pcap`);
  const capturing = await start('dumpcap', ['-q', '-i', 'lo', '-f', `tcp port ${port}`, '-w', packets], /File:/);
  const taker = await startTaker();
  const sender = await startSender();
  await isConnected(sender);
  replay();
  await ask(() => interfaceOf(sender), ({ packets: count }) => count === kPackets);
  assert.equal(await sender.stop(), 0);
  assert.equal((await ask(() => interfaceOf(taker), ({ packets: count }) => count === kPackets)).packets, kPackets);
  await taker.stop();
  await capturing.stop();
  return readFileSync(packets).includes('leaf');
}

test('nothing can be read on the wire', async () => {
  const plain = ['--export', 'zmq:tcp://127.0.0.1:20604'];
  assert.equal(await isReadable(() => startWeir('-i', kWire, ...common('leaf'), ...plain), () => startWeir('-i', 'zmq-listen:tcp://127.0.0.1:20604', '--resolve', 'off'), 20604, 'plain'), true,
    'without keys it can, so this test would notice');
  assert.equal(await isReadable(startLeaf, startMiddle, 20601, 'secret'), false);
});
