// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile names, crawled over every page of the console: they are shown as text and do nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launch, openPage } from './browser.mjs';
import { writeCanary } from './canary.mjs';
import { kRoutes, until, visit } from './page_steps.mjs';
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
const part = encodeURIComponent;
const rowsOf = async (resource, query = 'limit=100') => (await daemon.get(`/api/v1/${resource}?${query}`)).rows;

// A page, what it must not do, and a look at what is on it now: the names are noted in `seen`.
async function opened(t) {
  const { context, page, faults } = await openPage(browser, daemon.url);
  t.after(() => context.close());
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const seen = new Set();
  const look = async (place) => {
    const text = await page.evaluate(() => document.body.innerText);
    for (const name of found(text)) seen.add(name);
    assert.equal(await page.locator('#app :is(img, script, iframe, object, embed, [onerror], [onload], [onmouseover], [href^="javascript:"])').count(), 0, `${place}: markup was made of a name`);
    assert.ok(!/[\u202a-\u202e\u2066-\u2069\u0000-\u0008]/.test(text), `${place}: marks that reorder text`);
    assert.doesNotMatch(text, /undefined|\[object Object\]|NaN/, place);
    return text;
  };
  return { page, faults, seen, look };
}

test('hostile names are text on every page and in every table of a chart', async (t) => {
  const [flows, hosts, transactions, applications] = [await rowsOf('flows'), await rowsOf('hosts'), await rowsOf('transactions'), await rowsOf('applications')];
  const known = found(JSON.stringify([flows, await Promise.all(hosts.map((host) => daemon.get(`/api/v1/hosts/${host.key}`))), transactions]));
  assert.ok(known.size >= 18, `weir kept ${known.size} of the names`);
  const { page, faults, seen, look } = await opened(t);
  const groups = [['subnets', 'networks'], ['vlans', 'vlans'], ['asns', 'asns'], ['countries', 'countries'], ['devices', 'macs']];
  const places = [
    ...kRoutes, ...flows.map((flow) => `/flows/${part(flow.id)}`), `/flows?f=${part(flows[0].id)}&v=1`,
    ...hosts.flatMap((host) => ['', '/flows', '/peers', '/ports', '/names'].map((tab) => `/hosts/${part(host.key)}${tab}`)),
    ...applications.map((row) => `/apps/${part(row.name)}`), ...(await rowsOf('interfaces')).map((row) => `/interfaces/${part(row.id)}`),
    ...(await Promise.all(groups.map(async ([tab, resource]) => (await rowsOf(resource)).map((row) => `/networks/${tab}/${part(row.key)}`)))).flat(),
    ...transactions.map((row) => `/transactions?q=${part(`key = "${row.key.replace(/[\\"]/g, '\\$&')}"`)}&v=1`),
  ];
  for (const place of places) {
    await visit(page, daemon.url, place);
    await look(place);
    if (await page.locator('[data-chart]').count() === 0) continue;
    await page.keyboard.press('t');
    await page.locator('[data-twin=chart]').first().waitFor();
    await look(`${place} as tables`);
  }
  assert.deepEqual(faults, []);
  for (const name of known) assert.ok(seen.has(name), `${name} stands on no page`);
});

test('hostile names are text in the finder and in the menu of a value, and find themselves', async (t) => {
  const { page, faults, seen, look } = await opened(t);
  await visit(page, daemon.url, '/live');
  await page.keyboard.press('Control+k');
  await page.locator('dialog:modal input:focus').waitFor();
  for (const text of ['canary', '"><script>', '<img src=x onerror=alert(1)>', '\\"']) {
    await page.locator('dialog:modal input').fill(text);
    await page.locator('#found [data-kind=filter]', { hasText: text }).waitFor();
    await look(`finder: ${text}`);
    if (text !== '\\"') assert.ok(await page.locator('#found [data-kind=host]').count() > 0, `no host is found by ${text}`);
  }
  assert.ok(seen.size >= 3, `${[...seen]} are found`);
  await page.keyboard.press('Escape');

  for (const choice of ['filter', 'exclude']) {
    await visit(page, daemon.url, '/hosts?sort=name&v=1');
    const { total } = await daemon.get('/api/v1/hosts?limit=0');
    const values = page.locator('[role=row] [data-field=name] [data-value^=canary]');
    for (const name of (await values.allTextContents()).filter((one) => !one.endsWith('\u2026'))) {
      await visit(page, daemon.url, '/hosts?sort=name&v=1');
      await values.filter({ hasText: name }).click({ button: 'right' });
      await page.locator('[role=menu]:popover-open').waitFor();
      await look(`menu of ${name}`);
      await page.locator(`[role=menu]:popover-open [data-choice=${choice}]`).click();
      await until('the rows', async () => Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')) - 1 === (choice === 'filter' ? 1 : total - 1));
      assert.equal(await page.locator('#filter-problem').count(), 0, name);
      await look(`filtered by ${name}`);
    }
  }
  assert.deepEqual(faults, []);
});

test('bytes that are no UTF-8 are marked as such, on the page and in JSON', async (t) => {
  const answer = await fetch(`${daemon.url}/api/v1/flows?filter=${part('host = 10.9.0.10')}`);
  const { rows: [flow] } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await answer.arrayBuffer()));
  assert.match(flow.user_agent, /^canary\d\d.*\ufffd.*\u0000/s);
  const { page, faults, look } = await opened(t);
  for (const place of [`/flows/${part(flow.id)}`, `/flows?f=${part(flow.id)}&v=1`]) {
    await visit(page, daemon.url, place);
    await until('the name', async () => /canary\d\d[^\n]*\ufffd\(\ufffd[^\n]*\u2400\ufffd/.test(await look(place)));
  }
  assert.deepEqual(faults, []);
});
