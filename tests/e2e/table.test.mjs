// SPDX-License-Identifier: GPL-3.0-or-later
// What stays in a table when its rows or the page change, against the weir at WEIR_URL (with traffic in it) or, without that, against
// the mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { drawn } from './browser.mjs';
import { pointerAway, rest, settled, until, visit } from './page_steps.mjs';
import { inPage, origin } from './shared_console.mjs';

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

describe('Back and Forward', () => {
  // aria-rowindex of the first row below the heads.
  const firstSeen = (page) => page.evaluate(() => {
    const edge = document.querySelector('[role=grid] .head').getBoundingClientRect().bottom;
    const seen = [...document.querySelectorAll('[role=row][data-key]')].filter((row) => row.getBoundingClientRect().bottom > edge + 1);
    return Math.min(...seen.map((row) => Number(row.getAttribute('aria-rowindex'))));
  });
  const scrollTable = async (page, top) => {
    await page.locator('[role=grid]').evaluate((grid, to) => { grid.scrollTop = to; }, top);
    await drawn(page);
    await until('rows', async () => (await page.locator('[role=row] .bone').count()) === 0);
    return firstSeen(page);
  };
  const address = (page) => page.url().slice(origin.length);

  test('find rows, order and filter as they were', () => inPage(async (page) => {
    const list = `/flows?q=${encodeURIComponent('bytes > 1')}&sort=packets&v=1`;
    await visit(page, origin, list);
    const flows = await scrollTable(page, 28 * 150);
    assert.ok(flows > 100, `it is scrolled to row ${flows}`);
    const asked = address(page);
    await page.locator(`[role=row][aria-rowindex="${flows + 3}"] [data-field=bytes]`).click();
    await page.locator('dialog[data-flow]').getByRole('link', { name: 'Open as a page' }).click();
    await page.locator('main[data-route=flow] [data-figure=bytes]').waitFor();
    const flow = address(page);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Hosts', exact: true }).click();
    await page.locator('main[data-route=hosts] [role=row][data-key]:not([data-key=""])').first().waitFor();
    const hosts = await scrollTable(page, 28 * 40);
    assert.ok(hosts > 30, `it is scrolled to row ${hosts}`);

    await page.goBack();
    await page.locator('main[data-route=flow]').waitFor();
    assert.equal(address(page), flow);
    await page.goBack();
    await page.locator('dialog[data-flow]').waitFor();
    await until('the same rows under the drawer', async () => (await firstSeen(page)) === flows);
    await page.goBack();
    await page.locator('dialog[data-flow]').waitFor({ state: 'detached' });
    await until('the same rows', async () => (await firstSeen(page)) === flows);
    assert.equal(address(page), asked);
    assert.equal(await page.locator('[role=columnheader]:has([data-sort=packets])').getAttribute('aria-sort'), 'ascending');
    assert.equal(await page.getByLabel('Filter', { exact: true }).inputValue(), 'bytes > 1');
    await until('rows that are there', async () => (await page.locator('[role=row] .bone').count()) === 0);

    for (let step = 0; step < 3; step += 1) await page.goForward();
    await page.locator('main[data-route=hosts]').waitFor();
    await until('the same hosts', async () => (await firstSeen(page)) === hosts);
  }));

  test('lead through orders of one list, each where it was', () => inPage(async (page) => {
    await visit(page, origin, '/flows?sort=bytes&v=1');
    const before = await scrollTable(page, 28 * 120);
    const chip = page.getByLabel('Filter', { exact: true });
    await chip.fill('bytes > 2');
    await page.keyboard.press('Enter');
    await until('its first rows', async () => (await firstSeen(page)) === 2);
    await page.goBack();
    await until('the same rows', async () => (await firstSeen(page)) === before);
    await page.goForward();
    await until('its first rows', async () => (await firstSeen(page)) === 2);
  }));

  test('find a long page where it was, and other pages begin at their top', () => inPage(async (page) => {
    const top = () => page.locator('.scroller').evaluate((one) => one.scrollTop);
    await visit(page, origin, '/live');
    await page.locator('.scroller').evaluate((one) => { one.scrollTop = one.scrollHeight; });
    await drawn(page);
    const wanted = await top();
    assert.ok(wanted > 100, `${wanted} px`);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Health', exact: true }).click();
    await page.locator('main[data-route=health]').waitFor();
    assert.equal(await top(), 0);
    await page.goBack();
    await until('the same place', async () => Math.abs((await top()) - wanted) < 2);
    // Of the history it is also after the page was loaded anew, which takes the time without scrolling after which it is kept.
    await until('that it is kept', () => page.evaluate((to) => Math.abs(window.history.state.page - to) < 2, wanted));
    await page.reload();
    await until('the same place', async () => Math.abs((await top()) - wanted) < 2);
  }, { viewport: { width: 1280, height: 500 } }));

  test('are not told of each step of scrolling', () => inPage(async (page) => {
    await page.addInitScript(() => {
      window.kept = 0;
      const replace = History.prototype.replaceState;
      History.prototype.replaceState = function replaceState(...all) { window.kept += 1; return replace.apply(this, all); };
    });
    await visit(page, origin, '/flows');
    const kept = await page.evaluate(async () => {
      const grid = document.querySelector('[role=grid]');
      const before = window.kept;
      for (let step = 1; step <= 30; step += 1) {
        grid.scrollTop = step * 40;
        await new Promise(requestAnimationFrame);
      }
      return window.kept - before;
    });
    assert.ok(kept <= 3, `${kept} changes of the history for 30 steps`);
    await until('the last of them', () => page.evaluate(() => window.history.state.table === 1200));
  }));
});
