// SPDX-License-Identifier: GPL-3.0-or-later
// P60 of the checklist: several instances that one question is answered by.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { ask, run, startWeir, traffic } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-federation-'));
after(() => rmSync(folder, { recursive: true }));

// The three see some of the same hosts.
const sizes = [40, 60, 90];
const capture = (hosts) => join(folder, `${hosts}.pcap`);
before(() => {
  for (const hosts of sizes) {
    const made = run(traffic, ['--hosts', `${hosts}`, '--flows', '200', '--size', '200', '--packets', `${hosts * 100}`, '--consecutive', '--write', capture(hosts)]);
    assert.equal(made.code, 0, made.err);
  }
});

const whole = (weir) => ask(() => weir.get('/api/v1/interfaces'), ({ rows }) => rows[0].state === 'ended');

async function put(weir, name, value) {
  const { token } = await weir.get('/api/v1/session');
  const answer = await fetch(`${weir.url}/api/v1/preferences/${name}`, {
    method: 'PUT', headers: { 'X-Weir-Token': token }, body: JSON.stringify({ value: JSON.stringify(value) }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

test('one question is answered by three instances, with the sums of all, and says when one of them is gone', async () => {
  const others = [];
  let first;
  try {
    for (const hosts of sizes.slice(1)) others.push(await startWeir('-i', `pcap:${capture(hosts)}`, '--resolve', 'off'));
    const allowed = others.flatMap((weir) => ['--allow-url', weir.url]);
    first = await startWeir('-i', `pcap:${capture(sizes[0])}`, '--resolve', 'off', ...allowed);
    for (const weir of [first, ...others]) await whole(weir);
    await put(first, 'federation', others.map((weir) => weir.url));

    const expected = new Map();
    for (const weir of [first, ...others]) {
      for (const row of (await weir.get('/api/v1/hosts?limit=1000')).rows) {
        const sum = expected.get(row.key) ?? { bytes: 0, packets: 0, flows: 0, instances: 0 };
        expected.set(row.key, { bytes: sum.bytes + row.bytes, packets: sum.packets + row.packets, flows: sum.flows + row.flows, instances: sum.instances + 1 });
      }
    }
    assert.ok([...expected.values()].some(({ instances }) => instances === 3), 'hosts that all of them see');

    const answer = await first.get('/api/v1/federation/hosts?sort=-bytes&limit=1000');
    assert.equal(answer.is_complete, true);
    assert.deepEqual(answer.instances.map(({ hosts }) => hosts), sizes);
    assert.equal(answer.total, expected.size);
    for (const row of answer.rows) {
      assert.deepEqual({ bytes: row.bytes, packets: row.packets, flows: row.flows, instances: row.instances.length }, expected.get(row.key), row.key);
    }
    const order = answer.rows.map(({ bytes }) => bytes);
    assert.deepEqual(order, [...order].sort((a, b) => b - a));
    const [top] = (await first.get(`/api/v1/federation/hosts?filter=${encodeURIComponent(`key = "${answer.rows[0].key}"`)}`)).rows;
    assert.equal(top.bytes, answer.rows[0].bytes, 'a filter goes with the question');

    await others.pop().stop();
    const rest = await first.get('/api/v1/federation/hosts');
    assert.equal(rest.is_complete, false);
    assert.match(rest.instances[2].error, /\S/);
    assert.equal((await first.get('/api/v1/health')).http_client.failed, 1);
  } finally {
    for (const weir of [first, ...others]) await weir?.stop();
  }
});

test('an instance is asked only where that is allowed', async () => {
  const weir = await startWeir('-i', `pcap:${capture(40)}`, '--resolve', 'off', '--allow-url', 'http://127.0.0.1:1/other');
  try {
    await put(weir, 'federation', [weir.url]);
    const { instances } = await weir.get('/api/v1/federation/hosts');
    assert.match(instances[1].error, /--allow-url/);
  } finally {
    await weir.stop();
  }
});
