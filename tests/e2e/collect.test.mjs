// SPDX-License-Identifier: GPL-3.0-or-later
// Real exporters beside weir on one wire: what weir collects is what it captures, to the packet and the byte. Run by run.sh inside
// the namespace that watches; traffic comes from the other one.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { assertEqual, assertWhole, beside, capture, datagramBytes, folder, kPackets, kPort, kWire, makeCapture, of, replay, startListening } from './beside_exporter.mjs';
import { ask, run, startWeir } from './programs.mjs';
import { start } from './wire.mjs';

before(makeCapture);

// softflowd itself leaves packets out (as in the captures of the corpus): what it tells is there, and all flows and hosts are.
function assertAllFlows(seen, version) {
  assert.ok(seen.collected.packets > 0 && seen.collected.packets <= seen.captured.packets);
  assert.equal(seen.collected.packets, seen.exporter.packets);
  assert.equal(seen.collected.bytes, seen.exporter.bytes);
  assert.equal(seen.collected.flows_total, seen.captured.flows_total);
  assertWhole(seen, version);
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
  test(`pmacctd with ${version}`, async (t) => assertEqual(await beside(t, pmacctd(number), { signal: 'SIGINT' }), version));
}

// It has room for a hundred packets unless told otherwise, and speaks of the rest to nobody.
const fprobe = (version) => () => start('fprobe', ['-l', '2', '-i', kWire, '-n', version, '-s', '1', '-d', '2', '-e', '3', '-g', '2', '-q', '20000', '-B', '8192',
  `127.0.0.1:${kPort}`], null);
for (const version of ['1', '5', '7']) {
  test(`fprobe with NetFlow v${version}`, async (t) => assertEqual(await beside(t, fprobe(version)), `NetFlow v${version}`));
}

// One packet of ten: what it stands for is within four standard deviations of what was there.
test('pmacctd with sFlow', async (t) => {
  const rate = 10;
  const file = join(folder, 'pmacct-sflow.conf');
  writeFileSync(file, [`pcap_interface: ${kWire}`, 'plugins: sfprobe[x]', `sfprobe_receiver[x]: 127.0.0.1:${kPort}`, 'sfprobe_agentsubid[x]: 1402',
    `sampling_rate[x]: ${rate}`, ''].join('\n'));
  const seen = await beside(t, () => start('pmacctd', ['-f', file], null), { signal: 'SIGINT', protocol: 'sflow', most: kPackets / 2 });
  assert.ok(Math.abs(seen.collected.packets - kPackets) < 4 * Math.sqrt(kPackets * (rate - 1)), `${seen.collected.packets} of ${kPackets}`);
  assert.equal(seen.collected.packets % rate, 0);
  assert.equal(seen.exporter.version, 'sFlow v5');
  assert.equal(seen.exporter.sequence_lost, 0);
  assert.deepEqual(seen.exporter.errors, {});
});

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
