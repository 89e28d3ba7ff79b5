// SPDX-License-Identifier: GPL-3.0-or-later
// How the rates of rows went: lines in tables, against the weir at WEIR_URL or the mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { seconds } from './browser.mjs';
import { digits, pointerAway, until, visit } from './page_steps.mjs';
import { inPage, origin } from './shared_console.mjs';

const wide = { viewport: { width: 1440, height: 900 } };

// Of each row by its key: the rate that it says, the line as [second, height from 0 to 1], the words for it.
const rowsOf = (page, rows, cell, rate) => page.locator(rows).evaluateAll((all, [inCell, inRate]) => all.filter((row) => row.dataset.key !== '' && row.querySelector(inCell) !== null).map((row) => ({
  key: row.dataset.key,
  rate: row.querySelector(inRate).title,
  line: [...row.querySelector(`${inCell} path`).getAttribute('d').matchAll(/[ML](\d+) (\d+)/g)].map(([, second, down]) => [Number(second), 1 - Number(down) / 100]),
  words: row.querySelector(`${inCell} [title]`).title,
})), [cell, rate]);

const inTable = (page) => rowsOf(page, '[role=row][data-key]', '[data-field=trend]', '[data-field=bits_per_second] [title]');
const inCard = (page, label) => rowsOf(page, `table[aria-label="${label}"] tbody tr`, 'td.trend', 'td.number [title]');

// Follows rows for some seconds and holds their lines to the rates that they said.
async function follow(page, read) {
  const said = new Map();
  for (let second = 0; second < 5; second += 1) {
    await seconds(page, 1);
    for (const { key, rate } of await read(page)) said.set(key, [...said.get(key) ?? [], Number(digits(rate))]);
  }
  await page.keyboard.press('Space');
  await page.locator('[data-state=paused]').waitFor();
  let compared = 0;
  for (const { key, rate, line, words } of await read(page)) {
    const rates = said.get(key) ?? [];
    if (new Set(rates).size < 3 || line.length < 3) continue;
    assert.equal(line.at(-1)[0], 59, `${key} ends now`);
    assert.equal(Math.max(...line.map(([, height]) => height)), 1);
    if (line.at(-1)[1] < 0.2) continue; // too coarse to scale by
    compared += 1;
    const scale = Number(digits(rate)) / line.at(-1)[1]; // the line's end is the rate in the row
    const drawn = line.map(([, height]) => height * scale);
    for (const one of rates.slice(1)) assert.ok(drawn.some((value) => Math.abs(value - one) <= 0.012 * scale + one * 0.03), `${one} of ${key} among ${drawn.map(Math.round).join()}`);
    assert.match(words, /^(rising|falling|steady), [\d.]+ [kMG]?bit\/s (\d+ s|a minute) ago$/);
  }
  assert.ok(compared >= 1, 'rows whose rates changed');
}

describe('a trend', () => {
  for (const route of ['/hosts', '/flows']) {
    test(`in ${route} is the course of the rates of its row`, () => inPage(async (page) => {
      await visit(page, origin, route);
      await pointerAway(page);
      await until('lines', async () => (await inTable(page)).length > 0);
      await follow(page, inTable);
    }, wide));
  }

  test('in the cards of Live is that of their rows', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    await pointerAway(page);
    await until('lines', async () => (await inCard(page, 'Top applications')).length > 0 && (await inCard(page, 'Top hosts')).length > 0);
    await follow(page, (one) => inCard(one, 'Top applications'));
  }, wide));

  test('of a host goes on from page to page', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    await until('lines', async () => (await inCard(page, 'Top hosts')).length > 0);
    await seconds(page, 4);
    await page.getByRole('link', { name: 'Hosts', exact: true }).first().click();
    await until('a line that began on Live', async () => (await inTable(page)).some(({ line }) => line.length >= 4), 3000);
  }, wide));

  test('asks for nothing more, and sorts nothing', () => inPage(async (page) => {
    const asked = [];
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => { const question = JSON.parse(payload.toString()); if (question.topic === 'hosts') asked.push(question); }));
    await visit(page, origin, '/hosts?cols=address,trend&v=1');
    await until('lines', async () => (await page.locator('[role=row][data-key] [data-field=trend] path').count()) > 0);
    await seconds(page, 2);
    assert.equal(new Set(asked.map((one) => one.columns)).size, 1);
    assert.deepEqual(asked[0].columns.split(',').sort(), ['address', 'bits_per_second', 'interface', 'is_local', 'key']);
    assert.equal(await page.locator('[data-sort=trend]').count(), 0);
  }));

  test('is there by itself where there is room, and can be chosen where there is none', () => inPage(async (page) => {
    const shown = async () => (await page.locator('[role=columnheader]').allTextContents()).map((one) => one.trim());
    await visit(page, origin, '/hosts');
    assert.ok(!(await shown()).includes('Trend'));
    await page.locator('.page-head summary', { hasText: 'Columns' }).click();
    await page.locator('[data-column=trend]').check();
    await until('the column', async () => (await shown()).includes('Trend'));
    assert.ok(new URL(page.url()).searchParams.get('cols').split(',').includes('trend'));
    await page.getByRole('button', { name: 'The usual ones' }).click();
    await until('no column', async () => !(await shown()).includes('Trend'));
    await page.setViewportSize({ width: 1440, height: 900 });
    await until('the column in a wide window', async () => (await shown()).includes('Trend'));
    await visit(page, origin, '/live');
    await page.locator('table[aria-label="Top hosts"] td.trend').first().waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('table[aria-label="Top hosts"] td.trend').first().waitFor({ state: 'hidden' });
  }, { viewport: { width: 390, height: 844 } }));
});
