// SPDX-License-Identifier: GPL-3.0-or-later
// Names of hosts that weir asks a name server for.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { startNameServer } from './name_server.mjs';
import { ask, run, startWeir, traffic } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-names-'));
const capture = join(folder, 'ten.pcap');
before(() => {
  const made = run(traffic, ['--hosts', '10', '--flows', '10', '--packets', '100', '--size', '100', '--consecutive', '--write', capture]);
  assert.equal(made.code, 0, made.err);
});
after(() => rmSync(folder, { recursive: true }));

const names = async (weir) => {
  const { rows } = await weir.get('/api/v1/hosts?columns=key,name,name_sources&limit=1000');
  return new Map(rows.map((row) => [row.key, row]));
};

test('names show, those that are none do not, and a TTL of 5 s is asked for again after it', async () => {
  const server = await startNameServer((address) => {
    if (address === '10.0.0.1') return { name: 'printer.example.org', ttl: 5 };
    if (address === '10.0.0.2') return { name: '<img src=x onerror=alert(1)>', ttl: 3600 };
    if (address === '10.0.0.3') return undefined;
    return { name: `host-${address.replaceAll('.', '-')}.example.org`, ttl: 3600 };
  });
  const weir = await startWeir('-i', `pcap:${capture}`, '--dns-server', server.address, '--data', folder);
  try {
    const rows = await ask(() => names(weir), (hosts) => [...hosts.values()].filter((row) => row.name).length === 8);
    assert.equal(rows.size, 10);
    assert.equal(rows.get('10.0.0.1').name, 'printer.example.org');
    assert.deepEqual(rows.get('10.0.0.1').name_sources, [{ name: 'printer.example.org', source: 'dns_reverse' }]);
    assert.equal(rows.get('10.0.0.2').name, undefined);
    assert.equal(rows.get('10.0.0.3').name, undefined);
    assert.equal(rows.get('10.0.0.10').name, 'host-10-0-0-10.example.org');
    const found = await weir.get(`/api/v1/hosts?columns=key&filter=${encodeURIComponent('name ~ printer')}`);
    assert.deepEqual(found.rows, [{ key: '10.0.0.1' }]);

    const first = Date.now();
    await ask(() => server.asked.get('10.0.0.1'), (count) => count >= 2, 15_000);
    assert.equal(server.asked.get('10.0.0.1'), 2);
    assert.ok(Date.now() - first < 12_000, 'its time was over after 5 s');
    for (const address of ['10.0.0.2', '10.0.0.3', '10.0.0.4']) assert.equal(server.asked.get(address), 1, address);
    const { reverse_dns: health } = await weir.get('/api/v1/health');
    assert.equal(health.bad_names, 1);
    assert.equal(health.without_name, 1);
    assert.equal(health.names, 8);
  } finally {
    await weir.stop();
  }

  // What was answered is kept in the data folder.
  const asked = server.asked.get('10.0.0.4');
  const again = await startWeir('-i', `pcap:${capture}`, '--dns-server', server.address, '--data', folder);
  try {
    const rows = await ask(() => names(again), (hosts) => hosts.get('10.0.0.4')?.name);
    assert.equal(rows.get('10.0.0.4').name, 'host-10-0-0-4.example.org');
    assert.equal(server.asked.get('10.0.0.4'), asked);
  } finally {
    await again.stop();
    server.stop();
  }
});

test('only local hosts are asked for unless told otherwise', async () => {
  const server = await startNameServer((address) => ({ name: `x${address}.example`, ttl: 60 }));
  const options = ['-i', `pcap:${capture}`, '--dns-server', server.address, '--local', '10.0.0.1/32'];
  try {
    const local = await startWeir(...options);
    await ask(() => names(local), (hosts) => hosts.get('10.0.0.1')?.name);
    await local.stop();
    assert.deepEqual([...server.asked.keys()], ['10.0.0.1']);
    const asked = server.asked.get('10.0.0.1');
    const off = await startWeir(...options, '--resolve', 'off');
    assert.equal((await off.get('/api/v1/health')).reverse_dns, undefined);
    await off.stop();
    assert.equal(server.asked.get('10.0.0.1'), asked);
    const all = await startWeir(...options, '--resolve', 'all');
    await ask(() => names(all), (hosts) => [...hosts.values()].filter((row) => row.name).length === 10);
    await all.stop();
    assert.equal(server.asked.size, 10);
  } finally {
    server.stop();
  }
});
