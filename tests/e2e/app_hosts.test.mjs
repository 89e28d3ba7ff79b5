// SPDX-License-Identifier: GPL-3.0-or-later
// The hosts of an application, against the weir at WEIR_URL or the mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { overflow, pointerAway, rest, seriousFindings, until, visit } from './page_steps.mjs';
import { inPage, origin } from './shared_console.mjs';

const list = (page, name) => page.locator('section', { has: page.getByRole('heading', { name, exact: true }) });
const keys = (page, name) => list(page, name).locator('[role=row][data-key]').evaluateAll((all) => all
  .sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex'))).map((row) => row.dataset.key));

// An application that several hosts use now.
async function used() {
  const { rows } = await rest(origin, 'flows?group_by=application&sort=-count&columns=application,count&limit=20');
  for (const { application } of rows.filter((row) => row.application !== undefined)) {
    const of = `filter=${encodeURIComponent(`app = "${application}"`)}`;
    if ((await rest(origin, `flows?group_by=client_ip&${of}&limit=1&columns=client_ip`)).total > 1) return application;
  }
  return assert.fail('no application has two clients');
}

describe('hosts of an application', () => {
  test('are behind their number in the list of applications', () => inPage(async (page) => {
    await visit(page, origin, '/apps');
    const app = await page.locator('[role=row][data-key]:not([data-key=""])').first().getAttribute('data-key');
    await page.locator(`[role=row][data-key=${JSON.stringify(app)}] a[href*="/hosts"]`).click();
    await page.locator('main[data-route=app] h1', { hasText: app }).waitFor();
    assert.equal(new URL(page.url()).pathname, `/apps/${encodeURIComponent(app)}/hosts`);
    await page.locator('[data-tab=hosts][aria-current=page]').waitFor();
  }));

  test('are those that REST tells, by bytes', () => inPage(async (page) => {
    const app = await used();
    await visit(page, origin, `/apps/${encodeURIComponent(app)}/hosts`);
    await pointerAway(page);
    for (const [name, end] of [['Clients', 'client_ip'], ['Servers', 'server_ip']]) {
      await until(`${name} as REST has them`, async () => {
        const { total, rows } = await rest(origin, `flows?group_by=${end}&sort=-bytes&limit=5&columns=${end},bytes&filter=${encodeURIComponent(`app = "${app}"`)}`);
        const shown = await keys(page, name);
        const count = Number((await list(page, name).locator('[data-figure=total]').textContent()).replace(/\D/g, ''));
        return count === total && rows.every((row, at) => row[end] === shown[at]);
      });
    }
  }));

  test('lead to a host, by mouse and by keyboard, and back', () => inPage(async (page) => {
    const app = await used();
    await visit(page, origin, `/apps/${encodeURIComponent(app)}`);
    await list(page, 'Clients').getByRole('link', { name: 'All' }).click();
    await page.locator('[data-tab=hosts][aria-current=page]').waitFor();
    const link = list(page, 'Servers').locator('[role=row][data-key] a').first();
    const host = (await link.textContent()).trim().split(' ').at(-1);
    await link.click();
    await page.locator('main[data-route=host] h1', { hasText: host }).waitFor();
    await page.goBack();
    await until('the clients again', async () => (await keys(page, 'Clients')).length > 0);
    await list(page, 'Clients').locator('[role=grid]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('main[data-route=host]').waitFor();
  }));

  test('are narrowed by the filter of the page', () => inPage(async (page) => {
    const app = await used();
    const { rows: [{ client_ip: client }] } = await rest(origin, `flows?group_by=client_ip&sort=-bytes&limit=1&columns=client_ip&filter=${encodeURIComponent(`app = "${app}"`)}`);
    await visit(page, origin, `/apps/${encodeURIComponent(app)}/hosts?q=${encodeURIComponent(`client = ${client}`)}&v=1`);
    await until('one client', async () => (await keys(page, 'Clients')).join() === client);
  }));

  for (const [width, height] of [[1440, 900], [390, 844]]) {
    test(`have room and nothing that axe finds serious at ${width} pixels`, () => inPage(async (page) => {
      await visit(page, origin, `/apps/${encodeURIComponent(await used())}/hosts`);
      await until('rows', async () => (await keys(page, 'Clients')).length > 0);
      assert.ok(await overflow(page) <= 0);
      assert.deepEqual(await seriousFindings(page), []);
    }, { viewport: { width, height } }));
  }
});
