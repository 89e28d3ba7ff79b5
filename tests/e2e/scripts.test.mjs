// SPDX-License-Identifier: GPL-3.0-or-later
// P29, P76, P83 and P106 of the checklist, over live traffic: a check of five lines, a script of each second under load, a script that never ends, and
// the examples of docs/integrations.md. Run by run.sh inside the watching namespace.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { startChild } from './children.mjs';
import { ask, run, startWeir, traffic } from './programs.mjs';

const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'weir-scripts-'));
const scripts = join(folder, 'scripts');
let weir;
before(async () => {
  cpSync(join(root, 'scripts'), scripts, { recursive: true });
  weir = await startWeir('-i', 'weir-w', '--scripts', scripts, '--resolve', 'off', '--idle-timeout', '2', '--idle-timeout-two-way', '2', '--idle-timeout-tcp', '2', '--allow-url', 'http://127.0.0.1:3998');
});
after(async () => {
  await weir.stop();
  rmSync(folder, { recursive: true });
});

const inSender = (program, ...args) => startChild('ip', ['netns', 'exec', process.env.WEIR_SENDER, program, ...args], { stdio: 'ignore' });
const over = (child) => new Promise((resolve) => child.on('exit', resolve));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const send = (packets, rate, ...options) => over(inSender(traffic, '--hosts', '20', '--flows', '40', '--packets', `${packets}`, '--size', '100', '--rate', `${rate}`, ...options, '--send', 'weir-s'));

// The blocks of a page of documentation in one language, by the file that their first line names.
function examples(page, language) {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const found = new Map();
  for (const [, block] of text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))) {
    const name = /^(?:--|#) (\S+)/.exec(block)?.[1];
    found.set(name ?? `${found.size}`, block);
  }
  return found;
}

test('a check that is put into the folder begins to alert within two seconds, and stops when what it found is over', async () => {
  const check = examples('scripts.md', 'lua').get('scripts/checks/host/many_flows.lua');
  assert.ok(check, 'the page has it');
  writeFileSync(join(scripts, 'checks/host/many_flows.lua'), check.replace('1000', '3'));
  const alerts = () => weir.get('/api/v1/alerts?check=host/many_flows&state=active');
  const isRunning = ({ cron }) => cron.scripts.some(({ script, runs }) => script === 'checks/host/many_flows' && runs > 0);
  await ask(() => weir.get('/api/v1/health'), isRunning);
  assert.equal((await alerts()).total, 0);
  const sent = Date.now();
  await send(40, 0);
  const begun = await ask(alerts, ({ total }) => total > 0);
  const took = Date.now() - sent;
  assert.ok(begun.total > 0, JSON.stringify(begun));
  assert.match(begun.rows[0].text, /^\d+ active flows$/);
  assert.ok(took < 2500, `${took} ms`);
  const events = (await weir.get('/api/v1/events?limit=256')).rows.filter(({ event }) => event === 'alert_begins');
  assert.equal(events.length, begun.total);
  const ended = await ask(alerts, ({ total }) => total === 0, 30_000);
  assert.equal(ended.total, 0);
  const kept = await weir.get('/api/v1/alerts?check=host/many_flows&state=over');
  assert.equal(kept.total, begun.total);
  assert.ok(kept.rows.every(({ since, ended }) => ended > since));
});

test('a script of each second runs sixty times a minute while packets and questions come', { timeout: 120_000 }, async () => {
  const load = send(300_000, 5000);
  let isOver = false;
  const asking = Array.from({ length: 4 }, async () => {
    while (!isOver) await (await fetch(`${weir.url}/api/v1/hosts?limit=100`)).arrayBuffer();
  });
  writeFileSync(join(scripts, 'cron/second/count.lua'), 'ntop.lpushCache("seconds", tostring(ntop.health().uptime_s), 100)\n');
  writeFileSync(join(scripts, 'pages/seconds.lua'), 'print(json.encode(ntop.lrangeCache("seconds")))\n');
  const seconds = async () => (await weir.get('/lua/seconds')).map(Number);
  await ask(seconds, (times) => times.length > 0);
  await pause(60_000);  // the time that is measured: a run is to fall into each second of it
  isOver = true;
  await Promise.all(asking);
  const times = await seconds();
  const length = times[0] - times.at(-1);
  assert.ok(Math.abs(times.length - 1 - length) <= 1, `${times.length - 1} runs in ${length} s`);
  assert.ok(length > 58, `${length} s`);
  const row = (await weir.get('/api/v1/health')).cron.scripts.find(({ script }) => script === 'second/count');
  assert.equal(row.errors, 0);
  rmSync(join(scripts, 'cron/second/count.lua'));
  await load;
});

