// SPDX-License-Identifier: GPL-3.0-or-later
// Tabs that nobody looks at, and two of them side by side, against the weir at WEIR_URL (with traffic in it) or, without that, against the
// mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { drawn, seconds } from './browser.mjs';
import { digits, mayHide, pointerAway, rest, rowKeys, until, visit } from './page_steps.mjs';
import { inPage, origin } from './shared_console.mjs';

// What is asked over the page's socket: the topics that are open, and those whose answers came.
function listen(page) {
  const open = new Map();
  const answered = new Map(); // topic: bytes
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const { op, id, topic } = JSON.parse(payload.toString());
      if (op === 'sub') open.set(id, topic);
      if (op === 'unsub') open.delete(id);
    });
    socket.on('framereceived', ({ payload }) => {
      const topic = open.get(JSON.parse(payload.toString()).id);
      if (topic !== undefined) answered.set(topic, (answered.get(topic) ?? 0) + payload.length);
    });
  });
  return { topics: () => [...open.values()].sort(), answered };
}

const fetched = (page) => page.evaluate(() => window.fetched.filter((path) => path.startsWith('/api/')));
const isOfAllFlows = (path) => path.startsWith('/api/v1/flows?') && path.includes('group_by=');
const bits = (page) => page.locator('[data-chart=throughput] [data-series] [title]').evaluateAll((all) => all.map((one) => one.title).join());

describe('a tab that is hidden', () => {
  test('asks for what was dropped and for nothing else, and shows the present and what it missed when it is seen again', (t) => inPage(async (page) => {
    await mayHide(page, false);
    const { topics, answered } = listen(page);
    await visit(page, origin, '/live');
    await page.locator('[data-chart=talkers] .node').first().waitFor();
    await until('answers to what is shown', () => ['applications', 'hosts', 'interfaces', 'series'].every((topic) => answered.has(topic)));

    await page.evaluate(() => window.turnAway(true));
    await until('one question', () => topics().join() === 'interfaces');
    await seconds(page, 1); // answers that were on their way
    const [hiddenFrom, shown, asked] = [Date.now() / 1000, await bits(page), await fetched(page)];
    answered.clear();
    await seconds(page, 7); // longer than what is asked every five seconds
    assert.deepEqual([...answered.keys()], ['interfaces']);
    assert.deepEqual(await fetched(page), asked);
    assert.equal(await bits(page), shown);
    t.diagnostic(`${Math.round(answered.get('interfaces') / 7)} bytes a second while hidden`);

    // By the second frame all of it is asked, though the time of some is not come.
    const [paths, hiddenTo] = [await page.evaluate(async () => {
      const before = window.fetched.length;
      window.turnAway(false);
      await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
      return window.fetched.slice(before);
    }), Date.now() / 1000];
    assert.ok(paths.some((path) => path.includes('group_by=client_ip')), `the card of talkers is asked for: ${paths}`);
    await until('all questions', () => ['applications', 'hosts', 'interfaces', 'series'].every((topic) => topics().includes(topic)));
    await until('other figures', async () => (await bits(page)) !== shown);
    await page.locator('[data-chart=throughput] [data-twin=table]').click();
    await until('the seconds in which it was hidden, as REST has them', async () => {
      const { start, series } = await rest(origin, 'series?seconds=60');
      const sums = series[0].bytes.map((_, second) => series.reduce((sum, one) => sum + (one.bytes[second] ?? 0), 0) * 8);
      const missed = sums.filter((_, second) => start + second > hiddenFrom && start + second < hiddenTo - 1).map(String);
      const titles = await page.locator('.seconds tbody [data-total] [title]').evaluateAll((all) => all.slice(0, 60).map((one) => one.title));
      const told = missed.filter((sum) => sum !== '0'); // 0: a gap
      return told.length >= 3 && told.every((sum) => titles.map(digits).includes(sum));
    });
  }));

  test('from the start waits until it is seen', () => inPage(async (page) => {
    await mayHide(page, true);
    const { topics, answered } = listen(page);
    await page.goto(`${origin}/live`);
    await page.locator('[data-state=live]').waitFor();
    await page.locator('main[data-route=live] h1').waitFor({ state: 'attached' });
    await seconds(page, 2);
    assert.deepEqual([topics(), [...answered.keys()]], [['interfaces'], ['interfaces']]);
    assert.deepEqual((await fetched(page)).filter(isOfAllFlows), []);
    await page.evaluate(() => window.turnAway(false));
    await page.locator('main[data-waiting="0"]').waitFor();
    await until('figures', async () => /\d/.test(await bits(page)));
    await page.locator('[data-chart=talkers] .node').first().waitFor();
  }));

  test('from the start and paused asks once when it is seen', () => inPage(async (page) => {
    await mayHide(page, true);
    await page.goto(`${origin}/live`);
    await page.locator('[data-state=live]').waitFor();
    await page.locator('[data-chart=talkers]').waitFor();
    await page.keyboard.press('Space');
    await page.locator('[data-state=paused]').waitFor();
    await page.evaluate(() => window.turnAway(false));
    await page.locator('[data-chart=talkers] .node').first().waitFor();
    await page.locator('main[data-waiting="0"]').waitFor();
    await seconds(page, 6); // longer than it takes to ask again
    const asked = (await fetched(page)).filter(isOfAllFlows);
    assert.ok(asked.length > 0 && asked.length === new Set(asked).size, `each question once: ${asked}`);
  }));
});

