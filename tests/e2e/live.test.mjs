// SPDX-License-Identifier: GPL-3.0-or-later
// Packets on a wire between two namespaces: run by run.sh inside the watching one; WEIR_SENDER names the other.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';

import { ask, mix, readJson, run, startProgram, startWeir, traffic, weir } from './programs.mjs';
import { inTunnels } from './tunnels.mjs';

const { WebSocket } = createRequire(join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'web', 'package.json'))('ws');
const sender = process.env.WEIR_SENDER;
const folder = mkdtempSync(join(tmpdir(), 'weir-live-'));
after(() => rmSync(folder, { recursive: true }));

function replayFile(file, pps, ...options) {
  const sent = spawnSync('ip', ['netns', 'exec', sender, 'tcpreplay', '-q', '-i', 'weir-s', '--pps', `${pps}`, ...options, file], { encoding: 'utf8' });
  assert.equal(sent.status, 0, sent.stderr);
}
const replay = (pps, ...options) => replayFile(mix, pps, ...options);
const hasXdpProgram = () => run('ip', ['-details', 'link', 'show', 'weir-w']).out.includes('prog/xdp');

const totals = (row) => [row.packets, row.bytes, row.flows_total, row.hosts];

// P21, P35, P53 of the checklist: nothing lost, nothing doubled, visible within a second.
for (const [source, ...options] of [['weir-w'], ['weir-w', '--libpcap'], ['weir-w', '--busy-poll'], ['weir-w', '--shards', '2'], ['afxdp:weir-w']]) {
  test(`what was sent at 20,000 packets a second is what REST says of ${source} ${options.join(' ')}`, async (t) => {
    const report = readJson(mix);
    const running = await startWeir('-i', source, ...options);
    replay(20_000);
    const sentAt = Date.now();
    const row = await ask(() => running.get('/api/v1/interfaces/weir-w'), (answer) => answer.packets >= report.packets);
    // Told, not asserted: the machine is shared.
    t.diagnostic(`visible ${Date.now() - sentAt} ms after the last packet was sent`);
    assert.deepEqual(totals(row).slice(0, 3), [report.packets, report.bytes, report.flows]);
    assert.equal(row.kernel_drops, 0);
    assert.equal(row.completeness, 1);
    if (options[0] === '--shards') {
      const hosts = await running.get('/api/v1/hosts?limit=1');
      assert.equal(hosts.total, report.hosts, 'a host in two shards is one host');
    } else {
      assert.equal(row.hosts, report.hosts);
    }
    await running.stop();
  });
}

// P22 of the checklist.
test('asks the kernel for no module', async () => {
  // A kernel without modules has no such file.
  const modules = () => (existsSync('/proc/modules') ? readFileSync('/proc/modules', 'utf8') : '').split('\n').map((line) => line.split(' ')[0]).sort();
  const before = modules();
  for (const source of ['weir-w', 'lo']) {
    const running = await startWeir('-i', source);
    await ask(() => running.get('/api/v1/interfaces'), ({ rows }) => rows[0].state === 'running');
    assert.deepEqual(modules(), before);
    await running.stop();
  }
});

test('hosts and flows have the bytes that reading the capture gives', async () => {
  const hostsFile = join(folder, 'hosts');
  const report = readJson(mix, '--hosts', hostsFile);
  const expected = new Map(readFileSync(hostsFile, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line)).map((host) => [host.key, host]));
  const running = await startWeir('-i', 'weir-w');
  replay(20_000);
  await ask(() => running.get('/api/v1/interfaces/weir-w'), (answer) => answer.packets >= report.packets);
  const { rows, total } = await running.get('/api/v1/hosts?sort=bytes&limit=100000');
  assert.equal(total, expected.size);
  for (const row of rows) {
    const host = expected.get(row.key);
    assert.deepEqual([row.bytes_sent, row.bytes_received, row.packets], [host.bytes_sent, host.bytes_received, host.packets], row.key);
  }
  for (let i = 1; i < rows.length; ++i) assert.ok(rows[i - 1].bytes >= rows[i].bytes, 'sorted');
  const flows = await running.get('/api/v1/flows?limit=100000&columns=bytes,packets');
  const [{ bytes }] = (await running.get('/api/v1/interfaces')).rows;
  const inFlows = flows.rows.reduce((sum, flow) => sum + flow.bytes, 0);
  const noIp = (await running.get('/api/v1/interfaces/weir-w')).ethertypes.reduce((sum, row) => sum + row.bytes, 0);
  assert.equal(inFlows + noIp, bytes, 'flows and the rest are the whole');
  await running.stop();
});

