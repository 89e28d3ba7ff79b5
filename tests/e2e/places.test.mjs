// SPDX-License-Identifier: GPL-3.0-or-later
// The map of the world with a country file, and what is said without one.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launch, openPage } from './browser.mjs';
import { country, writeMmdb } from './mmdb.mjs';
import { until, visit } from './page_steps.mjs';
import { ask, run, startWeir, traffic } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-places-'));
const capture = join(folder, 'made.pcap');
let browser;

before(async () => {
  // Hosts 10.0.0.1 to 10.0.0.100: German, French, and five of no country.
  assert.equal(run(traffic, ['--hosts', '100', '--flows', '300', '--size', '200', '--packets', '3000', '--consecutive', '--write', capture]).code, 0);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function watching(t, ...options) {
  const daemon = await startWeir('-i', `pcap:${capture}`, ...options);
  t.after(() => daemon.stop());
  await ask(() => daemon.get('/api/v1/interfaces'), (answer) => answer.rows[0]?.state === 'ended');
  const { context, page, faults } = await openPage(browser, daemon.url);
  t.after(() => context.close());
  return { daemon, page, faults };
}

const card = (page) => page.locator('[data-chart=countries]');

test('the map has the countries of the API, arcs between them, and words for each', async (t) => {
  const file = writeMmdb(join(folder, 'country.mmdb'), 'Test-Country', { '10.0.0.0/26': country('DE', 'Germany'), '10.0.0.64/27': country('FR', 'France') });
  const { daemon, page, faults } = await watching(t, '--country-db', file);
  await visit(page, daemon.url, '/map');
  await card(page).locator('path.used').nth(1).waitFor();
  const filled = await card(page).locator('path.used').evaluateAll((all) => all.map((path) => [path.closest('a').dataset.value, Number(path.style.fillOpacity), path.getBBox().width > 1]));
  assert.deepEqual(filled.map(([key]) => key).sort(), ['DE', 'FR']);
  for (const [key, opacity, isDrawn] of filled) assert.ok(opacity > 0.1 && isDrawn, key);
  const { rows } = await daemon.get('/api/v1/countries?sort=bytes&order=desc');
  assert.deepEqual(rows.map(({ key }) => key).sort(), ['DE', 'FR', 'unknown']);
  const pairs = (await daemon.get('/api/v1/flows?group_by=client_country,server_country&limit=100')).rows.map((row) => [row.client_country, row.server_country]);
  const arcs = (home) => pairs.map((pair) => pair.map((one) => one ?? home)).filter(([from, to]) => from !== undefined && to !== undefined && from !== to).length;
  assert.ok(arcs() >= 1 && arcs('IT') > arcs());
  await until('arcs between the two', async () => (await card(page).locator('path.arc').count()) === arcs());

  // With the country of this network arcs begin there, too.
  await card(page).getByRole('link', { name: 'Choose the country' }).click();
  await page.getByRole('combobox', { name: 'Country of this network' }).selectOption('IT');
  await page.getByText('Saved.').waitFor();
  await page.goBack();
  await until('arcs of this network', async () => (await card(page).locator('path.arc').count()) === arcs('IT'));
  assert.equal(await card(page).getByRole('link', { name: 'Choose the country' }).count(), 0);

  await card(page).locator('[role=application]').focus();
  for (const name of rows.filter(({ key }) => key !== 'unknown').map(({ key }) => ({ DE: 'Germany', FR: 'France' })[key])) {
    await page.keyboard.press('ArrowRight');
    for (const line of ['.readout', '[role=status]']) await until(`${name} in words`, async () => (await card(page).locator(line).textContent()).startsWith(`${name}: `));
  }
  await card(page).locator('[data-twin=table]').click();
  const shown = await card(page).locator('.twin tbody tr').evaluateAll((all) => all.map((row) => [row.cells[0].textContent, ...[...row.cells].slice(2).map((cell) => cell.title)]));
  assert.deepEqual(shown, rows.map((row) => [row.key, ...[row.bytes, row.bits_per_second, row.flows, row.hosts].map((value) => String(value ?? 0))]));
  assert.deepEqual(faults, []);
});

test('without a country file the map and the list of countries say how to get one', async (t) => {
  const { daemon, page, faults } = await watching(t);
  const { note } = await daemon.get('/api/v1/countries');
  assert.match(note, /--country-db/);
  await visit(page, daemon.url, '/map');
  await until('the sentence', async () => (await card(page).locator('.summary').textContent()) === note);
  assert.equal(await card(page).locator('path.used').count(), 0);
  assert.equal(await card(page).locator('path.arc').count(), 0);
  await visit(page, daemon.url, '/networks/countries');
  await page.locator('.notice', { hasText: note }).waitFor();
  assert.deepEqual(faults, []);
});
