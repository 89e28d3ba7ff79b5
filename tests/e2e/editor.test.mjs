// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts written in the console, and what they tell counted in it: Chromium, against a weir of the test's own.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launch, openPage } from './browser.mjs';
import { mix, startWeir } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-editor-'));
const scripts = join(folder, 'scripts');
let browser;

before(async () => {
  cpSync('scripts', scripts, { recursive: true });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function inPage(options, path, steps, expected = []) {
  const daemon = await startWeir('-i', `pcap:${mix}`, '--scripts', scripts, ...options);
  const { context, page, faults } = await openPage(browser, daemon.url, {});
  try {
    await page.goto(daemon.url + path);
    await steps(page, daemon);
    // What weir refuses the browser notes, too.
    assert.deepEqual(faults.filter((fault) => !expected.some((some) => some.test(fault))), []);
  } finally {
    await context.close();
    await daemon.stop();
  }
}

test('a script is written, refused with its line, mended, used, and taken away', () => inPage(['--edit-scripts'], '/settings/scripts', async (page, daemon) => {
  await page.getByRole('link', { name: 'rest/hosts', exact: true }).click();
  const text = page.getByRole('textbox', { name: 'rest/hosts' });
  await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('SPDX'));
  assert.match(await text.inputValue(), /hosts/);
  await page.getByLabel('Kind').selectOption('rest');
  await page.getByLabel('Name', { exact: true }).fill('mine');
  await page.getByRole('button', { name: 'New script' }).click();
  const mine = page.getByRole('textbox', { name: 'rest/mine' });
  await mine.fill('\nprint(');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').filter({ hasText: 'rest/mine.lua:2:' }).waitFor();
  await mine.fill('ntop.publishCache("events", json.encode({ event = "mine", colour = _GET.colour }))\nprint("told")');
  await mine.press('Control+s');
  await page.getByText('Saved. It is used from its next run on.').waitFor();
  for (const colour of ['red', 'red', '<img src=x>']) {
    assert.equal(await (await fetch(`${daemon.url}/api/v1/mine?colour=${encodeURIComponent(colour)}`)).text(), 'told');
  }
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Really remove it' }).click();
  await page.locator('textarea').waitFor({ state: 'detached' });
  assert.equal((await fetch(`${daemon.url}/api/v1/mine`)).status, 404);

  await page.goto(`${daemon.url}/alerts`);
  await page.getByLabel('Of the kind').selectOption('mine');
  await page.getByLabel(/^By /).selectOption('colour');
  const table = page.getByRole('table', { name: 'What was told' });
  await table.getByText('red').waitFor();
  assert.deepEqual(await table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].slice(0, 2).map((cell) => cell.textContent))),
    [['red', '2'], ['<img src=x>', '1']]);
}, [/400|404/]));

test('without --edit-scripts they are shown and cannot be changed', () => inPage([], '/settings/scripts?f=rest%2Fhosts', async (page) => {
  const text = page.getByRole('textbox', { name: 'rest/hosts' });
  await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('SPDX'));
  assert.equal(await text.getAttribute('readonly'), '');
  await page.getByText('--edit-scripts').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);
}));
