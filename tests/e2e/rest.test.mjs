// SPDX-License-Identifier: GPL-3.0-or-later
// What REST answers beside lists: groups of rows, completion, preferences over a kill, days over a restart, scripts that change
// while weir runs.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { ask, mix, run, startWeir, traffic } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-rest-'));
after(() => rmSync(folder, { recursive: true }));

const capture = join(folder, 'made.pcap');
const source = `pcap:${capture}`;
const hosts = 200;

before(() => {
  const start = Math.floor(Date.now() / 1000) - 1; // today
  const made = run(traffic, ['--hosts', `${hosts}`, '--flows', '700', '--size', '200', '--packets', '7000', '--start', `${start}`, '--write', capture]);
  assert.equal(made.code, 0, made.err);
});

const whole = (daemon) => ask(() => daemon.get('/api/v1/interfaces'), (answer) => answer.rows[0].state === 'ended').then((answer) => answer.rows[0]);
const sum = (rows, field) => rows.reduce((total, row) => total + (row[field] ?? 0), 0);

async function change(daemon, method, path, body, token) {
  const answer = await fetch(daemon.url + path, { method, body, headers: token ? { 'X-Weir-Token': token } : {} });
  return { status: answer.status, allow: answer.headers.get('allow'), body: await answer.json() };
}

test('distributions count each packet of the flows they look at once, by its flow and direction', async () => {
  const daemon = await startWeir('-i', source);
  try {
    const { packets } = await whole(daemon);
    const { sizes, rtt, flows, total } = await daemon.get('/api/v1/distributions');
    const add = (counts) => counts.reduce((all, count) => all + count, 0);
    assert.deepEqual([flows, total], [700, 700]);
    assert.equal(add(sizes.to_server) + add(sizes.to_client), packets);
    const rows = (await daemon.get('/api/v1/flows?limit=1000')).rows;
    const small = rows.reduce((all, row) => all + (row.bytes_to_server < 256 * row.packets_to_server ? row.packets_to_server : 0), 0);
    assert.equal(add(sizes.to_server.slice(0, sizes.bounds_bytes.indexOf(256) + 1)), small);
    assert.equal(add(rtt.to_server), rows.filter((row) => row.server_rtt_ms !== undefined).length);
    assert.deepEqual([(await daemon.get('/api/v1/distributions?limit=10')).flows, rtt.to_server.length], [10, rtt.bounds_ms.length + 1]);
    const wrong = await daemon.get('/api/v1/distributions?filter=nonsense+%3D+1');
    assert.deepEqual([wrong.status, wrong.parameter, wrong.column], [400, 'filter', 1]);
  } finally {
    await daemon.stop();
  }
});

test('rows in groups add up to the traffic, and ports and peers are such groups', async () => {
  const daemon = await startWeir('-i', source);
  try {
    const { bytes, packets } = await whole(daemon);
    for (const fields of ['application', 'category,protocol_name', 'client_ip', 'client_ip,server_ip', 'server_port']) {
      const answer = await daemon.get(`/api/v1/flows?group_by=${fields}&limit=10000`);
      assert.deepEqual([sum(answer.rows, 'bytes'), sum(answer.rows, 'packets'), sum(answer.rows, 'count')], [bytes, packets, 700], fields);
      assert.equal(answer.other, undefined);
    }
    const ports = await daemon.get('/api/v1/ports?limit=10000');
    assert.equal(sum(ports.rows, 'bytes'), bytes);
    const [pair] = (await daemon.get('/api/v1/peers?sort=bytes&limit=1')).rows;
    const peers = await daemon.get(`/api/v1/peers?host=${pair.client_ip}&limit=1000`);
    const host = await daemon.get(`/api/v1/hosts/${pair.client_ip}`);
    assert.deepEqual([sum(peers.rows, 'bytes_sent'), sum(peers.rows, 'bytes_received'), sum(peers.rows, 'flows')],
      [host.bytes_sent, host.bytes_received, host.flows]);
    const { items } = await daemon.get(`/api/v1/complete?list=hosts&text=key+%3D+${pair.client_ip.slice(0, 4)}`);
    assert.ok(items.some((item) => item.kind === 'value' && item.text.startsWith(pair.client_ip.slice(0, 4))));
  } finally {
    await daemon.stop();
  }
});

test('a list that stays as it is is sent once to who remembers it', async () => {
  const daemon = await startWeir('-i', source);
  try {
    await whole(daemon);
    for (const path of ['/api/v1/hosts?limit=5', '/api/v1/flows?format=csv', '/api/v1/interfaces']) {
      const has = (await fetch(daemon.url + path)).headers.get('etag');
      const again = await fetch(daemon.url + path, { headers: { 'If-None-Match': has } });
      assert.deepEqual([again.status, await again.text()], [304, ''], path);
      assert.equal((await fetch(`${daemon.url}/api/v1/hosts?limit=6`, { headers: { 'If-None-Match': has } })).status, 200);
    }
  } finally {
    await daemon.stop();
  }
});

