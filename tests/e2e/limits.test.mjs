// SPDX-License-Identifier: GPL-3.0-or-later
// What is only a part, too much to be shown, or of another time: the page says so, and how much of what it is. These tests bring their
// own servers.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { launch, openPage, seconds, startMock } from './browser.mjs';
import { digits, rest, until, visit } from './page_steps.mjs';
import { ask, mix, run, startWeir, traffic } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-limits-'));
let browser;
let mock;
before(async () => {
  browser = await launch();
  mock = await startMock();
});
after(async () => {
  await browser?.close();
  await mock?.stop();
  rmSync(folder, { recursive: true });
});

async function opened(t, options) {
  const { context, page, faults } = await openPage(browser, mock.origin, options);
  t.after(() => context.close());
  return { page, faults };
}

async function reading(t, capture, ...options) {
  const weir = await startWeir('-i', `pcap:${capture}`, ...options);
  t.after(() => weir.stop());
  const { rows } = await ask(() => weir.get('/api/v1/interfaces'), (answer) => answer.rows[0]?.state === 'ended', 60_000);
  assert.equal(rows[0].state, 'ended');
  return weir;
}

// Changes what the server says over the stream, as a server in another state would say it.
const rewrite = (page, change) => page.routeWebSocket(/\/stream$/, (socket) => {
  const server = socket.connectToServer();
  server.onMessage((message) => {
    const answer = JSON.parse(message);
    change(answer);
    socket.send(JSON.stringify(answer));
  });
});
const isInterfaces = ({ rows }) => rows?.[0]?.state !== undefined && rows[0].captured_bytes !== undefined;

describe('a part is called a part', () => {
  test('where hosts gave way because memory was short', async (t) => {
    const capture = join(folder, 'many.pcap');
    assert.equal(run(traffic, ['--hosts', '60000', '--flows', '30000', '--tcp', '50', '--size', '64', '--packets', '120000', '--write', capture]).code, 0);
    const weir = await reading(t, capture, '--memory', '16M');
    const { page, faults } = await opened(t);
    const { rows: [{ forgotten }] } = await weir.get('/api/v1/interfaces');
    const { total } = await weir.get('/api/v1/hosts?limit=0');
    assert.ok(forgotten.dropped_hosts > 0 && forgotten.distinct_hosts > total, 'memory is not short');
    await visit(page, weir.url, '/hosts');
    const notice = page.locator('main .notice');
    await notice.waitFor();
    assert.equal(digits(await notice.textContent()), String(forgotten.distinct_hosts));
    assert.equal(digits(await page.locator('[data-figure=total]').textContent()), String(total));

    const { rows: [host] } = await weir.get(`/api/v1/hosts?limit=1&sort=bytes&filter=${encodeURIComponent('is_partial = true')}`);
    await visit(page, weir.url, `/hosts/${encodeURIComponent(host.key)}`);
    await page.getByText('Some of its flows are missing in these counts').waitFor();
    assert.deepEqual(faults.filter((fault) => !fault.includes('outside the origin')), []);
  });

  test('and not where all were kept', async (t) => {
    const weir = await reading(t, mix);
    const { page } = await opened(t);
    await visit(page, weir.url, '/hosts');
    await seconds(page, 1);
    assert.equal(await page.locator('main .notice').count(), 0);
  });

  test('where packets were missed, or an input has failed', async (t) => {
    const { page, faults } = await opened(t);
    await rewrite(page, (answer) => {
      if (isInterfaces(answer)) Object.assign(answer.rows[0], { completeness: 0.9978, state: 'failed', error: 'the wire was cut' });
    });
    for (const [route, figure] of [['/interfaces', '[data-interface=eth0] [data-figure=completeness]'], ['/interfaces/eth0', '[data-figure=completeness]']]) {
      await visit(page, mock.origin, route);
      assert.equal(await page.locator(figure).textContent(), '99.78\u202f%', route);
      assert.equal(await page.locator(`.bad > ${figure.split(' ').at(-1)}`).count(), 1, route);
      await page.getByText('the wire was cut').first().waitFor();
    }
    await visit(page, mock.origin, '/live');
    await page.getByText('eth0 failed: the wire was cut').waitFor();
    assert.deepEqual(faults, []);
  });
});

