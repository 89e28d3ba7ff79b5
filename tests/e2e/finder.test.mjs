// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-K and the keys of the page, against the weir at WEIR_URL (with traffic in it) or, without that, against the mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { seconds } from './browser.mjs';
import { rest, until, visit } from './page_steps.mjs';
import { inPage, origin } from './shared_console.mjs';

const focused = (page, attribute) => page.evaluate((name) => document.activeElement.getAttribute(name), attribute);

// What the finder is asked.
async function search(page, text) {
  await page.keyboard.press('Control+k');
  await page.locator('dialog:modal input:focus').waitFor();
  await page.keyboard.type(text);
}

describe('keys', () => {
  test('what Ctrl-K found and what is chosen of it stay while figures go on', () => inPage(async (page) => {
    const { rows: [host] } = await rest(origin, 'hosts?limit=1&sort=bytes');
    await visit(page, origin, '/live');
    await search(page, host.address);
    await page.locator('#found [data-kind=host]', { hasText: host.address }).first().waitFor();
    await page.locator('#found [data-kind=filter]').waitFor();
    await page.keyboard.press('ArrowDown');
    let asked = 0;
    page.on('request', (request) => { asked += request.url().includes('/api/v1/applications?') ? 1 : 0; });
    await seconds(page, 3);
    assert.equal(asked, 0);
    assert.equal(await page.locator('#found-1').getAttribute('aria-selected'), 'true');
    assert.equal(await page.locator('#found [data-kind=filter]').count(), 1);
  }));

  test('Ctrl-K finds a host and goes there', () => inPage(async (page) => {
    const { rows: [host] } = await rest(origin, 'hosts?limit=1&sort=bytes');
    await visit(page, origin, '/live');
    await search(page, host.address);
    const option = page.locator('#found [data-kind=host]', { hasText: host.address }).first();
    await option.waitFor();
    const place = await option.getAttribute('id');
    for (let step = Number(place.split('-')[1]); step > 0; step -= 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('main[data-route=host] h1').waitFor();
    assert.ok((await page.locator('h1').textContent()).startsWith(host.address));
  }));

  test('g and a letter lead to a page, ? tells all keys, and neither while typing', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    for (const [key, route] of [['h', 'hosts'], ['n', 'networks'], ['t', 'transactions'], ['b', 'alerts'], ['a', 'apps'], ['l', 'live']]) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.locator(`main[data-route=${route}]`).waitFor();
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('g?h');
    assert.equal(await page.getByLabel('Filter', { exact: true }).inputValue(), 'g?h');
    assert.equal(new URL(page.url()).pathname, '/live');
  }));

  test('go back to where they were when what was opened is closed', () => inPage(async (page) => {
    await visit(page, origin, '/flows');
    const overlay = page.locator('dialog:modal');
    for (const [key, button] of [['?', true], ['?', false], ['Control+k', false]]) {
      await page.locator('[role=grid]').focus();
      await page.keyboard.press(key);
      await overlay.waitFor();
      if (button) await page.getByRole('dialog', { name: 'Keys' }).getByRole('button').click();
      else await page.mouse.click(3, 3); // beside it
      await overlay.waitFor({ state: 'detached' });
      assert.equal(await focused(page, 'role'), 'grid', key);
    }
    const summary = page.locator('.page-head summary').first();
    await summary.click();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await until('closed', async () => (await page.locator('.page-head details[open]').count()) === 0);
    assert.equal(await page.evaluate(() => document.activeElement.localName), 'summary');
  }));

  test('Ctrl-K knows every page of the navigation', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    await page.keyboard.press('Control+k');
    await page.locator('#found [data-kind=page]').first().waitFor();
    const pages = await page.getByRole('navigation', { name: 'Pages' }).locator('ul:not([popover]) a').evaluateAll((all) => all.map((one) => one.textContent.trim()));
    assert.deepEqual(await page.locator('#found [data-kind=page] .cut:first-child').allTextContents(), pages);
  }));

  test('lead from the interface to the host to the flow', () => inPage(async (page) => {
    await visit(page, origin, '/interfaces');
    await page.locator('[data-interface] h2 a').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('main[data-route=interface] [role=row][data-key]:not([data-key=""])').first().waitFor();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight'); // the client
    await page.keyboard.press('Enter');
    await page.locator('main[data-route=host] [role=row][data-key]:not([data-key=""])').first().waitFor();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[data-flow] [data-figure=bytes]').waitFor();
    await page.locator('dialog[data-flow]').getByRole('link', { name: 'Open as a page' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('main[data-route=flow] [data-figure=bytes]').waitFor();
  }));
});
