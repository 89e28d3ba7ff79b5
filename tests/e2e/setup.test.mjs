// SPDX-License-Identifier: GPL-3.0-or-later
// First start's questions: asked, answered, kept, and worked by. Run by run.sh in a namespace with the interfaces lo and weir-w.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';

import { launch, openPage } from './browser.mjs';
import { until } from './page_steps.mjs';
import { ask, run, startProgram, startWeir, traffic, weir } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-setup-'));
after(() => rmSync(folder, { recursive: true }));
const data = join(folder, 'data');
const file = join(data, 'start.toml');
beforeEach(() => rmSync(data, { recursive: true, force: true }));

const kAnswers = { interfaces: ['lo'], local: ['10.0.0.0/8', '2001:db8::/32'], resolve: 'off' };
const state = (running) => running.get('/api/v1/setup');
const names = async (running) => (await running.get('/api/v1/interfaces')).rows.map((row) => row.name);
const begins = (running) => running.text.split('console: ').length - 1;

async function put(running, answers) {
  const { token } = await running.get('/api/v1/session');
  const response = await fetch(`${running.url}/api/v1/setup`, { method: 'PUT', headers: { 'X-Weir-Token': token }, body: JSON.stringify(answers) });
  return { status: response.status, ...(await response.json()) };
}
// Until weir has begun anew: nobody answers meanwhile.
const again = (running, times) => ask(() => begins(running), (count) => count >= times);
const lines = () => readFileSync(file, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('asks the first time, and never again once it is answered', async () => {
  const first = await startWeir('--data', data);
  const asked = await state(first);
  assert.deepEqual([asked.asks, asked.may_change, asked.file, asked.decided], [true, true, file, {}]);
  assert.deepEqual(asked.answers, { interfaces: [], local: [], resolve: 'local' });
  assert.deepEqual(asked.interfaces.map(({ name, is_up, is_watched }) => [name, is_up, is_watched]), [['lo', true, false], ['weir-w', true, true]]);
  assert.deepEqual(await put(first, {}), { status: 200, restarts: false, file });
  assert.equal((await state(first)).asks, false);
  assert.deepEqual(lines(), ['resolve = "local"']);
  assert.equal(await first.stop(), 0);
  assert.equal(begins(first), 1);
  const second = await startWeir('--data', data);
  assert.equal((await state(second)).asks, false);
  assert.equal(await second.stop(), 0);
});

test('begins anew with other answers at the same address, and with them the next time', async () => {
  const running = await startWeir('--data', data);
  assert.deepEqual(await names(running), ['weir-w']);
  assert.deepEqual(await put(running, kAnswers), { status: 200, restarts: true, file });
  assert.equal((await put(running, { resolve: 'all' })).status, 503, 'one at a time');
  await again(running, 2);
  assert.deepEqual(await names(running), ['lo']);
  assert.deepEqual((await state(running)).answers, kAnswers);
  assert.equal((await running.get('/api/v1/health')).reverse_dns, undefined);
  assert.deepEqual(lines(), ['interface = ["lo"]', 'local = "10.0.0.0/8,2001:db8::/32"', 'resolve = "off"']);
  assert.equal((await put(running, kAnswers)).restarts, false, 'it works by them already');
  assert.equal((await put(running, { local: [] })).restarts, true, 'the others stay');
  await again(running, 3);
  assert.deepEqual((await state(running)).answers, { ...kAnswers, local: [] });
  assert.equal(await running.stop(), 0);
  const next = await startWeir('--data', data);
  assert.deepEqual(await names(next), ['lo']);
  assert.equal(await next.stop(), 0);
});

test('local networks that were answered are those of hosts and directions', async () => {
  const capture = join(folder, 'ten.pcap');
  assert.equal(run(traffic, ['--hosts', '10', '--flows', '10', '--packets', '100', '--size', '100', '--consecutive', '--write', capture]).code, 0);
  const running = await startWeir('-i', `pcap:${capture}`, '--data', data);
  const locals = async () => (await running.get('/api/v1/hosts?filter=local%20%3D%20true&limit=0')).total;
  await ask(locals, (count) => count === 10);
  assert.equal(await locals(), 10);
  assert.equal((await put(running, { interfaces: ['lo'] })).status, 409, '-i decides it');
  assert.deepEqual((await state(running)).decided, { interfaces: '--interface' });
  assert.equal((await put(running, { local: ['10.0.0.1/32', '10.0.0.2'] })).restarts, true);
  await again(running, 2);
  await ask(async () => (await running.get('/api/v1/hosts?limit=0')).total, (count) => count === 10);
  assert.equal(await locals(), 2, 'the file was read again');
  assert.equal(await running.stop(), 0);
});

test('refuses what is no answer, and keeps nothing of it', async () => {
  const running = await startWeir('--data', data);
  for (const [answers, parameter] of [
    [{ interfaces: ['eth-none'] }, 'interfaces'], [{ interfaces: ['pcap:/etc/passwd'] }, 'interfaces'], [{ local: ['10.0.0.300/8'] }, 'local'],
    [{ resolve: 'some' }, 'resolve'], [{ ...kAnswers, local: ['<img src=x>'] }, 'local'], [{ colour: 'red' }, 'colour']]) {
    const answer = await put(running, answers);
    assert.deepEqual([answer.status, answer.parameter], [400, parameter], JSON.stringify(answers));
  }
  const withoutToken = await fetch(`${running.url}/api/v1/setup`, { method: 'PUT', body: '{}' });
  assert.equal(withoutToken.status, 403);
  assert.equal(existsSync(file), false);
  assert.equal((await state(running)).asks, true);
  assert.equal(await running.stop(), 0);
});

test('goes back to the answers before when it cannot work by new ones', async () => {
  mkdirSync(data);
  const config = join(folder, 'weir.toml');
  writeFileSync(config, 'memory = "64M"\n');
  const running = await startWeir('--data', data, '--config', config);
  writeFileSync(config, 'memory = "lots"\n');
  assert.equal((await put(running, kAnswers)).restarts, true);
  await again(running, 2);
  const after = await state(running);
  assert.match(after.problem, /lots/);
  assert.deepEqual([after.asks, after.answers.interfaces], [true, []]);
  assert.deepEqual(await names(running), ['weir-w']);
  assert.equal(existsSync(file), false, 'what the file said before: it was not there');
  assert.match(running.text, /weir: goes on with the answers before/);
  writeFileSync(config, 'memory = "64M"\n');
  assert.equal((await put(running, kAnswers)).restarts, true);
  await again(running, 3);
  const answered = await state(running);
  assert.deepEqual([answered.problem, answered.answers], [undefined, kAnswers]);
  assert.equal(await running.stop(), 0);
});

test('leaves out an interface that is not there any more', async () => {
  mkdirSync(data);
  writeFileSync(file, 'interface = ["eth-gone", "lo"]\n');
  const some = await startWeir('--data', data);
  assert.deepEqual(await names(some), ['lo']);
  assert.match(some.text, /start\.toml: eth-gone is not there or down, and left out/);
  assert.equal(await some.stop(), 0);
  writeFileSync(file, 'interface = ["eth-gone"]\n');
  const none = await startWeir('--data', data);
  assert.deepEqual(await names(none), ['weir-w'], 'those that are up');
  assert.equal(await none.stop(), 0);
});

test('says what is wrong with a file that was written by hand', async () => {
  mkdirSync(data);
  writeFileSync(file, 'local = "everywhere"\n');
  await assert.rejects(startWeir('--data', data), (error) => error.message.includes(`ended with 2: weir: ${file}:1: `) && error.message.includes('everywhere'));
});

test('lets nobody answer where others reach it, or where nothing can be kept', async () => {
  const reachable = await startProgram(weir, ['--data', data, '--http', '0.0.0.0:0', '--insecure']);
  const there = { ...reachable, url: reachable.url.replace('0.0.0.0', '127.0.0.1') };
  const get = async (path) => (await fetch(there.url + path)).json();
  assert.match((await get('/api/v1/setup')).why_not, /loopback/);
  assert.equal((await get('/api/v1/setup')).asks, false);
  assert.equal((await put({ url: there.url, get }, {})).status, 403);
  assert.equal(await reachable.stop(), 0);
  mkdirSync(data, { recursive: true });
  mkdirSync(`${file}.new`); // what is written goes there first
  const full = await startWeir('--data', data);
  const refused = await put(full, kAnswers);
  assert.equal(refused.status, 503);
  assert.match(refused.detail, /start\.toml/);
  assert.deepEqual(await names(full), ['weir-w'], 'it goes on');
  assert.equal(await full.stop(), 0);
});

test('ends when it is told to while it begins anew', async () => {
  const running = await startWeir('--data', data);
  assert.equal((await put(running, kAnswers)).restarts, true);
  assert.equal(await running.stop(), 0);
  assert.deepEqual(lines()[0], 'interface = ["lo"]');
});

test('a page that is open goes through it all: asked, answered, and live again with what was answered', async () => {
  const browser = await launch();
  const running = await startWeir('--data', data);
  try {
    const { context, page, faults } = await openPage(browser, running.url);
    await page.goto(running.url);
    await until('the questions', () => new URL(page.url()).pathname === '/setup');
    await page.locator('[data-question=interfaces]').getByRole('radio', { name: 'Only these' }).check();
    await page.locator('[data-question=interfaces]').getByRole('checkbox', { name: /^lo\b/ }).check();
    await page.locator('[data-question=resolve]').getByRole('radio', { name: /off|nobody/i }).check();
    await page.getByRole('button', { name: 'Use these' }).click();
    await until('the live page', () => new URL(page.url()).pathname === '/live', 20_000);
    await until('the interface that was chosen', async () => (await page.locator('header').first().innerText()).includes('lo'), 20_000);
    assert.deepEqual((await state(running)).answers, { interfaces: ['lo'], local: [], resolve: 'off' });
    assert.deepEqual(faults.filter((fault) => !/net::ERR_|WebSocket connection/.test(fault)), []);
    await context.close();
  } finally {
    await browser.close();
    await running.stop();
  }
});
