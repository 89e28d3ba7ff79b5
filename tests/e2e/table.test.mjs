// SPDX-License-Identifier: GPL-3.0-or-later
// What stays in a table when its rows or the page change, against the weir at WEIR_URL (with traffic in it) or, without that, against
// the mock server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { openConsole } from './browser.mjs';
import { pointerAway, rest, settled, until, visit } from './page_steps.mjs';

let opened;
let origin;
let inPage;

before(async () => {
  opened = await openConsole();
  ({ origin, inPage } = opened);
});

after(async () => {
  await opened?.close();
});

describe('the row that is selected', () => {
  const selected = (page) => page.locator('[role=row][aria-selected=true]').evaluateAll((all) => all.map((one) => one.dataset.key));
  const select = async (page, downwards) => {
    await page.locator('[role=grid]').focus();
    for (let step = 0; step < downwards; step += 1) await page.keyboard.press('ArrowDown');
    const [key, ...others] = await selected(page);
    assert.ok(key && others.length === 0, `${key} and ${others}`);
    return key;
  };
  const sort = async (page, field, order) => {
    await page.locator(`[data-sort=${field}]`).click();
    await pointerAway(page);
    await page.locator(`[role=columnheader][aria-sort=${order}]:has([data-sort=${field}])`).waitFor();
    await settled(page);
  };

  test('is the same one after sorting, wherever it stands then', () => inPage(async (page) => {
    const { rows } = await rest(origin, 'hosts?sort=flows&limit=2000&columns=address,flows');
    const { address } = rows.find((host) => host.flows > 2 && host.flows <= 20);
    await visit(page, origin, `/flows?q=${encodeURIComponent(`host = ${address}`)}&sort=-client_ip&v=1`);
    const key = await select(page, 1);
    const place = () => page.locator(`[role=row][data-key="${key}"]`).getAttribute('aria-rowindex');
    const places = [];
    for (const order of ['descending', 'ascending']) {
      await sort(page, 'bytes', order);
      assert.deepEqual(await selected(page), [key], order);
      places.push(await place());
    }
    assert.notEqual(places[0], places[1]);
  }));

  test('is none when sorting has taken it away, and the same one again when it is back', () => inPage(async (page) => {
    await visit(page, origin, '/flows?sort=-bytes&v=1');
    const key = await select(page, 3);
    await sort(page, 'bytes', 'ascending');
    await until('other rows', async () => await page.locator(`[role=row][data-key="${key}"]`).count() === 0 && await page.locator('[role=row] .bone').count() === 0);
    assert.deepEqual(await selected(page), []);
    await sort(page, 'bytes', 'descending');
    await until('it is there again', async () => (await selected(page)).join() === key);
  }));
});

test('the first click in a scrolled table opens the row under it, and the first key begins at what is seen', () => inPage(async (page) => {
  await visit(page, origin, '/flows?sort=packets&v=1');
  await page.locator('[role=grid]').evaluate((grid) => { grid.scrollTop = 28 * 100; });
  const row = page.locator('[role=row][aria-rowindex="105"]');
  await row.hover(); // holds the order
  await until('the row', async () => (await row.getAttribute('data-key')) !== '');
  const key = await row.getAttribute('data-key');
  await row.locator('[data-field=bytes]').click();
  await page.locator('dialog[data-flow]').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('f'), key);

  await visit(page, origin, '/flows?sort=packets&v=1');
  await page.locator('[role=grid]').evaluate((grid) => { grid.scrollTop = 28 * 100; });
  await page.locator('[role=row][aria-rowindex="102"]').waitFor();
  await page.locator('[role=grid]').focus();
  assert.equal(await page.locator('[role=row][aria-selected=true]').getAttribute('aria-rowindex'), '102');
}));