test('a script that never ends is ended, and no packet is lost for it', { timeout: 60_000 }, async () => {
  writeFileSync(join(scripts, 'pages/endless.lua'), 'while true do pcall(function() while true do end end) end\n');
  const figures = async () => (await weir.get('/api/v1/interfaces')).rows[0];
  const before = await figures();
  const load = send(50_000, 5000);
  const answers = await Promise.all([0, 1].map(() => fetch(`${weir.url}/lua/endless`)));
  assert.deepEqual(answers.map(({ status }) => status), [500, 500]);
  assert.match(weir.text, /pages\/endless\.lua:1: over its limit of time/);
  await load;
  const now = await ask(figures, ({ packets }) => packets >= before.packets + 50_000);
  assert.equal(now.packets - before.packets, 50_000);
  assert.deepEqual([now.kernel_drops, now.interface_drops], [before.kernel_drops, before.interface_drops]);
  assert.equal(typeof now.kernel_drops, 'number');
});

test('the examples of docs/integrations.md work', { timeout: 60_000 }, async () => {
  const commands = examples('integrations.md', 'sh');
  assert.ok(commands.size > 0);
  const load = send(20_000, 2000);
  await ask(() => weir.get('/api/v1/flows?limit=1'), ({ total }) => total > 0);
  for (const block of commands.values()) {
    const done = run('sh', ['-euc', block.replaceAll('http://127.0.0.1:3000', weir.url)]);
    assert.equal(done.code, 0, `${block}\n${done.err}`);
    assert.match(done.out, /\S/, block);
  }
  // What Elasticsearch would be sent.
  const received = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => { body += data; });
    request.on('end', () => {
      received.push({ method: request.method, url: request.url, type: request.headers['content-type'], key: request.headers.authorization, body });
      response.end('{"errors":false}');
    });
  });
  await new Promise((resolve) => server.listen(3998, '127.0.0.1', resolve));
  try {
    const { token } = await weir.get('/api/v1/session');
    await fetch(`${weir.url}/api/v1/preferences/elastic_key`, { method: 'PUT', headers: { 'X-Weir-Token': token }, body: '{"value":"secret"}' });
    const script = examples('integrations.md', 'lua').get('scripts/cron/minute/elastic.lua');
    writeFileSync(join(scripts, 'cron/second/elastic.lua'), script.replace('https://elastic.example.org:9200', 'http://127.0.0.1:3998'));
    await ask(() => received.find(({ body }) => body !== ''), Boolean);
    const [sent] = received;
    assert.equal(sent.method, 'POST');
    assert.equal(sent.url, '/_bulk');
    assert.equal(sent.type, 'application/x-ndjson');
    assert.match(sent.key, /^ApiKey secret$/);
    const lines = sent.body.split('\n');
    assert.equal(lines.pop(), '');
    assert.ok(lines.length > 0 && lines.length % 2 === 0);
    for (let i = 0; i < lines.length; i += 2) {
      assert.equal(JSON.parse(lines[i]).index._index, 'weir-flows');
      const flow = JSON.parse(lines[i + 1]);
      assert.ok(flow.source.ip && flow.network.bytes > 0 && flow['@timestamp'] > 0, lines[i + 1]);
    }
    assert.equal(weir.text.includes('second/elastic'), false, weir.text);
  } finally {
    rmSync(join(scripts, 'cron/second/elastic.lua'), { force: true });
    server.closeAllConnections();
    server.close();
    await load;
  }
});
