// SPDX-License-Identifier: GPL-3.0-or-later
// Real exporters beside weir on one wire: what weir collects is what it captures, to the packet and the byte. Run by run.sh inside
// the namespace that watches; traffic comes from the other one.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { ask, run, startWeir, traffic } from './programs.mjs';
import { start } from './wire.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-collect-'));
after(() => rmSync(folder, { recursive: true }));

const kPort = 20_055;
const kPackets = 3000;
const kWire = 'weir-w';
const capture = join(folder, 'made.pcap');

before(() => {
  const made = run(traffic, ['--hosts', '40', '--flows', '150', '--size', '300', '--packets', `${kPackets}`, '--seed', '7', '--write', capture]);
  assert.equal(made.code, 0, made.err);
});

function replay() {
  const sent = run('ip', ['netns', 'exec', process.env.WEIR_SENDER, 'tcpreplay', '-q', '-i', 'weir-s', '--pps', '1500', capture]);
  assert.equal(sent.code, 0, sent.err);
}

const of = async (running, path) => (await running.get(`/api/v1/interfaces/${path}`));

// Sockets of this namespace that packets are captured with.
const captures = () => readFileSync('/proc/net/packet', 'utf8').split('\n').length;

// Starts an exporter and waits until it listens on the wire: from then on no packet passes it by.
async function startListening(startExporter) {
  const before = captures();
  const exporter = await startExporter();
  await ask(captures, (now) => now > before);
  return exporter;
}

// Runs an exporter on the wire beside a weir that captures it and collects what the exporter says. `end` makes the exporter tell the
// rest. What weir found on both sides: interfaces and exporters.
async function beside(t, startExporter, signal = 'SIGTERM') {
  const running = await startWeir('-i', kWire, '-i', `netflow:127.0.0.1:${kPort}`);
  t.after(() => running.stop());
  const exporter = await startListening(startExporter);
  t.after(() => exporter.stop('SIGKILL'));
  replay();
  const captured = await ask(() => of(running, kWire), (wire) => wire.packets === kPackets);
  assert.equal(captured.packets, kPackets);
  // It has told of flows whose time was over; of the others it tells when it ends.
  await ask(() => running.get('/api/v1/exporters'), ({ rows }) => rows.some((row) => row.records > 0));
  await exporter.stop(signal);
  const collected = await ask(() => of(running, `netflow:127.0.0.1:${kPort}`), (there) => there.packets >= kPackets, 5000);
  const exporters = await ask(() => running.get('/api/v1/exporters'), ({ rows }) => rows.length > 0 && rows[0].packets === collected.packets, 5000);
  return { running, captured, collected, exporter: exporters.rows[0] };
}

// The lengths of the IP datagrams, which is what exporters count: segments without payload are filled up to the frame's size.
function datagramBytes() {
  const told = run('tshark', ['-r', capture, '-T', 'fields', '-e', 'ip.len']);
  assert.equal(told.code, 0, told.err);
  return told.out.trimEnd().split('\n').reduce((sum, length) => sum + Number(length), 0);
}

function assertEqual(seen, version) {
  assert.equal(seen.collected.packets, seen.captured.packets);
  assert.equal(seen.collected.bytes, datagramBytes());
  assertWhole(seen, version);
}

// softflowd itself leaves packets out (as in the captures of the corpus): what it tells is there, and all flows and hosts are.
function assertAllFlows(seen, version) {
  assert.ok(seen.collected.packets > 0 && seen.collected.packets <= seen.captured.packets);
  assert.equal(seen.collected.packets, seen.exporter.packets);
  assert.equal(seen.collected.bytes, seen.exporter.bytes);
  assert.equal(seen.collected.flows_total, seen.captured.flows_total);
  assertWhole(seen, version);
}

function assertWhole({ captured, collected, exporter }, version) {
  assert.equal(collected.hosts_total, captured.hosts_total);
  assert.equal(exporter.version, version);
  assert.equal(exporter.sequence_lost, 0);
  assert.equal(exporter.completeness, 1);
  assert.equal(exporter.address, '127.0.0.1');
  assert.deepEqual(exporter.errors, {});
  assert.equal(collected.completeness, 1);
}

const softflowd = (...more) => () => start('softflowd', ['-d', '-i', kWire, '-n', `127.0.0.1:${kPort}`, '-6', '-t', 'maxlife=3', '-t', 'expint=2',
  '-t', 'udp=3', '-t', 'tcp.fin=2', '-p', join(folder, 'softflowd.pid'), '-c', join(folder, 'softflowd.ctl'), ...more], null);

for (const [number, version] of [['5', 'NetFlow v5'], ['9', 'NetFlow v9'], ['10', 'IPFIX']]) {
  test(`softflowd with ${version}`, async (t) => assertAllFlows(await beside(t, softflowd('-v', number)), version));
}

test('softflowd with biflows', async (t) => {
  assertAllFlows(await beside(t, softflowd('-v', '10', '-b', '-A', 'milli')), 'IPFIX');
});

const pmacctd = (version) => () => {
  const file = join(folder, `pmacct-${version}.conf`);
  writeFileSync(file, [`pcap_interface: ${kWire}`, 'plugins: nfprobe[x]', `nfprobe_receiver[x]: 127.0.0.1:${kPort}`, `nfprobe_version[x]: ${version}`,
    'aggregate: src_host,dst_host,src_port,dst_port,proto,tos,tcpflags', 'nfprobe_timeouts[x]: tcp=3:tcp.rst=1:tcp.fin=1:udp=3:icmp=3:general=3:maxlife=3:expint=1', ''].join('\n'));
  return start('pmacctd', ['-f', file], null);
};
for (const [number, version] of [['9', 'NetFlow v9'], ['10', 'IPFIX']]) {
  test(`pmacctd with ${version}`, async (t) => assertEqual(await beside(t, pmacctd(number), 'SIGINT'), version));
}

test('nfreplay of what nfpcapd read', async (t) => {
  const read = run('nfpcapd', ['-r', capture, '-w', folder]);
  assert.equal(read.code, 0, read.err);
  const running = await startWeir('-i', `netflow:127.0.0.1:${kPort}`);
  t.after(() => running.stop());
  const sent = run('bash', ['-c', `nfreplay -H 127.0.0.1 -p ${kPort} -v 9 -r ${folder}/nfcapd.*`]);
  assert.equal(sent.code, 0, sent.err);
  const collected = await ask(() => of(running, `netflow:127.0.0.1:${kPort}`), (there) => there.packets >= kPackets);
  assert.equal(collected.packets, kPackets);
  assert.equal(collected.bytes, datagramBytes());
});

test('templates outlive a restart', async (t) => {
  const data = mkdtempSync(join(folder, 'data-'));
  const source = `netflow:127.0.0.1:${kPort}`;
  const exporter = await startListening(softflowd('-v', '9'));
  t.after(() => exporter.stop('SIGKILL'));
  const before = await startWeir('-i', source, '--data', data);
  t.after(() => before.stop());
  replay();
  const heard = await ask(() => before.get('/api/v1/exporters'), ({ rows }) => rows.length === 1 && rows[0].templates > 0, 20_000);
  assert.ok(heard.rows[0].templates > 0);
  await before.stop();
  const later = await startWeir('-i', source, '--data', data);
  t.after(() => later.stop());
  replay();
  const again = await ask(() => later.get('/api/v1/exporters'), ({ rows }) => rows.length === 1 && rows[0].records > 0, 20_000);
  assert.ok(again.rows[0].records > 0);
  assert.equal(again.rows[0].dropped_sets, 0);
});
