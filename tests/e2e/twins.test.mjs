// SPDX-License-Identifier: GPL-3.0-or-later
// The tables beside the charts have the numbers of the API, all of them and to the last digit: of a weir that has read a capture to its
// end, so that nothing moves between two answers. The table of countries is in places.test.mjs, where there are some; what moves each
// second (throughput, in and out, hours) in console, throughput and interface_charts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, openPage } from './browser.mjs';
import { settled, transactionId, until, visit } from './page_steps.mjs';
import { ask, mix, startWeir } from './programs.mjs';

let browser;
let daemon;
let face; // the capture, as an interface
before(async () => {
  browser = await launch();
  daemon = await startWeir('-i', `pcap:${mix}`);
  const { rows } = await ask(() => daemon.get('/api/v1/interfaces'), (answer) => answer.rows[0]?.state === 'ended', 60_000);
  [face] = rows;
});
after(async () => {
  await browser?.close();
  await daemon?.stop();
});

async function opened(t, route) {
  const { context, page, faults } = await openPage(browser, daemon.url);
  t.after(() => context.close());
  t.after(() => assert.deepEqual(faults, []));
  await visit(page, daemon.url, route);
  return page;
}

// The cells of a chart's table: what is named by a value, else the exact number, else the text.
async function twin(page, name) {
  const card = page.locator(`[data-chart=${name}]`);
  await card.locator('.stage.drawn').waitFor();
  await card.locator('[data-twin=table]').click();
  await card.locator('.twin tbody tr').first().waitFor();
  await settled(page);
  return card.locator('.twin tbody tr').evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.querySelector('[data-value]')?.dataset.value ?? (cell.title || cell.textContent))));
}

const groups = async (by, sort, limit) => (await daemon.get(`/api/v1/flows?group_by=${by}&sort=-${sort}&limit=${limit}`)).rows;
const named = (value) => value ?? 'unknown';
const faceRoute = () => `/interfaces/${encodeURIComponent(face.id)}`;

// A number as a title has it, without what stands between its digits.
const numberOf = (title) => Number(title.replaceAll('\u202f', '').split(' ')[0]);
const rounded = (value) => Math.round(value * 1000) / 1000;

