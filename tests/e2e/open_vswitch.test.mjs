// SPDX-License-Identifier: GPL-3.0-or-later
// The userspace datapath of Open vSwitch tells of what it forwards by NetFlow, IPFIX and sFlow, beside a weir that captures at the
// port where it comes in. What it calls bytes are frames in NetFlow, and what is behind their Ethernet headers in IPFIX. Run by run.sh
// as collect.test.mjs is.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { assertEqual, beside, kPackets, kPort, kWire, makeCapture, payloadBytes } from './beside_exporter.mjs';
import { run } from './programs.mjs';
import { start } from './wire.mjs';

const kRate = 10; // of sFlow
const folder = mkdtempSync(join(tmpdir(), 'weir-ovs-'));
const socket = `unix:${join(folder, 'db.sock')}`;
const env = { ...process.env, OVS_RUNDIR: folder, OVS_LOGDIR: folder, OVS_DBDIR: folder };
let database;

function must(program, ...args) {
  const done = run(program, args, { env });
  assert.equal(done.code, 0, `${program} ${args.join(' ')}: ${done.err}`);
}
const configure = (...args) => must('ovs-vsctl', `--db=${socket}`, '--no-wait', ...args);

before(async () => {
  makeCapture();
  const file = join(folder, 'conf.db');
  must('ovsdb-tool', 'create', file, '/usr/share/openvswitch/vswitch.ovsschema');
  database = await start('ovsdb-server', [file, `--remote=p${socket}`, '--unixctl=database'], null, { env });
  must('ovs-vsctl', `--db=${socket}`, '--retry', '--timeout=10', '--no-wait', 'init');
  configure('add-br', 'weir-br', '--', 'set', 'bridge', 'weir-br', 'datapath_type=netdev', '--', 'add-port', 'weir-br', kWire,
    // What is silent for a second is over.
    '--', 'set', 'Open_vSwitch', '.', 'other_config:max-idle=1000');
});
after(async () => {
  await database?.stop();
  rmSync(folder, { recursive: true });
});

// A switch that tells by one protocol: the table of that name, the column of the bridge, and what the row says.
const openVswitch = (table, column, ...settings) => async () => {
  configure('clear', 'bridge', 'weir-br', 'netflow', 'ipfix', 'sflow');
  configure('--id=@told', 'create', table, ...settings, '--', 'set', 'bridge', 'weir-br', `${column}=@told`);
  return start('ovs-vswitchd', [socket, '--disable-system', '--unixctl=switch'], null, { env });
};
const target = `"127.0.0.1:${kPort}"`;

test('Open vSwitch with NetFlow v5', async (t) => {
  const seen = await beside(t, openVswitch('NetFlow', 'netflow', `targets=${target}`, 'active_timeout=2'), { tellsInTime: true });
  assertEqual(seen, 'NetFlow v5', seen.captured.bytes);
});

test('Open vSwitch with IPFIX', async (t) => {
  const settings = ['sampling=1', 'cache_active_timeout=2', 'cache_max_flows=1000'];
  assertEqual(await beside(t, openVswitch('IPFIX', 'ipfix', `targets=${target}`, ...settings), { tellsInTime: true }), 'IPFIX', payloadBytes());
});

// What its samples stand for is within four standard deviations of what was there.
test('Open vSwitch with sFlow', async (t) => {
  const seen = await beside(t, openVswitch('sFlow', 'sflow', `targets=${target}`, 'agent=lo', 'header=128', `sampling=${kRate}`, 'polling=2'),
    { protocol: 'sflow', most: kPackets / 2 });
  assert.ok(Math.abs(seen.collected.packets - kPackets) < 4 * Math.sqrt(kPackets * (kRate - 1)), `${seen.collected.packets} of ${kPackets}`);
  assert.equal(seen.exporter.version, 'sFlow v5');
  assert.equal(seen.exporter.sequence_lost, 0);
  assert.deepEqual(seen.exporter.errors, {});
});
