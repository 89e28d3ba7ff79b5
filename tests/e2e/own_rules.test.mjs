// SPDX-License-Identifier: GPL-3.0-or-later
// P25 of the checklist: an application that weir does not know is a matter of a file. Run by run.sh inside the namespace between
// clients and servers (wire.mjs).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { ask, startWeir } from './programs.mjs';
import { address, layWire, nearClients, removeWire, runClient, startRelay, startServer } from './wire.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-rules-'));
const running = [];
before(async () => {
  layWire();
  running.push(await startRelay());
});
after(async () => {
  for (const program of running.reverse()) await program.stop();
  removeWire();
  rmSync(folder, { recursive: true });
});

const kServer = `
  require('http').createServer((request, response) => response.end('here')).listen(8081, '${address.server}', () => console.log('ready'));
  require('net').createServer((socket) => socket.end()).listen(9443, '${address.server}');`;

test('rules of one\'s own name applications from SIGHUP on, and no flow is lost', async () => {
  running.push(await startServer(process.execPath, ['-e', kServer], /ready/));
  const file = join(folder, 'rules.toml');
  writeFileSync(file, '');
  const weir = await startWeir('-i', nearClients, '--protocols', file);
  running.push(weir);
  const request = () => assert.equal(runClient('curl', '-sS', '-o', '/dev/null', '-H', 'Host: www.payroll.example', `http://${address.server}:8081/`).code, 0);
  const connect = () => runClient('curl', '-s', `telnet://${address.server}:9443`);
  const applications = async (port) => (await weir.get(`/api/v1/flows?sort=first_seen&order=asc&columns=application,category,confidence&filter=${encodeURIComponent(`server_port = ${port}`)}`)).rows;

  request();
  const [first] = await ask(() => applications(8081), (rows) => rows[0]?.application === 'HTTP');
  assert.equal(first.application, 'HTTP');

  writeFileSync(file, '[[application]]\nname = "Payroll"\ncategory = "Productivity"\nhosts = ["payroll.example"]\ntcp = [9443]\n');
  process.kill(weir.pid, 'SIGHUP');
  // The rules are there for the flows that begin a moment later.
  const rows = await ask(() => { request(); return applications(8081); }, (flows) => flows.at(-1).application === 'HTTP.Payroll');
  assert.deepEqual(rows.at(-1), { application: 'HTTP.Payroll', category: 'Productivity', confidence: 'name' });
  assert.deepEqual(rows[0], first, 'what was there is there');
  connect();
  const [other] = await ask(() => applications(9443), (flows) => flows[0]?.application === 'Payroll');
  assert.deepEqual(other, { application: 'Payroll', category: 'Productivity', confidence: 'port' });

  writeFileSync(file, '[[application]]\nname = 5\n');
  process.kill(weir.pid, 'SIGHUP');
  await ask(() => weir.text, (text) => /rules\.toml:2/.test(text));
  assert.match(weir.text, /rules\.toml:2/, 'a mistake is told with its line');
  request();
  const kept = await ask(() => applications(8081), (flows) => flows.length > rows.length && flows.at(-1).confidence === 'name');
  assert.equal(kept.at(-1).application, 'HTTP.Payroll', 'and the rules that were there stay');
});
