// SPDX-License-Identifier: GPL-3.0-or-later
// Exporters beside a weir on one wire, for tests inside the namespace that watches: traffic comes from the other one.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { ask, run, startWeir, traffic } from './programs.mjs';

export const kPort = 20_055;
export const kPackets = 3000;
export const kWire = 'weir-w';

export const folder = mkdtempSync(join(tmpdir(), 'weir-collect-'));
after(() => rmSync(folder, { recursive: true }));
export const capture = join(folder, 'made.pcap');

export function makeCapture() {
  const made = run(traffic, ['--hosts', '40', '--flows', '150', '--size', '300', '--packets', `${kPackets}`, '--seed', '7', '--write', capture]);
  assert.equal(made.code, 0, made.err);
}

export function replay() {
  const sent = run('ip', ['netns', 'exec', process.env.WEIR_SENDER, 'tcpreplay', '-q', '-i', 'weir-s', '--pps', '1500', capture]);
  assert.equal(sent.code, 0, sent.err);
}

function sumOf(field) {
  const told = run('tshark', ['-r', capture, '-T', 'fields', '-e', field]);
  assert.equal(told.code, 0, told.err);
  return told.out.trimEnd().split('\n').reduce((sum, length) => sum + Number(length), 0);
}
// The lengths of the IP datagrams, which is what most exporters count: segments without payload are filled up to the frame's size.
export const datagramBytes = () => sumOf('ip.len');
// What is behind the Ethernet headers, with what fills up.
export const payloadBytes = () => sumOf('frame.len') - 14 * kPackets;

// What weir says of one interface.
export const of = (running, path) => running.get(`/api/v1/interfaces/${path}`);

// Sockets of this namespace that packets are captured with.
const captures = () => readFileSync('/proc/net/packet', 'utf8').split('\n').length;

// Starts an exporter and waits until it listens on the wire: from then on no packet passes it by.
export async function startListening(startExporter) {
  const before = captures();
  const exporter = await startExporter();
  await ask(captures, (now) => now > before);
  return exporter;
}

// Runs an exporter on the wire beside a weir that captures it and collects what the exporter says. The signal makes the exporter tell the
// rest, unless it `tellsInTime` and would keep it. `protocol`: netflow or sflow; `most`: the packets that it tells of in the end, when not
// all. What weir found on both sides: interfaces and exporters.
export async function beside(t, startExporter, { signal = 'SIGTERM', protocol = 'netflow', most = kPackets, tellsInTime = false } = {}) {
  const source = `${protocol}:127.0.0.1:${kPort}`;
  const running = await startWeir('-i', kWire, '-i', source);
  t.after(() => running.stop());
  const exporter = await startListening(startExporter);
  t.after(() => exporter.stop('SIGKILL'));
  replay();
  const captured = await ask(() => of(running, kWire), (wire) => wire.packets === kPackets);
  assert.equal(captured.packets, kPackets);
  // It has told of flows whose time was over; of the others it tells when it ends.
  await ask(() => running.get('/api/v1/exporters'), ({ rows }) => rows.some((row) => row.records > 0));
  if (tellsInTime) await ask(() => of(running, source), (there) => there.packets >= most, 20_000);
  await exporter.stop(signal);
  const collected = await ask(() => of(running, source), (there) => there.packets >= most, 5000);
  const exporters = await ask(() => running.get('/api/v1/exporters'), ({ rows }) => rows.length > 0 && rows[0].packets === collected.packets, 5000);
  return { running, captured, collected, exporter: exporters.rows[0] };
}

// What is so of each exporter that told of all flows.
export function assertWhole({ captured, collected, exporter }, version) {
  assert.equal(collected.hosts_total, captured.hosts_total);
  assert.equal(exporter.version, version);
  assert.equal(exporter.sequence_lost, 0);
  assert.equal(exporter.completeness, 1);
  assert.equal(exporter.address, '127.0.0.1');
  assert.deepEqual(exporter.errors, {});
  assert.equal(collected.completeness, 1);
}

// Of all packets and bytes, too.
export function assertEqual(seen, version, bytes = datagramBytes()) {
  assert.equal(seen.collected.packets, seen.captured.packets);
  assert.equal(seen.collected.bytes, bytes);
  assertWhole(seen, version);
}
