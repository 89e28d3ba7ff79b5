// SPDX-License-Identifier: GPL-3.0-or-later
// Tables as pages: their order, columns and export, against the weir at WEIR_URL (with traffic in it) or, without that, against the mock
// server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { exact, pointerAway, rest, rowKeys, settled, transactionId, until, visit } from './page_steps.mjs';
import { inPage, origin } from './shared_console.mjs';

const total = async (resource, filter) => (await rest(origin, `${resource}?limit=0&filter=${encodeURIComponent(filter)}`)).total;

describe('lists', () => {
  for (const [route, resource, sort, key] of [
    ['/apps', 'applications', 'name', 'name'], ['/networks', 'networks', 'key', 'key'], ['/networks/vlans', 'vlans', 'key', 'key'], ['/networks/asns', 'asns', 'key', 'key'],
    ['/networks/countries', 'countries', 'key', 'key'], ['/networks/devices', 'macs', 'key', 'key'],
  ]) {
    test(`${route} stands in the order of the API`, () => inPage(async (page) => {
      await visit(page, origin, `${route}?sort=${sort}&v=1`);
      await pointerAway(page);
      await until('the order of the API', async () => {
        const { rows } = await rest(origin, `${resource}?sort=${sort}&order=asc&limit=8`);
        return rows.length > 0 && JSON.stringify(await rowKeys(page, rows.length)) === JSON.stringify(rows.map((row) => row[key]));
      });
    }));
  }

  test('transactions say whose fault it is, as the API does', (t) => inPage(async (page) => {
    const { rows } = await rest(origin, 'transactions?sort=p95_ms&limit=200');
    const row = rows.find((one) => one.slowest_part !== undefined && !/[*]/.test(one.key));
    if (row === undefined) {
      t.skip('no transaction here was split');
      return;
    }
    await visit(page, origin, `/transactions?f=${encodeURIComponent(transactionId(row))}&v=1`);
    const drawer = page.locator('dialog[data-flow]');
    await drawer.locator('.blame').waitFor();
    const parts = await drawer.locator('table[aria-label="Where the time goes"] [title]').evaluateAll((all) => all.map((one) => Number(one.title.replaceAll('\u202f', '').replace(' ms', ''))));
    assert.equal(parts.length, 6);
    await until('the count of the API', async () => {
      const now = (await rest(origin, `transactions?limit=200&filter=${encodeURIComponent(`key = "${row.key.replace(/[\\"]/g, '\\$&')}"`)}`)).rows.find((one) => transactionId(one) === transactionId(row));
      return String(now.transactions) === await exact(page, 'dialog [data-figure=transactions]');
    });
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  }));

  test('peers of a host are those of the API', () => inPage(async (page) => {
    const { rows: [host] } = await rest(origin, 'hosts?limit=1&sort=bytes');
    await visit(page, origin, `/hosts/${encodeURIComponent(host.key)}/peers?sort=address&v=1`);
    await pointerAway(page);
    await until('the order of the API', async () => {
      const { rows } = await rest(origin, `peers?host=${encodeURIComponent(host.key)}&sort=address&order=asc&limit=8`);
      return rows.length > 0 && JSON.stringify(await rowKeys(page, rows.length)) === JSON.stringify(rows.map((row) => row.address));
    });
  }));

  for (const [route, key] of [['/hosts', 'address'], ['/flows', 'client_ip']]) {
    test(`${route} has the columns that are chosen, by the keyboard alone, in its address and in its export`, () => inPage(async (page) => {
      await visit(page, origin, `${route}?sort=${key}&v=1`);
      await pointerAway(page);
      const fields = () => page.locator('[role=row][data-key]:not([data-key=""])').first().locator('[data-field]').evaluateAll((all) => all.map((one) => one.dataset.field));
      const usual = await fields();
      const summary = page.locator('.page-head summary', { hasText: 'Columns' });
      await summary.focus();
      await page.keyboard.press('Enter');
      const press = async (field) => {
        for (let step = 0; step < 60 && await page.evaluate(() => document.activeElement.dataset.column) !== field; step += 1) await page.keyboard.press('Tab');
        await page.keyboard.press('Space');
      };
      await press('bits_per_second');
      await press('first_seen');
      const wanted = (now) => !now.includes('bits_per_second') && now.includes('first_seen') && now.length === usual.length;
      await until('the columns', async () => wanted(await fields()));
      const chosen = await fields();
      assert.equal(new URL(page.url()).searchParams.get('cols'), chosen.join(','));
      await page.keyboard.press('Escape');
      assert.equal(await page.evaluate(() => document.activeElement.localName), 'summary');
      await page.reload();
      await settled(page);
      assert.deepEqual(await fields(), chosen);
      assert.equal(await page.locator('#filter-problem, .notice.bad').count(), 0);

      await page.locator('.page-head summary', { hasText: 'Export' }).click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /CSV/ }).click()]);
      const firstOnes = () => page.evaluate((field) => [...document.querySelectorAll('[role=row][data-key]')].sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex')).slice(0, 8).map((row) => row.querySelector(`[data-field=${field}] [data-value]`)?.dataset.value), key);
      // Rows come and go between the two.
      await until('the columns and the first rows of the table in its export', async () => {
        const [head, ...lines] = (await (await fetch(download.url())).text()).trim().split('\r\n').map((line) => line.split(','));
        const first = await firstOnes();
        assert.deepEqual(head.filter((name) => chosen.includes(name)), chosen);
        return first.length > 0 && first.every((value, at) => value !== undefined && lines[at]?.[head.indexOf(key)] === value);
      });

      await page.locator('.page-head summary', { hasText: 'Columns' }).click();
      await page.getByRole('button', { name: 'The usual ones' }).click();
      await until('the usual ones', async () => JSON.stringify(await fields()) === JSON.stringify(usual));
      assert.equal(new URL(page.url()).searchParams.get('cols'), null);
    }));
  }

  test('are exported with the rows that are shown', () => inPage(async (page) => {
    await visit(page, origin, `/apps?sort=name&q=${encodeURIComponent('bytes > 1000')}&v=1`);
    await page.locator('.page-head summary', { hasText: 'Export' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /CSV/ }).click()]);
    await until('as many lines as rows', async () => {
      const [head, ...lines] = (await (await fetch(download.url())).text()).trim().split('\r\n');
      assert.equal(head.split(',')[0], 'name');
      return lines.length > 0 && lines.length === await total('applications', 'bytes > 1000');
    });
    assert.equal(download.suggestedFilename(), 'applications.csv');
  }));
});
