// SPDX-License-Identifier: GPL-3.0-or-later
// Single keys, with and without them, against the weir at WEIR_URL (with traffic in it) or, without that, against the mock server.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drawn } from './browser.mjs';
import { settled, until, visit } from './page_steps.mjs';
import { inPage, origin } from './shared_console.mjs';

const selected = (page) => page.locator('[role=row][aria-selected=true]').getAttribute('aria-rowindex');
const help = (page) => page.getByRole('dialog', { name: 'Keys' });

async function turnKeys(page, isOn) {
  await page.getByRole('button', { name: 'View settings' }).click();
  await page.getByLabel('Single-key shortcuts').setChecked(isOn);
  await page.keyboard.press('Escape');
}

test('j and k go down and up in a table, and the list of keys says so', () => inPage(async (page) => {
  await visit(page, origin, '/flows');
  await page.locator('[role=grid]').focus();
  for (const [key, row] of [['j', '3'], ['j', '4'], ['k', '3'], ['ArrowDown', '4'], ['Shift+J', '4'], ['Control+j', '4']]) {
    await page.keyboard.press(key);
    assert.equal(await selected(page), row, key);
  }
  await page.keyboard.press('?');
  await help(page).getByText('j, k', { exact: true }).waitFor();
}));

test('t turns charts into their tables and back, and not while something is written', () => inPage(async (page) => {
  await visit(page, origin, '/live');
  const cards = page.locator('[data-chart]');
  const tables = () => cards.locator('[data-twin=chart]').count();
  const all = await cards.locator('[data-twin]').count();
  assert.ok(all >= 2, `${all} charts`);
  for (const wanted of [all, 0]) {
    await page.keyboard.press('t');
    await until(`${wanted} tables`, async () => (await tables()) === wanted);
  }
  await page.getByLabel('Filter', { exact: true }).pressSequentially('t');
  await drawn(page);
  assert.equal(await tables(), 0);
}));

test('turned off they do nothing, also after a reload, and Ctrl-K goes on', () => inPage(async (page) => {
  await visit(page, origin, '/flows');
  await turnKeys(page, false);
  for (const step of ['at once', 'after a reload']) {
    if (step !== 'at once') {
      await page.reload();
      await settled(page);
    }
    await page.locator('[role=grid]').focus();
    const [address, row] = [page.url(), await selected(page)];
    for (const key of ['g', 'h', '?', '/', 'm', 'j', 'k', 't']) await page.keyboard.press(key);
    await drawn(page);
    assert.equal(page.url(), address, step);
    assert.equal(await page.locator('dialog:modal, [role=menu]:popover-open').count(), 0, step);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'grid', step);
    assert.equal(await selected(page), row, step);
    await page.keyboard.press('Space'); // which scrolls, as in any page
    await drawn(page);
    assert.equal(await page.locator('[data-state=live]').count(), 1, step);
    await page.keyboard.press('Control+k');
    await page.locator('dialog:modal input:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog:modal').waitFor({ state: 'detached' });
  }
  await turnKeys(page, true);
  await page.locator('[role=grid]').focus();
  await page.keyboard.press('?');
  await help(page).waitFor();
}));
