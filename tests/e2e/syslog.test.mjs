// SPDX-License-Identifier: GPL-3.0-or-later
// What logger sends is a flow, an event, or both. P38 of the checklist.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ask, run, startWeir } from './programs.mjs';

const kPort = 20_516;

function log(text, ...options) {
  const sent = run('logger', ['-n', '127.0.0.1', '-P', `${kPort}`, '-t', 'kernel', ...options, text]);
  assert.equal(sent.code, 0, sent.err);
}

const packet = (port) => `[12.3] DROP IN=eth0 OUT= MAC=02:00 SRC=192.0.2.1 DST=198.51.100.2 LEN=60 TOS=0x00 TTL=63 ID=1 DF PROTO=TCP SPT=40000 DPT=${port} SYN URGP=0`;

test('lines of netfilter, of Suricata and of all others, over UDP and TCP', async (t) => {
  const running = await startWeir('-i', `syslog:127.0.0.1:${kPort}`, '--resolve', 'off');
  t.after(() => running.stop());
  log(packet(22), '-d');
  log(packet(23), '-T', '--octet-count');
  log(packet(24), '-d', '--rfc3164');
  log('<img src=x onerror=alert(1)>', '-T');
  const now = new Date().toISOString();
  log(JSON.stringify({
    timestamp: now, event_type: 'flow', src_ip: '10.0.0.1', src_port: 1000, dest_ip: '10.0.0.2', dest_port: 443, proto: 'TCP', app_proto: 'tls',
    flow: { pkts_toserver: 5, pkts_toclient: 7, bytes_toserver: 500, bytes_toclient: 7000, start: now, end: now },
  }), '-T', '--octet-count', '--size', '4096');
  const there = await ask(async () => (await running.get('/api/v1/interfaces')).rows[0], ({ packets }) => packets === 15);
  assert.deepEqual([there.packets, there.bytes], [15, 7680]);
  const { rows: flows } = await running.get('/api/v1/flows?sort=server_port&order=asc');
  assert.deepEqual(flows.map((flow) => [flow.server_port, flow.packets_to_server, flow.packets_to_client]), [[22, 1, 0], [23, 1, 0], [24, 1, 0], [443, 5, 7]]);
  assert.equal(flows[3].application, 'TLS');
  const { rows: events } = await ask(() => running.get('/api/v1/events'), ({ rows }) => rows.filter(({ event }) => event === 'netfilter').length === 3 && rows.some(({ event }) => event === 'syslog'));
  const logged = events.filter(({ event }) => event === 'netfilter');
  assert.deepEqual(logged.map((event) => event.destination_port).sort(), [22, 23, 24]);
  assert.equal(logged[0].prefix, 'DROP');
  const [plain] = events.filter(({ event }) => event === 'syslog');
  assert.equal(plain.message, '<img src=x onerror=alert(1)>');
  assert.equal(plain.program, 'kernel');
  const { rows: [sender] } = await ask(() => running.get('/api/v1/exporters'), ({ rows }) => rows.length > 0);
  assert.equal(sender.version, 'syslog');
  const { collectors: [{ syslog }] } = await ask(() => running.get('/api/v1/health'), ({ collectors }) => collectors[0].syslog?.messages === 5);
  assert.deepEqual(syslog, { messages: 5, netfilter: 3, eve_flows: 1, eve_others: 0, events_left_out: 0 });
});
