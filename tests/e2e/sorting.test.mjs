// SPDX-License-Identifier: GPL-3.0-or-later
// The table of 10,000 hosts by each of its columns: of a weir that has read them from a capture. What never stands still is sorted once
// more where it does not: at the mock server.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { launch, openPage, startMock } from './browser.mjs';
import { pointerAway, rest, until, visit } from './page_steps.mjs';
import { ask, run, startWeir, traffic } from './programs.mjs';

const kHosts = 10_000;
const kLooked = 15; // rows, of which a window of 800 px has more
const kRowHeight = 28;
const kUnsorted = ['application', 'trend']; // one of several, and what the page has noted itself

let browser;
const folder = mkdtempSync(join(tmpdir(), 'weir-sorting-'));
before(async () => { browser = await launch(); });
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function startReader() {
  const capture = join(folder, 'hosts.pcap');
  assert.equal(run(traffic, ['--hosts', `${kHosts}`, '--flows', `${2 * kHosts}`, '--size', '90', '--packets', `${8 * kHosts}`, '--ipv6', '20', '--write', capture]).code, 0);
  const weir = await startWeir('-i', `pcap:${capture}`);
  const { rows: [{ state }] } = await ask(() => weir.get('/api/v1/interfaces'), (answer) => answer.rows[0]?.state === 'ended', 60_000);
  assert.equal(state, 'ended');
  return { origin: weir.url, stop: weir.stop };
}

const kMoving = ['bits_per_second', 'bits_per_second_sent', 'bits_per_second_received', 'packets_per_second', 'bytes', 'packets', 'last_seen'];
const kServers = {
  'a weir': { start: startReader, isLooked: () => true },
  'the mock server': { start: () => startMock(0, '--hosts', `${kHosts}`, '--flows', `${kHosts}`), isLooked: (field) => kMoving.includes(field) },
};

// What stands in `kLooked` rows from the place `first` on.
const rowsAt = (page, first) => page.evaluate(([from, count]) => Array.from({ length: count }, (_, step) => (
  document.querySelector(`[role=row][aria-rowindex="${from + step + 2}"]`)?.dataset.key ?? null
)), [first, kLooked]);

async function isInOrderOfTheApi(page, origin, field, isAscending) {
  for (const first of [0, kHosts / 2]) {
    await page.locator('[role=grid]').evaluate((grid, top) => { grid.scrollTop = top; }, first * kRowHeight);
    await until(`the order of the API by ${field}, ${isAscending ? 'up' : 'down'}, from row ${first} on`, async () => {
      const { total, rows } = await rest(origin, `hosts?sort=${field}&order=${isAscending ? 'asc' : 'desc'}&offset=${first}&limit=${kLooked}`);
      assert.deepEqual([total, rows.length], [kHosts, kLooked]);
      const numbers = rows.map((row) => row[field]).filter((value) => typeof value === 'number');
      assert.deepEqual(numbers, numbers.toSorted((a, b) => (isAscending ? a - b : b - a)));
      return JSON.stringify(await rowsAt(page, first)) === JSON.stringify(rows.map((row) => `${row.interface}/${row.key}`));
    });
  }
}

for (const [name, { start, isLooked }] of Object.entries(kServers)) {
  describe(`10,000 hosts of ${name}`, () => {
    let server;
    before(async () => { server = await start(); });
    after(() => server?.stop());

    test('stand in the order of the API by each column, both ways', async (t) => {
      const { context, page, faults } = await openPage(browser, server.origin, { viewport: { width: 1440, height: 800 } });
      t.after(() => context.close());
      await visit(page, server.origin, '/hosts');
      const all = await page.locator('.page-head [data-column]').evaluateAll((boxes) => boxes.map((box) => box.dataset.column));
      await visit(page, server.origin, `/hosts?cols=${all.join(',')}&v=1`);
      const heads = await page.locator('[role=columnheader]').evaluateAll((cells) => cells.map((cell) => cell.querySelector('[data-sort]')?.dataset.sort));
      const fields = heads.filter((field) => field !== undefined);
      assert.deepEqual(all.filter((field) => !fields.includes(field)), kUnsorted);

      for (const field of fields.filter(isLooked)) {
        await t.test(field, async () => {
          const seen = new Set();
          for (let click = 0; click < 2; click += 1) {
            await page.locator(`[data-sort=${field}]`).click();
            await pointerAway(page);
            const order = await until('an order', () => page.locator(`[role=columnheader][aria-sort$=ending]:has([data-sort=${field}])`).getAttribute('aria-sort'));
            await isInOrderOfTheApi(page, server.origin, field, order === 'ascending');
            seen.add(order);
          }
          assert.equal(seen.size, 2);
          assert.ok((await page.locator('[role=row]').count()) <= 60);
        });
      }
      assert.deepEqual(faults, []);
    });
  });
}
