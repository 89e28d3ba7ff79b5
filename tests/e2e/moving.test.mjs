// SPDX-License-Identifier: GPL-3.0-or-later
// The console while packets move on a wire: run by run.sh inside the watching namespace; WEIR_SENDER names the other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { launch, openPage, seconds } from './browser.mjs';
import { startChild } from './children.mjs';
import { exact, until, visit } from './page_steps.mjs';
import { mix, startProgram, startWeir, traffic, weir } from './programs.mjs';

const sender = process.env.WEIR_SENDER;
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

// Runs a program at the other end of the wire until the test is over.
function send(t, program, ...args) {
  const child = startChild('ip', ['netns', 'exec', sender, program, ...args], { stdio: 'ignore' });
  t.after(() => child.kill());
}
const replay = (t, pps) => send(t, 'tcpreplay', '-q', '-i', 'weir-s', '--pps', `${pps}`, '--loop', '100000', mix);

async function watching(t) {
  const running = await startWeir('-i', 'weir-w');
  t.after(() => running.stop());
  const { context, page, faults } = await openPage(browser, running.url);
  t.after(() => context.close());
  await visit(page, running.url, '/live');
  return { page, faults };
}

const received = () => Number(readFileSync('/sys/class/net/weir-w/statistics/rx_packets', 'utf8'));

test('figures of an interface that was silent move within two seconds of its first packet', async (t) => {
  const { page, faults } = await watching(t);
  await seconds(page, 2);
  const figures = () => Promise.all(['packets_per_second', 'bits_per_second', 'flows'].map((name) => exact(page, `[data-figure=${name}]`)));
  assert.deepEqual(await figures(), ['0', '0', '0']);
  const before = received();
  replay(t, 1000);
  while (received() === before) await new Promise(setImmediate);
  await until('figures', async () => (await figures()).every((one) => Number(one) > 0), 2000);
  assert.deepEqual(faults, []);
});

test('the rate on the page is the rate that is sent', async (t) => {
  const { page, faults } = await watching(t);
  const [rate, size] = [5000, 200];
  send(t, traffic, '--hosts', '100', '--flows', '200', '--size', `${size}`, '--packets', `${rate * 60}`, '--rate', `${rate}`, '--send', 'weir-s');
  await until('a whole second of it', async () => Number(await exact(page, '[data-figure=packets_per_second]')) > rate / 2);
  const readings = { packets_per_second: [], bits_per_second: [] };
  for (let reading = 0; reading < 10; reading += 1) {
    await seconds(page, 1);
    for (const [name, all] of Object.entries(readings)) all.push(Number(await exact(page, `[data-figure=${name}]`)));
  }
  for (const [name, sent] of [['packets_per_second', rate], ['bits_per_second', rate * size * 8]]) {
    const all = readings[name].sort((a, b) => a - b);
    const median = (all[4] + all[5]) / 2;
    t.diagnostic(`${name}: ${median} of ${sent}, from ${all[0]} to ${all[9]}`);
    assert.ok(Math.abs(median - sent) <= sent * 0.05, `${name}: ${median} of ${sent}`);
  }
  assert.deepEqual(faults, []);
});

test('a weir that was killed and starts again leaves a gap of seconds in the chart, and the past stays', async (t) => {
  let running = await startWeir('-i', 'weir-w');
  t.after(() => running.stop());
  replay(t, 1000);
  const { context, page, faults } = await openPage(browser, running.url);
  t.after(() => context.close());
  await visit(page, running.url, '/live');
  await page.evaluate(() => { window.isSamePage = true; });
  await page.locator('[data-chart=throughput] [data-twin=table]').click();
  // Of each second, newest first, whether it was measured.
  const measured = () => page.locator('.seconds tbody tr').evaluateAll((all) => all.map((row) => !row.textContent.includes('not measured')));
  await until('six measured seconds', async () => (await measured()).filter(Boolean).length >= 6, 15_000);

  await running.stop('SIGKILL');
  await page.locator('[data-state=disconnected]').waitFor();
  for (let attempt = 0; attempt < 3; attempt += 1) await page.waitForEvent('websocket'); // after 0.5, 1 and 2 s, less at most a quarter
  running = await startProgram(weir, ['monitor', '--http', new URL(running.url).host, '-i', 'weir-w']);
  await page.locator('[data-state=live]').waitFor({ timeout: 20_000 });
  assert.equal(await page.evaluate(() => window.isSamePage), true);
  await seconds(page, 3);
  await until('values, then seconds without, then values', async () => /^(?:true,)+(?:false,)+(?:true,){4}/.test(`${await measured()},`));
  const told = /ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_EMPTY_RESPONSE|WebSocket/;
  assert.deepEqual(faults.filter((fault) => !told.test(fault)), []);
});
