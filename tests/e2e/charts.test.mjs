// SPDX-License-Identifier: GPL-3.0-or-later
// What charts draw, say and keep, against the weir at WEIR_URL (with traffic in it) or, without that, against the mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { drawn, seconds } from './browser.mjs';
import { rest, settled, until, visit } from './page_steps.mjs';
import { inPage, mock, origin } from './shared_console.mjs';

describe('charts', () => {
  for (const [route, name] of [['/live', 'talkers'], ['/apps', 'applications'], ['/map/services', 'services'], ['/map', 'countries']]) {
    test(`${name} can be walked through, and have a table of the same`, () => inPage(async (page) => {
      await visit(page, origin, route);
      const card = page.locator(`[data-chart=${name}]`);
      await card.locator('svg').nth(3).waitFor({ state: 'attached' }); // three are of buttons
      await card.locator('[role=application]').focus();
      if (name !== 'countries') {
        await page.keyboard.press('ArrowRight');
        await until('words for what is under the cursor', async () => (await card.locator('.readout').textContent()).trim() !== '');
      }
      await card.locator('[data-twin=table]').click();
      const rows = card.locator('.twin tbody tr');
      await until('rows', async () => (await rows.count()) > 0);
      if (name === 'applications') {
        const first = (await rest(origin, 'applications?sort=bytes&limit=1')).rows[0];
        assert.equal((await rows.first().locator('td').first().textContent()).trim(), first.name);
      }
      assert.ok((await card.locator('.summary').textContent()).trim() !== '');
    }));
  }

  test('a cursor says where it went, and not that figures change', () => inPage(async (page) => {
    await visit(page, origin, '/apps');
    const card = page.locator('[data-chart=applications]');
    await card.locator('svg rect').first().waitFor();
    await card.locator('[role=application]').focus();
    await page.keyboard.press('ArrowRight');
    const said = () => card.locator('[role=status]').textContent();
    const first = await said();
    assert.equal(first, await card.locator('.readout').textContent());
    assert.notEqual(first.trim(), '');
    for (let answer = 0; answer < 2; answer += 1) await page.waitForResponse(/applications\?/);
    await settled(page);
    assert.equal(await said(), first);
    await page.keyboard.press('ArrowRight');
    assert.notEqual(await said(), first);
  }));

  test('what a host receives is drawn above the line and what it sends below it, as the API says', () => inPage(async (page) => {
    const { rows: [host] } = await rest(origin, 'hosts?limit=1&sort=bits_per_second');
    await visit(page, origin, `/hosts/${encodeURIComponent(host.key)}?if=${encodeURIComponent(host.interface)}&v=1`);
    const card = page.locator('[data-chart=ways]');
    await seconds(page, 2);
    await card.locator('.drawn .zero').waitFor({ state: 'attached' });
    const [zero, received, sent] = await card.evaluate((one) => {
      const box = (element) => element.getBBox();
      const [above, below] = [...one.querySelectorAll('.drawn svg path')].map(box);
      return [box(one.querySelector('.zero')).y, above.y + above.height, below.y];
    });
    assert.ok(Math.abs(zero - received) < 0.6 && Math.abs(zero - sent) < 0.6, `${zero} ${received} ${sent}`);
    const asked = [];
    await card.locator('[data-twin=table]').click();
    await until('a second that REST tells, too', async () => {
      const now = await rest(origin, `hosts/${encodeURIComponent(host.key)}`);
      asked.push(`${now.bits_per_second_received} ${now.bits_per_second_sent}`);
      const shown = await card.locator('.twin tbody tr').evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td.number')].map((cell) => cell.title).join(' ')));
      return shown.some((one) => one !== '0 0' && asked.includes(one));
    });
  }));

  // Only the widest are asked for and drawn; what is said of all is of all.
  test('who talks with whom sums up all flows', () => inPage(async (page) => {
    const sums = new Map();
    page.on('response', async (response) => {
      const by = new URL(response.url()).searchParams.get('group_by');
      if (/\/flows$/.test(new URL(response.url()).pathname) && response.ok()) sums.set(by, await response.json());
    });
    await visit(page, origin, '/live');
    const rate = ({ rows }) => rows.reduce((sum, row) => sum + (row.bits_per_second ?? 0), 0);
    await until('the sum of all', async () => {
      const [groups, all] = [sums.get('client_ip,application,server_ip'), sums.get('protocol_name')];
      if (groups === undefined) return false;
      const whole = groups.total <= groups.rows.length || groups.rows.at(-1).bits_per_second === 0 ? rate(groups) : all === undefined ? 0 : Math.max(rate(all), rate(groups));
      const [, number = '', prefix = ''] = /^([\d.]+) ([kMGT]?)bit\/s in all/.exec(await page.locator('[data-chart=talkers] .summary').textContent()) ?? [];
      const shown = Number(number) * { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 }[prefix];
      return whole > 0 && Math.abs(shown - whole) <= whole * 0.006;
    });
    if (mock !== null) assert.ok(sums.get('client_ip,application,server_ip').total > 300, 'the test shows nothing with fewer groups');
  }));

  test('the services draw no more than 150 hosts', () => inPage(async (page) => {
    await visit(page, origin, '/map/services');
    const nodes = () => page.locator('[data-chart=services] circle').count();
    await until('hosts', async () => (await nodes()) > 0);
    assert.ok((await nodes()) <= 60);
    const { rows } = await rest(origin, 'flows?group_by=client_ip,server_ip&sort=-bytes&limit=1000');
    const hosts = new Set(rows.flatMap((row) => [row.client_ip, row.server_ip])).size;
    await page.getByRole('button', { name: '150', exact: true }).click();
    if (hosts > 150) await until('more hosts than before', async () => (await nodes()) > 60);
    assert.ok((await nodes()) <= 150);
  }));

  test('the order of the bands stays when their sizes change', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    const card = page.locator('[data-chart=talkers]');
    const order = () => card.locator('.node[data-term=app]').evaluateAll((all) => all.map((one) => [one.dataset.value, Number(one.querySelector('rect').getAttribute('y'))]).sort((a, b) => a[1] - b[1]).map(([value]) => value));
    await until('bands', async () => (await order()).length > 1);
    const seen = [await order()];
    for (let answer = 0; answer < 2; answer++) {
      await page.waitForResponse(/flows\?.*group_by=client_ip/);
      seen.push(await order());
    }
    const [first, second] = [seen[0], seen.at(-1)];
    const common = first.filter((name) => second.includes(name));
    assert.ok(common.length > 1, seen.join('; '));
    assert.deepEqual(second.filter((name) => first.includes(name)), common, seen.join('; '));
  }));

  test('the table of a distribution says what the API answered', () => inPage(async (page) => {
    const { rows: [face] } = await rest(origin, 'interfaces?limit=1');
    let sizes = null;
    page.on('response', async (response) => { if (/\/distributions\?/.test(response.url())) ({ sizes } = await response.json()); });
    await visit(page, origin, `/interfaces/${encodeURIComponent(face.id)}`);
    const card = page.locator('[data-chart=packet_sizes]');
    await card.locator('[data-twin=table]').click();
    await card.locator('.twin tbody tr').first().waitFor();
    const shown = () => card.locator('.twin tbody td:nth-child(2)').evaluateAll((all) => all.map((one) => Number(one.title)));
    await until('the figures of the last answer', async () => JSON.stringify(await shown()) === JSON.stringify(sizes.to_server));
    assert.ok(sizes.to_server.reduce((sum, one) => sum + one, 0) > 0);
  }));
});
