// SPDX-License-Identifier: GPL-3.0-or-later
// A page that stays open: an hour of figures in three minutes, twenty a second. Memory, nodes and rows must stay few; what a second costs
// and how smooth it is is reported (on a machine that does nothing else, to be compared with the budgets: 25 ms of script, 50 frames).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, openPage, seconds, startMock } from './browser.mjs';
import { until, visit } from './page_steps.mjs';

const kTicks = 3600;
const kLongest = 180_000; // ms; a machine that does not get through all of them is held to the same slope, and never to less than kNoise
const kLeast = 600;       // ticks that say something
const kGrowth = 3e6;      // bytes in kTicks
const kNoise = 1.5e6;     // bytes that the heap differs by from one collection to the next, in however few ticks
const kRows = 10_000;
const kRowHeight = 28;
const kWheel = 3600; // px a second

let browser;
let mock;

before(async () => {
  browser = await launch();
  mock = await startMock(0, '--speed', '20', '--flows', '2000', '--hosts', '400');
});

after(async () => {
  await browser?.close();
  await mock?.stop();
});

async function metricsOf(devtools, ...names) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return names.map((name) => metrics.find((metric) => metric.name === name).value);
}

// What lives in the page after what is not needed is gone.
async function measured(devtools) {
  for (let time = 0; time < 2; time += 1) await devtools.send('HeapProfiler.collectGarbage');
  const [heap, nodes] = await metricsOf(devtools, 'JSHeapUsedSize', 'Nodes');
  return { heap, nodes };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

// What the page's thread has to do from one second to the next, in ms: [script, all of it], the median of `ticks`.
async function costOfASecond(page, devtools, ticks) {
  const costs = [];
  await seconds(page, 1);
  let before = await metricsOf(devtools, 'ScriptDuration', 'TaskDuration');
  for (let tick = 0; tick < ticks; tick += 1) {
    await seconds(page, 1);
    const now = await metricsOf(devtools, 'ScriptDuration', 'TaskDuration');
    costs.push(now.map((value, at) => (value - before[at]) * 1000));
    before = now;
  }
  return [0, 1].map((at) => median(costs.map((cost) => cost[at])).toFixed(1));
}

// Notes the time between frames until `steps` are done: how many there were a second, and what [half, 95 %, 99 %] of them took at most, in ms.
async function frames(page, steps) {
  await page.evaluate(() => {
    window.frameTimes = [];
    const note = (before) => requestAnimationFrame((now) => {
      if (window.frameTimes === undefined) return;
      window.frameTimes.push(now - before);
      note(now);
    });
    requestAnimationFrame(note);
  });
  await steps();
  const times = await page.evaluate(() => {
    const all = window.frameTimes;
    delete window.frameTimes;
    return all;
  });
  const sorted = times.toSorted((a, b) => a - b);
  const most = [0.5, 0.95, 0.99].map((part) => sorted[Math.floor(sorted.length * part)].toFixed(1));
  return `${((1000 * times.length) / times.reduce((sum, one) => sum + one, 0)).toFixed(1)} frames a second, 50/95/99 %: ${most.join(' / ')} ms`;
}

test('an hour of Live needs no more memory and no more nodes', { timeout: 300_000 }, async (t) => {
  const { context, page, faults } = await openPage(browser, mock.origin);
  try {
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable');
    await visit(page, mock.origin, '/live');
    await page.locator('[data-chart=talkers] .node').first().waitFor();
    await seconds(page, 100); // what is made once is made
    const earlier = await measured(devtools);
    const end = Date.now() + kLongest;
    let ticks = 0;
    const times = await frames(page, async () => {
      for (; ticks < kTicks && Date.now() < end; ticks += 100) await seconds(page, 100);
    });
    const later = await measured(devtools);
    t.diagnostic(`${ticks} ticks; heap ${earlier.heap} -> ${later.heap} bytes, nodes ${earlier.nodes} -> ${later.nodes}; ${times}`);
    assert.ok(ticks >= kLeast, `only ${ticks} ticks`);
    assert.ok(later.heap - earlier.heap <= Math.max(kNoise, kGrowth * (ticks / kTicks)), `the heap grew by ${later.heap - earlier.heap} bytes in ${ticks} ticks`);
    assert.ok(Math.abs(later.nodes - earlier.nodes) <= earlier.nodes * 0.05, `${earlier.nodes} nodes became ${later.nodes}`);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
});

describe('a weir of 10,000 flows, one second a second', () => {
  let usual;
  before(async () => { usual = await startMock(0, '--flows', `${kRows}`, '--hosts', '1000'); });
  after(() => usual?.stop());

  async function opened(t, route) {
    const { context, page, faults } = await openPage(browser, usual.origin);
    t.after(() => context.close());
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable');
    await visit(page, usual.origin, route);
    return { page, devtools, faults };
  }

  for (const route of ['/live', '/flows', '/interfaces/eth0']) {
    test(`tells what a second of ${route} costs`, async (t) => {
      const { page, devtools, faults } = await opened(t, route);
      await seconds(page, 3); // what is made once is made
      const [script, all] = await costOfASecond(page, devtools, 15);
      t.diagnostic(`${route}: ${script} ms of script a second (median), ${all} ms in all`);
      assert.deepEqual(faults, []);
    });
  }

  // Scrolls the table evenly to `end` px in `time` ms: how many rows there were at most.
  const scroll = (page, end, time) => page.evaluate(async ([to, duration]) => {
    const grid = document.querySelector('[role=grid]');
    const [from, start] = [grid.scrollTop, performance.now()];
    let rows = 0;
    for (let part = 0; part < 1;) {
      part = Math.min(1, (performance.now() - start) / duration);
      grid.scrollTop = from + (to - from) * part;
      await new Promise((resolve) => { requestAnimationFrame(resolve); });
      rows = Math.max(rows, grid.querySelectorAll('[role=row]').length);
    }
    return rows;
  }, [end, time]);

  test('is scrolled by the wheel, and dragged from the first row to the last, with few rows', async (t) => {
    const { page, faults } = await opened(t, '/flows');
    for (const [how, end, time] of [['by the wheel', kWheel * 3, 3000], ['dragged to the end', kRows * kRowHeight, 5000]]) {
      let most = 0;
      const told = await frames(page, async () => { most = await scroll(page, end, time); });
      t.diagnostic(`${kRows} rows ${how}: ${told}`);
      assert.ok(most > 20 && most <= 60, `${most} rows at once`);
    }
    await until('the last row, where the table was scrolled to', async () => (await page.locator(`[role=row][aria-rowindex="${kRows + 1}"][data-key]:not([data-key=""])`).count()) === 1
      && (await page.locator('[role=row] .bone').count()) === 0);
    assert.deepEqual(faults, []);
  });
});
