// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done on the pages of the console, in Chromium, against the weir at WEIR_URL (with traffic in it) or, without that,
// against the mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { drawn } from './browser.mjs';
import { digits, rest, until, visit } from './page_steps.mjs';
import { inPage, origin } from './shared_console.mjs';

describe('the editor of scripts', () => {
  test('shows the script that is open, though the answer of the one before comes last', () => inPage(async (page) => {
    const text = (name) => JSON.stringify({ script: name, text: `-- ${name}`, can_change: true });
    let release;
    const isHeld = new Promise((resolve) => { release = resolve; });
    await page.route('**/api/v1/scripts?**', (route) => route.fulfill({
      contentType: 'application/json',
      body: JSON.stringify({ total: 2, offset: 0, rows: ['pages/slow', 'pages/quick'].map((script) => ({ script, file: `${script}.lua`, state: 'good', runs: 0, errors: 0 })) }),
    }));
    await page.route('**/api/v1/scripts/pages/slow', async (route) => {
      await isHeld;
      await route.fulfill({ contentType: 'application/json', body: text('pages/slow') });
    });
    await page.route('**/api/v1/scripts/pages/quick', (route) => route.fulfill({ contentType: 'application/json', body: text('pages/quick') }));
    await visit(page, origin, '/settings/scripts');
    await page.getByRole('link', { name: 'pages/slow' }).click();
    await page.getByRole('link', { name: 'pages/quick' }).click();
    await until('its text', async () => await page.locator('textarea').inputValue() === '-- pages/quick');
    const late = page.waitForResponse('**/api/v1/scripts/pages/slow');
    release();
    await late;
    await drawn(page);
    assert.equal(await page.locator('textarea').inputValue(), '-- pages/quick');
  }));
});

describe('settings', () => {
  test('a name that is given to a host stands in the tables, in other browsers too, until it is taken away', () => inPage(async (page) => {
    const { rows: [host] } = await rest(origin, 'hosts?limit=1&sort=bytes');
    const name = '<b>The "printer"</b>';
    await visit(page, origin, '/settings/networks');
    await page.getByRole('textbox', { name: 'Address' }).fill(host.address);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByRole('button', { name: 'Name a host' }).click();
    await page.getByText('Saved.').waitFor();
    try {
      await inPage(async (other) => {
        await visit(other, origin, `/hosts?q=${encodeURIComponent(`host = ${host.address}`)}&v=1`);
        await until('the name', async () => (await other.locator('[role=row][data-key] [data-field=name]').first().textContent()).trim() === name);
      });
    } finally {
      await page.getByRole('button', { name: `Remove ${host.address}` }).click();
      await page.getByRole('button', { name: `Remove ${host.address}` }).waitFor({ state: 'detached' });
    }
    const { rows } = await rest(origin, 'preferences');
    assert.ok(!rows.some((row) => row.name.startsWith('console/host/')));
  }));

  test('refuse what is no address', () => inPage(async (page) => {
    await visit(page, origin, '/settings/networks');
    await page.getByRole('textbox', { name: 'Address' }).fill('10.0.0.300');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('x');
    await page.getByRole('button', { name: 'Name a host' }).click();
    await page.getByText('This is no address.').waitFor();
  }));

  test('list the scripts and the licences of what is in the console', () => inPage(async (page) => {
    await visit(page, origin, '/settings/scripts');
    await page.locator('[data-script="rest/hosts"]').waitFor();
    await visit(page, origin, '/settings/about');
    await until('the licences', async () => /svelte[\s\S]*uplot/i.test(await page.locator('pre').textContent()));
    assert.notEqual(digits(await page.locator('[data-figure=version]').textContent()), '');
  }));
});

test('a screen on the wall has no frame, and a way back', () => inPage(async (page) => {
  await visit(page, origin, '/live?kiosk=1&v=1');
  assert.equal(await page.locator('nav').count(), 0);
  assert.equal(await page.getByLabel('Filter', { exact: true }).count(), 0);
  await page.getByRole('link', { name: 'Show the frame' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}));

test('back leads through the parts of a page', () => inPage(async (page) => {
  await visit(page, origin, '/networks');
  await page.locator('[data-tab=countries]').click();
  await until('countries', () => new URL(page.url()).pathname === '/networks/countries');
  await page.locator('[role=row][data-key] [data-field=key] a').first().click();
  await page.locator('main[data-route=group] h1').waitFor();
  await page.goBack();
  await page.locator('[data-tab=countries][aria-current=page]').waitFor();
  await page.goBack();
  await page.locator('[data-tab=subnets][aria-current=page]').waitFor();
}));