// P97, P98 of the checklist: the flows in a few tunnels are shared out, each to one shard, and all shards together say what one says.
for (const kind of ['gtp', 'vxlan', 'gre']) {
  test(`flows in ${kind} tunnels are the same for any number of shards`, async () => {
    const plain = join(folder, 'plain.pcap');
    const file = join(folder, `${kind}.pcap`);
    assert.equal(run(traffic, ['--hosts', '400', '--flows', '800', '--size', '200', '--packets', '8000', '--ipv6', '20', '--write', plain]).code, 0);
    writeFileSync(file, inTunnels(kind, readFileSync(plain)));
    const report = readJson(file);
    assert.equal(report.flows, 800, 'the inner flows are seen');
    let ofOne;
    for (const shards of [1, 2, 4, 8]) {
      const running = await startWeir('-i', 'weir-w', '--shards', `${shards}`);
      replayFile(file, 10_000);
      const row = await ask(() => running.get('/api/v1/interfaces/weir-w'), (answer) => answer.packets >= report.packets);
      assert.deepEqual([row.packets, row.bytes, row.flows_total], [report.packets, report.bytes, report.flows], `${shards} shards`);
      const { rows } = await running.get('/api/v1/flows?limit=10000&columns=client_ip,server_ip,client_port,server_port,protocol,bytes,packets');
      const flows = rows.map((flow) => JSON.stringify(flow)).sort();
      ofOne ??= flows;
      assert.deepEqual(flows, ofOne, `${shards} shards`);
      const [health] = (await running.get('/api/v1/health')).interfaces;
      assert.equal(health.balance, shards > 1 ? 'inner flow' : undefined);
      assert.equal(health.shard_list.length, shards);
      assert.equal(health.shard_list.reduce((sum, shard) => sum + shard.packets, 0), report.packets);
      for (const shard of health.shard_list) assert.ok(shard.flows > 800 / shards / 2, `shard ${shard.shard} of ${shards} has ${shard.flows} flows`);
      assert.equal(await running.stop(), 0);
    }
  });
}

test('without cap_bpf shards go by the outer headers, and that is said', async () => {
  const report = readJson(mix);
  const running = await startProgram('setpriv', ['--bounding-set=-bpf,-sys_admin', weir, 'monitor', '--http', '127.0.0.1:0', '-i', 'weir-w', '--shards', '2']);
  const [health] = (await running.get('/api/v1/health')).interfaces;
  if (readFileSync('/proc/sys/kernel/unprivileged_bpf_disabled', 'utf8').trim() !== '0') {
    assert.equal(health.balance, 'outer flow');
    assert.match(running.text, /weir-w: shards by the outermost headers only.*cap_bpf/);
  }
  replay(20_000);
  const row = await ask(() => running.get('/api/v1/interfaces/weir-w'), (answer) => answer.packets >= report.packets);
  assert.deepEqual([row.packets, row.bytes, row.flows_total], [report.packets, report.bytes, report.flows]);
  assert.equal(await running.stop(), 0);
});

test('shards run where --cpus says', async () => {
  const running = await startWeir('-i', 'weir-w', '--shards', '2', '--cpus', '1,0');
  const answer = await ask(() => running.get('/api/v1/health'), (health) => health.interfaces[0].shard_list.every((shard) => shard.cpu_s > 0));
  const shards = answer.interfaces[0].shard_list;
  assert.deepEqual(shards.map((shard) => shard.cpu), [1, 0]);
  for (const shard of shards) {
    const status = readFileSync(`/proc/${shard.thread_id}/status`, 'utf8');
    assert.equal(/Cpus_allowed_list:\s+(\S+)/.exec(status)[1], `${shard.cpu}`);
  }
  await running.stop();
});

test('AF_XDP leaves the interface as it was, however weir ends', async () => {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    const running = await startWeir('-i', 'afxdp:weir-w@0');
    assert.ok(hasXdpProgram(), 'attached');
    const [health] = (await running.get('/api/v1/health')).interfaces;
    assert.equal(health.capture, 'AF_XDP copy, native XDP');
    await running.stop(signal);
    assert.ok(!(await ask(hasXdpProgram, (attached) => !attached)), `detached after ${signal}`);
  }
});