// P84 of the checklist.
test('answers are as schema/openapi.yaml describes them', async (t) => {
  const daemon = await startWeir('-i', `pcap:${mix}`, '-i', source, '--data', join(folder, 'described'));
  try {
    await ask(() => daemon.get('/api/v1/interfaces'), ({ rows }) => rows.every(({ state }) => state === 'ended'));
    const { token } = await daemon.get('/api/v1/session');
    assert.equal((await change(daemon, 'PUT', '/api/v1/preferences/theme', JSON.stringify({ value: 'dark' }), token)).status, 200);
    const { code, out, err } = run('python3', ['tests/e2e/described.py', daemon.url]);
    if (code === 77) t.skip(out.trim());
    else assert.equal(code, 0, out + err);
    t.diagnostic(out.trim());
  } finally {
    await daemon.stop();
  }
});

test('a preference needs the token and outlives kill -9', async () => {
  const data = join(folder, 'preferences');
  const path = '/api/v1/preferences/theme';
  let daemon = await startWeir('-i', source, '--data', data);
  const { token } = await daemon.get('/api/v1/session');
  const body = JSON.stringify({ value: "dark'; DROP TABLE preference; --" });
  assert.equal((await change(daemon, 'PUT', path, body)).status, 403);
  assert.equal((await change(daemon, 'PUT', path, body, `${token.slice(1)}0`)).status, 403);
  assert.equal((await daemon.get(path)).status, 404);
  assert.deepEqual(await change(daemon, 'POST', path, body, token).then(({ status, allow }) => [status, allow]), [405, 'GET, HEAD, PUT, DELETE']);
  assert.equal((await change(daemon, 'PUT', '/api/v1/hosts', body, token)).status, 405);
  assert.equal((await change(daemon, 'PUT', path, 'x'.repeat(2 << 20), token)).status, 413);
  const kept = await change(daemon, 'PUT', path, body, token);
  assert.equal(kept.status, 200);
  await daemon.stop('SIGKILL');
  daemon = await startWeir('-i', source, '--data', data);
  try {
    assert.deepEqual(await daemon.get(path), kept.body);
    assert.equal((await change(daemon, 'DELETE', path, undefined, token)).status, 403, 'the token is of one life');
    const fresh = (await daemon.get('/api/v1/session')).token;
    assert.equal((await change(daemon, 'DELETE', path, undefined, fresh)).status, 200);
    assert.equal((await daemon.get(path)).status, 404);
  } finally {
    await daemon.stop();
  }
});

test('the hosts of a day are there after a restart', async () => {
  const data = join(folder, 'days');
  let daemon = await startWeir('-i', source, '--data', data);
  const { bytes } = await whole(daemon);
  assert.equal(await daemon.stop(), 0);
  daemon = await startWeir('-i', source, '--data', data);
  try {
    const { rows } = await daemon.get('/api/v1/days');
    const [{ day, hosts: count }] = rows;
    assert.equal(count, hosts);
    const answer = await daemon.get(`/api/v1/days/${day}?limit=1000&columns=key,bytes_sent`);
    assert.deepEqual([answer.total, sum(answer.rows, 'bytes_sent')], [hosts, bytes]);
    assert.match(await (await fetch(`${daemon.url}/lua/days/${day}`)).text(), new RegExp(`<a href="/hosts/${answer.rows[0].key}">`));
    assert.equal((await daemon.get('/api/v1/health')).days.rows, hosts);
  } finally {
    await daemon.stop();
  }
});

// P79 of the checklist: what is shown is changed without a compiler or a restart.
test('a script that changes is used at the next request, one that does not compile is told', async () => {
  const scripts = join(folder, 'scripts');
  cpSync('scripts', scripts, { recursive: true });
  const daemon = await startWeir('-i', source, '--scripts', scripts);
  const write = (text) => writeFileSync(join(scripts, 'rest', 'mine.lua'), text);
  const text = async () => (await fetch(`${daemon.url}/api/v1/mine`)).text();
  const state = async () => (await daemon.get('/api/v1/scripts?columns=script,state,error&limit=1000')).rows.find((row) => row.script === 'rest/mine');
  try {
    await whole(daemon);
    assert.equal((await daemon.get('/api/v1/mine')).status, 404);
    write('print(interface.hosts({ limit = 0 }).total)');
    assert.equal(await text(), `${hosts}`);
    write('print("and now something else")');
    assert.equal(await text(), 'and now something else');
    write('print("half of it"');
    assert.equal(await text(), 'and now something else');
    assert.deepEqual(await state(), { script: 'rest/mine', state: 'last good', error: "rest/mine.lua:1: ')' expected near '<eof>'" });
    assert.match(await (await fetch(`${daemon.url}/lua/api`)).text(), /<a href="\/api\/v1\/mine">/);
    write('print("mended, and longer than before")');
    assert.equal(await text(), 'mended, and longer than before');
    assert.deepEqual(await state(), { script: 'rest/mine', state: 'good' });
  } finally {
    await daemon.stop();
  }
});

