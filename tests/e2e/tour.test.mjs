// SPDX-License-Identifier: GPL-3.0-or-later
// The walk of docs/tour.md, step by step, against the weir at WEIR_URL or the mock server. With WEIR_TOUR=docs/images it makes the pictures anew (then pngquant --ext .png --force --strip docs/images/*.png: a third of the bytes).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { openConsole, openPage } from './browser.mjs';
import { exact, pointerAway, rest, still, until, visit } from './page_steps.mjs';

let opened;
let browser;
let origin;
const pictures = [];

before(async () => {
  opened = await openConsole();
  ({ browser, origin } = opened);
});

after(async () => {
  await opened?.close();
});

async function picture(page, name) {
  pictures.push(`images/${name}.png`);
  if (process.env.WEIR_TOUR === undefined) return;
  await still(page);
  await page.screenshot({ path: join(process.env.WEIR_TOUR, `${name}.png`) });
}

test('who never saw the console finds the busiest host, what it does, with whom, since when, and whose fault a slow URL is', async () => {
  const { context, page, faults } = await openPage(browser, origin, { viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  try {
    await visit(page, origin, '/');
    await until('the course', async () => (await page.locator('[data-series] [title]').count()) > 0);
    await page.locator('[data-chart=talkers] .node').first().waitFor();
    await picture(page, 'tour-live');

    // The busiest host.
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Hosts' }).click();
    await page.locator('[data-sort=bytes]').click();
    await pointerAway(page);
    const row = page.locator('[role=row][aria-rowindex="2"][data-key]:not([data-key=""])');
    await until('the host with the most bytes of the API', async () => {
      const { rows: [most] } = await rest(origin, 'hosts?sort=bytes&limit=1');
      return await row.getAttribute('data-key') === `${most.interface}/${most.key}`;
    });
    await picture(page, 'tour-hosts');
    await row.locator('[data-field=address] a').click();

    // What it does and since when.
    await page.locator('main[data-route=host] [data-figure=bytes] [title]').waitFor();
    const key = decodeURIComponent(new URL(page.url()).pathname.split('/')[2]);
    const facts = await page.locator('dl.facts').first().textContent();
    assert.match(facts, /First seen\s*\d{4}-\d\d-\d\d/);
    assert.ok((await page.locator('section[aria-labelledby=host-shares] tbody tr').count()) > 0, 'what it does');
    await picture(page, 'tour-host');

    // With whom.
    await page.locator('[data-tab=peers]').click();
    const peer = page.locator('[role=row][aria-rowindex="2"][data-key]:not([data-key=""])');
    await until('the peer with the most bytes of the API', async () => {
      const { rows: [most] } = await rest(origin, `peers?host=${encodeURIComponent(key)}&sort=bytes&limit=1`);
      return await peer.getAttribute('data-key') === most.address;
    });
    await picture(page, 'tour-peers');

    // What the network is for, and who depends on whom.
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Apps' }).click();
    await page.locator('[data-chart=applications] svg rect').first().waitFor();
    await picture(page, 'tour-applications');
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Map' }).click();
    await page.locator('[data-tab=services]').click();
    await page.locator('[data-chart=services] circle').first().waitFor();
    await picture(page, 'tour-services');

    // Whose fault a slow URL is.
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Transactions' }).click();
    await page.getByLabel('Filter', { exact: true }).fill('protocol = HTTP');
    await page.keyboard.press('Control+Enter');
    // The slowest of which it is known: datagrams and connections seen from their middle tell nothing of the network.
    const slowest = page.locator('[role=row][data-key]:not([data-key=""]):has(.parts)').first();
    await slowest.waitFor();
    await slowest.hover(); // holds the order
    await slowest.locator('[data-field=p95_ms]').click();
    const drawer = page.locator('dialog[data-flow]');
    await drawer.locator('.blame').waitFor();
    assert.match(await drawer.locator('.blame').textContent(), /^Most of the time: .+ \(\d+.*%\)\.$/);
    assert.ok(Number(await exact(page, 'dialog [data-figure=transactions]')) > 0);
    await picture(page, 'tour-transactions');
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
});

test('the pictures of the tour are those of docs/tour.md', () => {
  const text = readFileSync(new URL('../../docs/tour.md', import.meta.url), 'utf8');
  assert.deepEqual([...text.matchAll(/\]\((images\/[\w-]+\.png)\)/g)].map(([, file]) => file), pictures);
});