describe('the table of', () => {
  test('who talks with whom', async (t) => {
    const shown = await twin(await opened(t, '/live'), 'talkers');
    const rows = (await groups('client_ip,application,server_ip', 'bits_per_second', 300)).filter((row) => row.bits_per_second > 0);
    assert.ok(rows.length > 5, `${rows.length} rows`);
    assert.deepEqual(shown, rows.map((row) => [named(row.client_ip), named(row.application), named(row.server_ip), String(row.bits_per_second)]));
  });

  test('services', async (t) => {
    const shown = await twin(await opened(t, '/map/services'), 'services');
    const rows = await groups('client_ip,server_ip,application', 'bytes', 1000);
    assert.ok(rows.length > 100, `${rows.length} rows`);
    assert.deepEqual(shown, rows.map((row) => [row.client_ip, named(row.application), row.server_ip, String(row.bytes), String(row.count)]));
  });

  test('applications', async (t) => {
    const shown = await twin(await opened(t, '/apps'), 'applications');
    const { rows } = await daemon.get('/api/v1/applications?sort=bytes&order=desc&limit=1000');
    const whole = rows.filter((row) => row.bytes > 0);
    assert.ok(whole.length > 5, `${whole.length} rows`);
    assert.deepEqual(shown.map(([name, , bytes]) => [name, bytes]), whole.map((row) => [row.name, String(row.bytes)]));
  });

  for (const [name, of, unit] of [['round_trips', 'rtt', 'ms'], ['packet_sizes', 'sizes', 'bytes']]) {
    test(`${name.replace('_', ' ')}`, async (t) => {
      const shown = await twin(await opened(t, faceRoute()), name);
      const { [of]: answer } = await daemon.get(`/api/v1/distributions?interface=${encodeURIComponent(face.id)}`);
      const share = (count, counts) => (100 * count) / counts.reduce((sum, one) => sum + one, 0);
      assert.equal(shown.length, answer[`bounds_${unit}`].length + 1);
      shown.forEach(([range, ...cells], at) => {
        const bounds = answer[`bounds_${unit}`].slice(Math.max(0, at - 1), at + 1).map(String);
        assert.deepEqual(range.match(/[\d.]+/g), bounds);
        assert.deepEqual([cells[0], cells[2]], [String(answer.to_server[at]), String(answer.to_client[at])]);
        for (const [side, text] of [['to_server', cells[1]], ['to_client', cells[3]]]) {
          const exact = share(answer[side][at], answer[side]);
          if (text.startsWith('<')) assert.ok(exact > 0 && exact < 0.1, `${text} of ${exact}`);
          else assert.ok(Math.abs(Number.parseFloat(text) - exact) <= 0.5, `${text} of ${exact}`);
        }
      });
      assert.ok(answer.to_server.some((one) => one > 0) && answer.to_client.some((one) => one > 0));
    });
  }

  test('TCP health of an interface, and how many of a thousand that is', async (t) => {
    const page = await opened(t, faceRoute());
    const shown = await page.locator('table[aria-label="TCP health"] tbody tr').evaluateAll((all) => all.map((row) => [row.dataset.event, row.cells[1].querySelector('[title]').title, row.cells[2].textContent]));
    const { packets } = face.protocols.find(({ name }) => name === 'TCP');
    assert.deepEqual(Object.fromEntries(shown.map(([event, count]) => [event, numberOf(count)])), face.tcp);
    for (const [event, , share] of shown) assert.equal(share, ((1000 * face.tcp[event]) / packets).toFixed(2), event);
    assert.ok(Object.values(face.tcp).filter((count) => count > 0).length >= 4);
  });

  test('TCP health of a host', async (t) => {
    const { rows: [{ key }] } = await daemon.get('/api/v1/hosts?sort=bytes&limit=1');
    const host = await daemon.get(`/api/v1/hosts/${encodeURIComponent(key)}`);
    const page = await opened(t, `/hosts/${encodeURIComponent(key)}`);
    const table = page.locator('table[aria-label="TCP health"] tbody tr');
    await table.first().waitFor();
    const shown = await table.evaluateAll((all) => all.map((row) => [row.dataset.event, ...[...row.querySelectorAll('[title]')].map((one) => one.title)]));
    assert.deepEqual(Object.fromEntries(shown.map(([event, sent]) => [event, numberOf(sent)])), host.tcp_sent);
    assert.deepEqual(Object.fromEntries(shown.map(([event, , received]) => [event, numberOf(received)])), host.tcp_received);
    assert.ok(Object.values({ ...host.tcp_sent, ...host.tcp_received }).some((count) => count > 0));
  });

  test('the percentiles of a transaction', async (t) => {
    const { rows } = await daemon.get('/api/v1/transactions?sort=transactions&order=desc&limit=200');
    const row = rows.find((one) => one.p50_ms !== one.p99_ms && one.recent_p95_ms !== undefined && one.server_ip !== undefined);
    const page = await opened(t, `/transactions?f=${encodeURIComponent(transactionId(row))}&v=1`);
    const table = page.locator('dialog[data-flow] table', { has: page.locator('caption') });
    await table.waitFor();
    const shown = await table.locator('tbody tr').evaluateAll((all) => all.map((one) => [...one.querySelectorAll('[title]')].map((cell) => cell.title)));
    const wanted = ['p50_ms', 'p95_ms', 'p99_ms'].map((name) => [row[name], row[`recent_${name}`]]);
    assert.deepEqual(shown.map((titles) => titles.map(numberOf)), wanted.map((values) => values.map(rounded)));
    assert.ok(new Set(wanted.flat()).size >= 2);

    // The same stand in the table of transactions.
    await page.goto(`${daemon.url}/transactions?q=${encodeURIComponent(`key = "${row.key.replace(/[\\"]/g, '\\$&')}"`)}&v=1`);
    const line = page.locator(`[role=row][data-key="${transactionId(row).replace(/[\\"]/g, '\\$&')}"]`);
    await until('the row', async () => (await line.count()) === 1);
    for (const name of ['p50_ms', 'p95_ms', 'recent_p95_ms']) {
      assert.equal(numberOf(await line.locator(`[data-field=${name}] [title]`).getAttribute('title')), rounded(row[name]), name);
    }
  });
});
