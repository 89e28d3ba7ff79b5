// SPDX-License-Identifier: GPL-3.0-or-later
// How long pages of a running weir take in Chromium. For bench/scenarios/console:
//   node console_pages.mjs ADDRESS ROUNDS FILE     writes [{what, bound, ms: [...]}] to FILE as JSON; bound: rows, sort or null
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';

import { launch, openPage } from '../../tests/e2e/browser.mjs';
import { rest, rowKeys } from '../../tests/e2e/page_steps.mjs';

const [origin, rounds, file] = process.argv.slice(2);
const kRows = 12; // that are compared with the answer of weir
const kPages = { hosts: (row) => `${row.interface ?? ''}/${row.key}`, flows: (row) => row.id };
const kOrders = { hosts: [['bytes', 'desc'], ['flows', 'desc'], ['name', 'asc']], flows: [['bytes', 'desc'], ['packets', 'desc']] };
const kLive = 5000; // ms of an open page after all clicks

// What runs in the page from its beginning: `whenPainted` keeps the time, since the navigation, of the first frame in which a condition holds.
function prepare() {
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask', buffered: true });
  window.whenPainted = (condition) => new Promise((resolve) => {
    // A frame is painted when the next one begins.
    const painted = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
    const watcher = new MutationObserver(() => {
      if (!condition()) return;
      watcher.disconnect();
      painted();
    });
    watcher.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  window.firstRows = window.whenPainted(() => document.querySelector('[role=row][data-key]:not([data-key=""]) [data-field]') !== null);
}

// Milliseconds from a click on a column's head to the frame with the rows of the answer to it.
const sortBy = (page, field) => page.evaluate(async (name) => {
  const grid = document.querySelector('[role=grid]');
  const head = grid.querySelector(`[data-sort="${name}"]`);
  const start = performance.now();
  const painted = window.whenPainted(() => grid.ariaBusy === 'false' && head.closest('[role=columnheader]').ariaSort !== 'none');
  head.click();
  return await painted - start;
}, field);

async function inOrderOfTheApi(page, name, field, order) {
  const { rows } = await rest(origin, `${name}?sort=${field}&order=${order}&limit=${kRows}`);
  assert.deepEqual(await rowKeys(page, kRows), rows.map(kPages[name]), `${name} sorted by ${field}`);
}

const browser = await launch();
const results = [];
const note = (what, bound, ms) => {
  const known = results.find((one) => one.what === what);
  if (known === undefined) results.push({ what, bound, ms: [ms] });
  else known.ms.push(ms);
};
try {
  for (const name of Object.keys(kPages)) {
    for (let round = 0; round < Number(rounds); round += 1) {
      const { context, page, faults } = await openPage(browser, origin);
      await page.addInitScript(prepare);
      await page.goto(`${origin}/${name}`);
      note(`${name}: first rows`, 'rows', await page.evaluate(() => window.firstRows));
      await page.locator('[data-state="live"]').waitFor();
      for (const [field, order] of kOrders[name]) {
        note(`${name}: sorted by ${field}`, 'sort', await sortBy(page, field));
        await inOrderOfTheApi(page, name, field, order);
      }
      if (round + 1 === Number(rounds)) await page.waitForTimeout(kLive);
      note(`${name}: longest task`, null, await page.evaluate(() => Math.max(0, ...window.longTasks)));
      assert.deepEqual(faults, []);
      await context.close();
    }
  }
} finally {
  await browser.close();
}
writeFileSync(file, JSON.stringify(results));