test('AF_XDP on a queue that is not there is one sentence', () => {
  const { code, err } = run(weir, ['-i', 'afxdp:weir-w@99']);
  assert.equal(code, 1);
  assert.equal(err.trimEnd(), 'weir: weir-w: AF_XDP on queue 99: there is no such queue');
  assert.ok(!hasXdpProgram());
});

// P85: the stream says something new each second.
test('the stream brings new figures each second', async () => {
  const running = await startWeir('-i', 'weir-w');
  const socket = new WebSocket(`${running.url.replace('http', 'ws')}/api/v1/stream`);
  await new Promise((resolve, reject) => { socket.on('open', resolve); socket.on('error', reject); });
  const frames = [];
  socket.on('message', (data) => frames.push({ at: Date.now(), ...JSON.parse(data) }));
  socket.send(JSON.stringify({ op: 'sub', id: 1, topic: 'interfaces' }));
  replay(4_000);
  await ask(() => frames.length, (count) => count >= 6);
  socket.close();
  await running.stop();
  assert.equal(frames[0].op, 'snap');
  const updates = frames.slice(1, 6);
  updates.forEach((frame, i) => {
    assert.equal(frame.op, 'upd');
    assert.equal(frame.seq, i + 1);
  });
  const seen = updates.map((frame) => frame.rows[0].packets);
  assert.ok(new Set(seen).size >= 3, `figures move: ${seen}`);
});

// P33: interfaces are counted on their own.
test('an interface and a capture side by side do not mix', async () => {
  const report = readJson(mix);
  const running = await startWeir('-i', 'weir-w', '-i', `pcap:${mix}`);
  replay(20_000, '--limit', '1000');
  const wire = await ask(() => running.get('/api/v1/interfaces/weir-w'), (answer) => answer.packets >= 1000);
  const { rows } = await running.get('/api/v1/interfaces');
  const file = rows.find((row) => row.id !== 'weir-w');
  assert.equal(rows.length, 2);
  assert.equal(wire.packets, 1000);
  assert.deepEqual(totals(file), [report.packets, report.bytes, report.flows, report.hosts]);
  await running.stop();
});

// P47: a source that is garbage or gone is its own problem.
test('a broken source leaves the others alone', async () => {
  const fifo = join(folder, 'broken.pcap');
  execFileSync('mkfifo', [fifo]);
  const running = startWeir('-i', 'weir-w', '-i', `pcap:${fifo}`);
  // The reader hangs up at the tear, so the rest of the garbage may not find a taker.
  const fed = writeFile(fifo, Buffer.concat([readFileSync(mix).subarray(0, 100_000), Buffer.alloc(100_000, 0xff)])).catch((error) => error.code);
  const watching = await running;
  replay(20_000, '--limit', '5000');
  const wire = await ask(() => watching.get('/api/v1/interfaces/weir-w'), (answer) => answer.packets >= 5000);
  assert.equal(wire.packets, 5000);
  assert.equal(wire.state, 'running');
  const broken = await ask(() => watching.get('/api/v1/interfaces/broken.pcap'), (answer) => answer.state === 'failed');
  assert.equal(broken.state, 'failed');
  assert.match(broken.error, /torn/);
  assert.ok(broken.packets > 50, 'what came before the tear is there');
  assert.ok([undefined, 'EPIPE'].includes(await fed));
  assert.equal(await watching.stop(), 0);
});

test('a filter keeps packets out', async () => {
  const running = await startWeir('-i', 'weir-w', '--bpf', 'udp port 53');
  replay(20_000);
  await ask(() => running.get('/api/v1/interfaces/weir-w'), (answer) => answer.packets > 0);
  const { rows } = await running.get('/api/v1/applications');
  assert.ok(rows.length > 0);
  for (const { name } of rows) assert.match(name, /^DNS(\.|$)/);
  await running.stop();
});

test('a filter that is none is one sentence', () => {
  const { code, err } = run(weir, ['-i', 'weir-w', '--bpf', 'not a filter']);
  assert.equal(code, 1);
  assert.equal(err.trimEnd().split('\n').length, 1, err);
});
