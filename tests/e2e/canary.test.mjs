// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile names, crawled over every page of the console: they are shown as text and do nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launch, openPage } from './browser.mjs';
import { writeCanary } from './canary.mjs';
import { kRoutes, visit } from './page_steps.mjs';
import { ask, startWeir } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-canary-'));
let browser;
let daemon;

before(async () => {
  const capture = join(folder, 'canary.pcap');
  writeCanary(capture);
  daemon = await startWeir('-i', `pcap:${capture}`);
  await ask(() => daemon.get('/api/v1/interfaces'), (answer) => answer.rows[0]?.state === 'ended');
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
  rmSync(folder, { recursive: true });
});

const found = (text) => new Set(text.match(/canary\d\d/g) ?? []);

test('hostile names are text on every page', async () => {
  const flows = (await daemon.get('/api/v1/flows?limit=100')).rows;
  const hosts = (await daemon.get('/api/v1/hosts?limit=100')).rows;
  const known = found(JSON.stringify([flows, await Promise.all(hosts.map((host) => daemon.get(`/api/v1/hosts/${host.key}`))), await daemon.get('/api/v1/transactions')]));
  assert.ok(known.size >= 16, `weir kept ${known.size} of the names`);

  const { context, page, faults } = await openPage(browser, daemon.url);
  const seen = new Set();
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  try {
    const transactions = (await daemon.get('/api/v1/transactions')).rows;
    const places = [
      ...kRoutes, ...flows.map((flow) => `/flows/${encodeURIComponent(flow.id)}`), `/flows?f=${encodeURIComponent(flows[0].id)}&v=1`,
      ...hosts.flatMap((host) => [`/hosts/${host.key}`, `/hosts/${host.key}/names`]), `/apps/${encodeURIComponent(flows[0].application)}`,
      ...transactions.map((row) => `/transactions?q=${encodeURIComponent(`key = "${row.key.replace(/[\\"]/g, '\\$&')}"`)}&v=1`),
    ];
    for (const place of places) {
      await visit(page, daemon.url, place);
      const text = await page.evaluate(() => document.body.innerText);
      for (const name of found(text)) seen.add(name);
      assert.equal(await page.locator('main img, main script, main iframe, main [onerror], main [onload]').count(), 0, `${place}: markup was made of a name`);
      assert.ok(!/[\u202a-\u202e\u2066-\u2069\u0000-\u0008]/.test(text), `${place}: marks that reorder text`);
    }
    assert.deepEqual(faults, []);
    for (const name of known) assert.ok(seen.has(name), `${name} stands on no page`);
  } finally {
    await context.close();
  }
});