describe('too much says of how much it is a part', () => {
  test('in a table', async (t) => {
    const { page, faults } = await opened(t);
    await rewrite(page, (answer) => { if (answer.rows?.[0]?.client_ip !== undefined) answer.total = 1_200_000; });
    await visit(page, mock.origin, '/flows');
    const notice = page.locator('.table .notice');
    await notice.waitFor();
    assert.equal(await notice.textContent(), 'The first 100\u202f000 of 1\u202f200\u202f000 can be scrolled. Narrow the filter for the rest.');
    assert.equal(await page.locator('[role=grid] .body').evaluate((body) => Number.parseFloat(body.style.height)), 100_000 * 28);
    assert.equal(await page.locator('[role=grid]').getAttribute('aria-rowcount'), '1200001');
    assert.ok((await page.locator('[role=row]').count()) <= 60);
    assert.deepEqual(faults, []);
  });

  test('in the graph of services and its table', async (t) => {
    const { page, faults } = await opened(t);
    await visit(page, mock.origin, '/map/services');
    const card = page.locator('[data-chart=services]');
    await card.locator('circle').first().waitFor();
    const { total, rows } = await rest(mock.origin, 'flows?group_by=client_ip,server_ip,application&sort=-bytes&limit=1000');
    assert.ok(total > rows.length, 'the test shows nothing with fewer connections');
    const [drawn, looked] = (await card.locator('.note').textContent()).trim().split('Looked');
    assert.equal(digits(looked), `1000${total}`);
    const hosts = new Set(rows.flatMap((row) => [row.client_ip, row.server_ip])).size;
    assert.ok(Math.abs(Number(digits(drawn).slice(2)) - hosts) <= hosts * 0.1, `${drawn}: ${hosts} in the answer`); // of another second
    assert.match(drawn, /^The 60 hosts/);
    await card.locator('[data-twin=table]').click();
    await until('as many rows as it says', async () => (await card.locator('.twin tbody tr').count()) === 1000);
    assert.deepEqual(faults, []);
  });

  test('in the picture of who talks with whom', async (t) => {
    const { page, faults } = await opened(t);
    await visit(page, mock.origin, '/live');
    const note = page.locator('[data-chart=talkers] .note');
    await note.waitFor();
    const { total } = await rest(mock.origin, 'flows?group_by=client_ip,application,server_ip&limit=0');
    assert.match(await note.textContent(), /^The widest 300 of [\d\u202f]+ connections are drawn: [\d.]+\u202f% of what flows\.$/);
    assert.equal(digits((await note.textContent()).split(':')[0]), `300${total}`);
    assert.deepEqual(faults, []);
  });
});

describe('a clock that is not that of the browser', () => {
  const skew = (page) => page.locator('[data-figure=skew]');
  for (const [behind, shown] of [[7200, '\u22122:00:00'], [-5, '+5.00 s'], [0, null], [-1.4, null]]) {
    test(`by ${-behind} s is ${shown === null ? 'not shown' : 'shown'}`, async (t) => {
      const { page, faults } = await opened(t);
      await page.addInitScript((off) => {
        const now = Date.now;
        Date.now = () => now() + off * 1000;
      }, behind);
      await visit(page, mock.origin, '/live');
      await seconds(page, 2);
      if (shown === null) assert.equal(await skew(page).count(), 0);
      else await until('the difference', async () => /^[+\u2212]/.test(await skew(page).textContent()) && Math.abs(Number(digits(await skew(page).textContent())) - Number(digits(shown))) <= (behind > 0 ? 1 : 0));
      assert.deepEqual(faults, []);
    });
  }
});

describe('a network in the filter', () => {
  for (const written of ['10.0.0.6', '10.0.0.6/', '10.0.0.6/1']) {
    test(`is completed where ${written} is written, and finds what the API finds`, async (t) => {
      const weir = await reading(t, mix);
      const { page } = await opened(t);
      await visit(page, weir.url, '/flows');
      const input = page.getByLabel('Filter', { exact: true });
      await input.fill(`host = ${written}`);
      const network = page.locator('[role=option][data-kind=network]', { hasText: '10.0.0.0/16' });
      await network.waitFor();
      for (let step = 0; await network.getAttribute('aria-selected') !== 'true'; step += 1) {
        assert.ok(step < 12, 'the arrow keys do not come to it');
        await page.keyboard.press('ArrowDown');
      }
      await page.keyboard.press('Enter');
      assert.equal((await input.inputValue()).trim(), 'host = 10.0.0.0/16');
      await page.keyboard.press('Control+Enter');
      const { total } = await weir.get(`/api/v1/flows?limit=0&filter=${encodeURIComponent('host = 10.0.0.0/16')}`);
      const all = (await weir.get('/api/v1/flows?limit=0')).total;
      assert.ok(total > 0 && total < all);
      await until('as many flows', async () => digits(await page.locator('[data-figure=total]').textContent()) === String(total));
    });
  }
});
