// SPDX-License-Identifier: GPL-3.0-or-later
// Little memory and little of a core, with the defaults that weir chooses there. Run by run.sh inside the watching namespace;
// WEIR_SENDER names the other. P28, P101 and P102 of the checklist.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';

import { startChild } from './children.mjs';
import { makeControlGroup } from './control_group.mjs';
import { ask, run, startProgram, traffic, weir } from './programs.mjs';

const { WebSocket } = createRequire(join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'web', 'package.json'))('ws');
const kMega = 1 << 20;
const sender = process.env.WEIR_SENDER;
const folder = mkdtempSync(join(tmpdir(), 'weir-low-end-'));
after(() => rmSync(folder, { recursive: true }));

// The test in a group of its own; skipped where none can be made.
function inGroup(name, limits, body) {
  test(name, async (t) => {
    const group = makeControlGroup(name.replace(/\W+/g, '-'), limits);
    if (!group) {
      t.skip('control groups for memory and processor time cannot be made here');
      return;
    }
    try {
      await body(t, group);
      assert.equal(group.outOfMemoryKills(), 0);
      t.diagnostic(`peak ${(group.peakBytes() / kMega).toFixed(1)} MiB of ${limits.memoryBytes / kMega}`);
    } finally {
      await group.remove();
    }
  });
}

function makeCapture(name, ...options) {
  const file = join(folder, name);
  const { code, err } = run(traffic, [...options, '--write', file]);
  assert.equal(code, 0, err);
  return file;
}

function readJsonIn(group, ...args) {
  const { code, out, err } = run(...group.command(weir, ['read', '--json', ...args]));
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

inGroup('10,000 hosts in 64 MB and a fifth of a core', { memoryBytes: 64 * kMega, cpuPercent: 20 }, async (t, group) => {
  const packets = 75_000;
  const running = await startProgram(...group.command(weir, ['monitor', '--http', '127.0.0.1:0', '-i', 'weir-w']));
  // What a console does: the page, and the stream of what it shows.
  assert.equal((await fetch(`${running.url}/`)).status, 200);
  const socket = new WebSocket(`${running.url.replace('http', 'ws')}/api/v1/stream`);
  await once(socket, 'open');
  let frames = 0;
  socket.on('message', () => { ++frames; });
  socket.send(JSON.stringify({ op: 'sub', id: 1, topic: 'interfaces' }));
  socket.send(JSON.stringify({ op: 'sub', id: 2, topic: 'hosts', params: { sort: 'bytes', limit: '50' } }));

  const sending = startChild('ip', ['netns', 'exec', sender, traffic, '--hosts', '10000', '--flows', '10000', '--size', '128', '--packets', `${packets}`, '--rate', '5000', '--send', 'weir-s'],
    { stdio: 'ignore' });
  const sent = once(sending, 'exit');
  // And a person who looks around while it runs.
  for (let i = 0; i < 10; ++i) {
    for (const path of ['interfaces', 'hosts?sort=bytes&limit=100', 'flows?sort=bytes&limit=100', 'applications', 'health']) {
      assert.equal((await fetch(`${running.url}/api/v1/${path}`)).status, 200, path);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  assert.deepEqual(await sent, [0, null]);
  const row = await ask(() => running.get('/api/v1/interfaces/weir-w'), (answer) => answer.packets >= packets);
  assert.equal(row.packets, packets);
  assert.equal(row.hosts, 10_000);
  assert.equal(row.kernel_drops, 0);
  assert.equal((await running.get('/api/v1/hosts?limit=1')).total, 10_000);
  assert.ok(frames >= 10, `${frames} messages on the stream`);

  // More rows than the memory is enough for are refused; as many as it is enough for come, from all workers at once.
  const refused = await fetch(`${running.url}/api/v1/hosts?limit=100000`);
  assert.equal(refused.status, 400);
  const most = Number(/at most (\d+) rows/.exec(await refused.text())[1]);
  assert.ok(most >= 1000, `${most} rows`);
  const answers = await Promise.all([1, 2, 3, 4].map(() => running.get(`/api/v1/hosts?limit=${most}`)));
  for (const { rows } of answers) assert.equal(rows.length, most);
  assert.equal((await running.get('/api/v1/hosts?limit=1')).total, 10_000);
  // The ring counts here although it is the kernel's.
  const resident = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${running.pid}/status`, 'utf8'))[1]) / 1024;
  t.diagnostic(`most resident ${resident.toFixed(1)} MiB, ring included`);
  assert.ok(resident < 64, `${resident} MiB resident`);
  socket.close();
  assert.equal(await running.stop(), 0);
});

const kFullSize = ['--hosts', '10000', '--flows', '20000', '--size', '1000', '--packets', '150000'];

inGroup('a capture larger than the memory there is', { memoryBytes: 64 * kMega }, (t, group) => {
  const capture = makeCapture('large.pcap', ...kFullSize);
  const flows = [join(folder, 'flows'), join(folder, 'flows-in-group')];
  // Fewer flows are looked into at a time where there is less memory.
  const outside = run(weir, ['read', '--json', '--no-dpi', capture, '--flows', flows[0]]);
  assert.equal(outside.code, 0, outside.err);
  const expected = JSON.parse(outside.out);
  const report = readJsonIn(group, capture, '--no-dpi', '--flows', flows[1]);
  for (const name of ['packets', 'bytes', 'flows', 'hosts', 'other']) assert.deepEqual(report[name], expected[name], name);
  assert.equal(report.hosts, 10_000);
  assert.ok(readFileSync(flows[0]).equals(readFileSync(flows[1])), 'the same flows to the byte');
});

inGroup('a flood of random sources in 64 MB', { memoryBytes: 64 * kMega }, (t, group) => {
  const packets = 1_000_000;
  const capture = makeCapture('flood.pcap', '--hosts', '1000', '--flows', '1000', '--size', '64', '--packets', `${packets}`, '--shape', 'syn-flood', '--pps', '100000');
  const report = readJsonIn(group, capture);
  assert.equal(report.packets, packets);
  assert.equal(report.bytes, packets * 64);
});

// The paper held about 40,000.
inGroup('600,000 hosts and 300,000 flows in 512 MB', { memoryBytes: 512 * kMega }, (t, group) => {
  const capture = makeCapture('many.pcap', '--hosts', '600000', '--flows', '300000', '--size', '64', '--packets', '1200000');
  const report = readJsonIn(group, capture);
  assert.equal(report.packets, 1_200_000);
  assert.equal(report.hosts, 600_000);
  assert.equal(report.flows, 300_000);
  assert.deepEqual(report.other ?? { packets: 0, bytes: 0 }, { packets: 0, bytes: 0 });
});

// P102: a router of 2014 did 1 Mpps. Told, not asserted: the machine is shared.
inGroup('512-byte packets with a quarter of a core', { memoryBytes: 512 * kMega, cpuPercent: 25 }, (t, group) => {
  const packets = 400_000;
  const capture = makeCapture('router.pcap', '--hosts', '1000', '--flows', '2000', '--size', '512', '--packets', `${packets}`);
  const report = readJsonIn(group, '--no-dpi', '--repeat', '10', capture);
  assert.equal(report.packets, 10 * packets);
  t.diagnostic(`${(report.packets / report.elapsed_s / 1e6).toFixed(2)} Mpps`);
});
