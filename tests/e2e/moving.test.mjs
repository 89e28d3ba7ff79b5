// SPDX-License-Identifier: GPL-3.0-or-later
// The console while packets move on a wire: run by run.sh inside the watching namespace; WEIR_SENDER names the other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, openPage, seconds } from './browser.mjs';
import { startChild } from './children.mjs';
import { until, visit } from './page_steps.mjs';
import { mix, startProgram, startWeir, weir } from './programs.mjs';

const sender = process.env.WEIR_SENDER;
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

// Replays the mix until the test is over.
function send(t, pps) {
  const child = startChild('ip', ['netns', 'exec', sender, 'tcpreplay', '-q', '-i', 'weir-s', '--pps', `${pps}`, '--loop', '100000', mix], { stdio: 'ignore' });
  t.after(() => child.kill());
}

test('a weir that was killed and starts again leaves a gap of seconds in the chart, and the past stays', async (t) => {
  let running = await startWeir('-i', 'weir-w');
  t.after(() => running.stop());
  send(t, 1000);
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