describe('two tabs', () => {
  test('have each their own filter, order, columns and pause', () => inPage(async (one) => {
    const other = await one.context().newPage();
    const address = (page) => page.url().slice(origin.length);
    const shownTotal = async (page) => Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')) - 1;
    const fields = (page) => page.locator('[role=columnheader] [data-sort]').evaluateAll((all) => all.map((head) => head.dataset.sort));
    await visit(one, origin, '/flows');
    await visit(other, origin, '/flows');
    const [everything, standard] = [await shownTotal(other), await fields(other)];

    await one.locator('[data-sort=bytes]').click();
    await one.getByLabel('Filter', { exact: true }).fill('proto = UDP');
    await one.keyboard.press('Enter');
    await until('fewer rows', async () => (await shownTotal(one)) < everything);
    await one.locator('.page-head summary', { hasText: 'Columns' }).click();
    await one.locator('[data-column=state]').uncheck();
    await until('one column less', async () => (await fields(one)).length === standard.length - 1);
    await one.getByRole('button', { name: 'Pause (Space)' }).click();
    await one.locator('[data-state=paused]').waitFor();
    await drawn(one);

    assert.equal(address(other), '/flows');
    assert.deepEqual(await fields(other), standard);
    assert.equal(await other.locator('[data-sort=bytes]').evaluate((head) => head.closest('[role=columnheader]').ariaSort), 'none');
    assert.equal(await other.getByLabel('Filter', { exact: true }).inputValue(), '');
    assert.equal(await other.locator('[data-state=live]').count(), 1);
    assert.ok(Math.abs((await shownTotal(other)) - (await rest(origin, 'flows?limit=0')).total) <= 5);
    const values = (page) => page.locator('[role=row][data-key]').allTextContents().then((all) => all.join());
    const [frozen, moving] = [await values(one), await values(other)];
    await until('the other one to go on', async () => (await values(other)) !== moving);
    assert.equal(await values(one), frozen);

    await one.getByRole('button', { name: 'Resume (Space)' }).click();
    await one.locator('[data-state=live]').waitFor();
    await pointerAway(one);
    await until('the order of the API', async () => {
      const { rows } = await rest(origin, `flows?sort=bytes&order=desc&limit=8&filter=${encodeURIComponent('proto = UDP')}`);
      return JSON.stringify(await rowKeys(one, rows.length)) === JSON.stringify(rows.map((row) => row.id));
    });
  }));
});
