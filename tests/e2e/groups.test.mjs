// SPDX-License-Identifier: GPL-3.0-or-later
// Where addresses belong: files and options that tell it, at the command line and over REST.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { country, system, writeMmdb } from './mmdb.mjs';
import { ask, run, startWeir, traffic, weir } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-groups-'));
after(() => rmSync(folder, { recursive: true }));
const lines = (file) => readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));

const capture = join(folder, 'made.pcap');
const countries = join(folder, 'country.mmdb');
const systems = join(folder, 'asn.mmdb');

before(() => {
  // Hosts 10.0.0.1 to 10.0.0.100.
  assert.equal(run(traffic, ['--hosts', '100', '--flows', '300', '--size', '200', '--packets', '3000', '--consecutive', '--write', capture]).code, 0);
  writeMmdb(countries, 'Test-Country', { '10.0.0.0/26': country('DE', 'Germany'), '10.0.0.64/27': country('FR', 'France') });
  writeMmdb(systems, 'Test-ASN', { '10.0.0.0/25': system(64500, 'Example Net') });
});

describe('weir read', () => {
  test('tells where hosts and the ends of flows belong', () => {
    const hosts = join(folder, 'hosts');
    const flows = join(folder, 'flows');
    const { code, err } = run(weir, ['read', '--country-db', countries, '--as-db', systems, '--network', 'office=10.0.0.0/28',
      '--hosts', hosts, '--flows', flows, capture]);
    assert.equal(code, 0, err);
    const last = (host) => Number(host.address.split('.')[3]);
    for (const host of lines(hosts)) {
      assert.equal(host.country, last(host) < 64 ? 'DE' : last(host) < 96 ? 'FR' : undefined, host.address);
      assert.deepEqual([host.as_number, host.as_name, host.is_local], [64500, 'Example Net', true]);
      assert.equal(host.network, last(host) < 16 ? 'office' : '10.0.0.0/8');
    }
    for (const flow of lines(flows)) assert.deepEqual([flow.client_as_number, flow.server_as_name], [64500, 'Example Net']);
  });

  test('refuses a file that was named and is none', () => {
    const { code, err } = run(weir, ['read', '--as-db', capture, capture]);
    assert.equal(code, 1);
    assert.match(err, /--as-db/);
    assert.equal(run(weir, ['read', '--network', 'office', capture]).code, 2);
  });
});

test('weir monitor sums flows by group, to the byte', async () => {
  const daemon = await startWeir('-i', `pcap:${capture}`, '--country-db', countries, '--as-db', systems, '--network', 'office=10.0.0.0/28');
  try {
    const [whole] = (await ask(() => daemon.get('/api/v1/interfaces'), (answer) => answer.rows[0].state === 'ended')).rows;
    assert.equal(whole.packets, 3000);
    const rows = async (resource) => (await daemon.get(`/api/v1/${resource}?limit=1000`)).rows;
    const sum = (all, field) => all.reduce((total, row) => total + row[field], 0);
    for (const resource of ['countries', 'asns', 'networks', 'macs']) {
      const all = await rows(resource);
      for (const field of ['bytes_sent', 'bytes_received']) assert.equal(sum(all, field), whole.bytes, `${resource} ${field}`);
    }
    for (const resource of ['vlans', 'categories', 'applications']) assert.equal(sum(await rows(resource), 'bytes'), whole.bytes, resource);
    const byKey = Object.fromEntries((await rows('countries')).map((row) => [row.key, row]));
    assert.deepEqual(Object.keys(byKey).sort(), ['DE', 'FR', 'unknown']);
    assert.equal(byKey.FR.name, 'France');
    const french = (await daemon.get(`/api/v1/hosts?limit=100&filter=${encodeURIComponent('country = FR')}`)).rows;
    assert.deepEqual([byKey.FR.bytes_sent, byKey.FR.bytes_received, byKey.FR.hosts],
      [sum(french, 'bytes_sent'), sum(french, 'bytes_received'), french.length]);
    assert.deepEqual((await rows('networks')).map((row) => row.name ?? row.key).sort(), ['10.0.0.0/8', 'office']);
    assert.equal((await daemon.get('/api/v1/countries')).note, undefined);
    const page = await daemon.get('/api/v1/countries?sort=key&order=asc&limit=1&offset=1&columns=key');
    assert.deepEqual([page.total, page.rows], [3, [{ key: 'FR' }]]);
  } finally {
    await daemon.stop();
  }
});

test('weir monitor answers by place, tells its files in health and reads them again on SIGHUP', async () => {
  const daemon = await startWeir('-i', `pcap:${capture}`, '--country-db', countries);
  try {
    const hosts = async (filter) => (await daemon.get(`/api/v1/hosts?filter=${encodeURIComponent(filter)}`)).total;
    assert.equal(await ask(() => hosts('country = FR'), (total) => total === 32), 32);
    const { places } = await daemon.get('/api/v1/health');
    assert.equal(places.country.type, 'Test-Country');
    assert.match(places.as.error, /--as-db/);
    assert.match((await daemon.get('/api/v1/asns')).note, /--as-db/);
    writeMmdb(`${countries}.new`, 'Test-Country', { '10.0.0.0/24': country('IT', 'Italy') });
    renameSync(`${countries}.new`, countries);
    process.kill(daemon.pid, 'SIGHUP');
    assert.equal(await ask(() => hosts('country = IT'), (total) => total === 100), 100);
  } finally {
    assert.equal(await daemon.stop(), 0);
  }
});