// P62 of the checklist: all objects can be written as JSON, and JSON is an object again.
test('what is told of anything as JSON is the same after a way through an object', async () => {
  const scripts = join(folder, 'round_scripts');
  cpSync('scripts', scripts, { recursive: true });
  writeFileSync(join(scripts, 'checks/host/any.lua'), 'limit = 3\nfunction check(host) return host.bytes end\n');
  writeFileSync(join(scripts, 'rest/round.lua'), '');
  writeFileSync(join(scripts, 'put/round.lua'), 'print(json.encode(json.decode(_BODY)))');
  const daemon = await startWeir('-i', `pcap:${mix}`, '--scripts', scripts);
  const { token } = await daemon.get('/api/v1/session');
  try {
    await whole(daemon);
    await ask(() => daemon.get('/api/v1/alerts'), ({ total }) => total > 0);
    for (const list of ['flows', 'hosts', 'interfaces', 'applications', 'asns', 'networks', 'macs', 'transactions', 'alerts', 'events', 'health']) {
      const answer = await (await fetch(`${daemon.url}/api/v1/${list}?${list === 'health' ? '' : 'limit=20'}`)).json();
      const objects = answer.rows ?? [answer];
      assert.ok(objects.length > 0 || list === 'asns' || list === 'networks', list);
      for (const object of objects) {
        assert.deepEqual((await change(daemon, 'PUT', '/api/v1/round', JSON.stringify(object), token)).body, object, list);
      }
    }
  } finally {
    await daemon.stop();
  }
});

test('scripts are written over REST only where that was asked for, and what is told can be counted', async () => {
  const scripts = join(folder, 'edited_scripts');
  cpSync('scripts', scripts, { recursive: true });
  const text = 'ntop.publishCache("events", json.encode({ event = "mine", colour = "red", deep = { er = 7 } }))\nprint("told")';
  const refusing = await startWeir('-i', source, '--scripts', scripts);
  try {
    const { token } = await refusing.get('/api/v1/session');
    assert.equal((await change(refusing, 'PUT', '/api/v1/scripts/rest/mine', JSON.stringify({ text }), token)).status, 403);
    assert.equal((await refusing.get('/api/v1/scripts/rest/hosts')).can_change, false);
  } finally {
    await refusing.stop();
  }
  const daemon = await startWeir('-i', source, '--scripts', scripts, '--edit-scripts');
  try {
    const { token } = await daemon.get('/api/v1/session');
    const put = (body, name = 'rest/mine', by = token) => change(daemon, 'PUT', `/api/v1/scripts/${name}`, JSON.stringify({ text: body }), by);
    assert.equal((await put(text, 'rest/mine', '')).status, 403, 'without the token nobody may');
    const wrong = await put('print(');
    assert.equal(wrong.status, 400);
    assert.match(wrong.body.detail, /^rest\/mine\.lua:1: /);
    assert.equal((await put(text, 'rest%2F..%2Fmine')).status, 405, 'a path with dots leads to no resource');
    assert.equal((await put(text)).status, 200);
    assert.equal((await daemon.get('/api/v1/scripts/rest/mine')).text, text);
    for (let i = 0; i < 3; ++i) assert.equal(await (await fetch(`${daemon.url}/api/v1/mine`)).text(), 'told');
    const counts = await ask(() => daemon.get('/api/v1/event_counts?by=deep.er&event=mine&seconds=120&step=60'), ({ total }) => total === 3);
    assert.deepEqual([counts.rows.map(({ value, count }) => [value, count]), counts.rows[0].counts.length], [[['7', 3]], 2]);
    assert.deepEqual(counts.fields.map(({ name }) => name), ['colour', 'deep.er', 'event']);
    assert.equal((await daemon.get('/api/v1/event_counts?seconds=604800&step=1')).status, 400);
    assert.equal((await change(daemon, 'DELETE', '/api/v1/scripts/rest/mine', undefined, token)).status, 200);
    assert.equal((await daemon.get('/api/v1/mine')).status, 404);
  } finally {
    await daemon.stop();
  }
});
