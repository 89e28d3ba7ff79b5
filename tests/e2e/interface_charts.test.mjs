// SPDX-License-Identifier: GPL-3.0-or-later
// The charts of one interface: what goes in and out of it, and its hours, against the weir at WEIR_URL (with traffic in it) or, without
// that, against the mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { digits, rest, until, visit } from './page_steps.mjs';
import { inPage, mock, origin } from './shared_console.mjs';

describe('charts', () => {
  describe('of what goes in and out of an interface', () => {
    const card = (page) => page.locator('[data-chart=directions]');
    const busiest = async () => (await rest(origin, 'interfaces?limit=1&sort=bits_per_second')).rows[0].id;
    const open = async (page, id, query = '') => {
      await visit(page, origin, `/interfaces/${encodeURIComponent(id)}${query}`);
      await card(page).locator('.drawn .zero').waitFor({ state: 'attached' });
    };
    const button = (page) => card(page).getByRole('button', { name: 'Peaks in 10 ms' });

    test('says what the API answers', () => inPage(async (page) => {
      const id = await busiest();
      await open(page, id);
      await card(page).locator('[data-twin=table]').click();
      assert.deepEqual(await card(page).locator('thead th').allTextContents(), ['Time', 'In', 'Out', 'Within', 'Through', 'Peak in 10 ms', 'Dropped']);
      await until('three seconds equal to REST', async () => {
        const { series, peaks } = await rest(origin, `series?interface=${encodeURIComponent(id)}&seconds=60&by=direction`);
        const told = peaks.bytes.map((peak, second) => [...['in', 'out', 'within', 'through'].map((name) => series.find((one) => one.name === name).bytes[second] * 8), peak * 800].join(' '));
        const shown = await card(page).locator('.twin tbody tr').evaluateAll((all) => all.slice(0, 60).map((row) => [...row.querySelectorAll('td.number')].slice(0, 5).map((cell) => cell.title).join(' ')));
        return new Set(shown.filter((one) => /[1-9]/.test(one) && told.includes(one))).size >= 3;
      });
    }));

    test('has one above the line and the other below it', () => inPage(async (page) => {
      await open(page, await busiest());
      const [zero, lowest, highest] = await card(page).evaluate((one) => {
        const areas = [...one.querySelectorAll('.drawn svg path:not(.over, .between)')].map((path) => path.getBBox());
        return [one.querySelector('.zero').getBBox().y, areas[0].y + areas[0].height, areas.at(-1).y];
      });
      assert.ok(Math.abs(zero - lowest) < 0.6 && Math.abs(zero - highest) < 0.6, `${zero} ${lowest} ${highest}`);
      assert.match(await card(page).locator('.summary').textContent(), /^Mean in .*bit\/s, out .*bit\/s; highest in .* Highest peak in 10 ms: .*bit\/s \(\d\d:\d\d:\d\d\)/);
    }));

    test('puts the second under the cursor into words', () => inPage(async (page) => {
      await open(page, await busiest());
      await card(page).locator('[role=application]').focus();
      await page.keyboard.press('End');
      await until('words', async () => {
        await page.keyboard.press('ArrowLeft');
        const said = await card(page).locator('[role=status]').textContent();
        return /^\d\d:\d\d:\d\d: in [\d.]+ [kMGT]?bit\/s, out [\d.]+ [kMGT]?bit\/s.*, peak in 10 ms [\d.]+ [kMGT]?bit\/s$/.test(said);
      });
    }));

    test('shows peaks as is chosen, in the address', () => inPage(async (page) => {
      await open(page, await busiest(), '?peaks=0&v=1');
      const lines = () => card(page).locator('path.over').count();
      await card(page).locator('button[aria-pressed=false]').waitFor();
      for (const wanted of [true, false]) {
        await button(page).click();
        await card(page).locator(`button[aria-pressed=${wanted}]`).waitFor();
        assert.equal(await lines(), wanted ? 1 : 0);
        assert.equal(new URL(page.url()).searchParams.get('peaks'), wanted ? '1' : '0');
        await page.reload();
        await card(page).locator(`button[aria-pressed=${wanted}]`).waitFor();
        assert.equal(await lines(), wanted ? 1 : 0);
      }
    }));

    test('leaves out peaks that would leave no room for the rest, and cuts them where they are wanted', (t) => inPage(async (page) => {
      if (mock === null) t.skip('the mock server has them');
      else {
        await open(page, 'eth1');
        await card(page).locator('button[aria-pressed=false]').waitFor();
        const peak = /Highest peak in 10 ms: [\d.]+ [MG]bit\/s \(\d\d:\d\d:[03]0\)(.*?)\./;
        await until('the peak in words', async () => peak.exec(await card(page).locator('.summary').textContent())?.[1] === '');
        await button(page).click();
        await until('that it is cut', async () => peak.exec(await card(page).locator('.summary').textContent())?.[1] === ', beyond the top of the chart');
        const top = await card(page).locator('path.over').evaluate((line) => line.getBBox().y);
        assert.ok(top >= 0 && top < 6, `it ends at ${top}`);
      }
    }));

    test('is not there where weir knows no directions', () => inPage(async (page) => {
      await page.routeWebSocket(/\/stream$/, (socket) => {
        const server = socket.connectToServer();
        socket.onMessage((message) => {
          const { op, id, by } = JSON.parse(message);
          if (op === 'sub' && by !== undefined) socket.send(JSON.stringify({ op: 'err', id, status: 400, title: 'Bad Request', detail: 'There is no parameter "by".', parameter: 'by' }));
          else server.send(message);
        });
      });
      await visit(page, origin, `/interfaces/${encodeURIComponent(await busiest())}`);
      await page.locator('[data-chart=hours]').waitFor();
      assert.equal(await card(page).count(), 0);
    }));
  });

  describe('of the hours', () => {
    const card = (page) => page.locator('[data-chart=hours]');
    const two = (value) => String(value).padStart(2, '0');
    const dayOf = (date) => `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getDay()]} ${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    const hourOf = (time) => `${dayOf(new Date(time * 1000))}, ${two(new Date(time * 1000).getHours())}:00`;
    // The latest hours of an interface by the API, without the one that runs.
    async function ended(id) {
      const { time, rows } = await rest(origin, `hours?limit=1000&interface=${encodeURIComponent(id)}`);
      return rows.filter((row) => row.time + 3600 <= time);
    }

    test('says what an interface carried, as the API does', (t) => inPage(async (page) => {
      const { rows: [face] } = await rest(origin, 'interfaces?limit=1&sort=id');
      await visit(page, origin, `/interfaces/${encodeURIComponent(face.id)}`);
      await card(page).waitFor();
      await card(page).locator('g[data-state=running]').waitFor();
      const [row] = (await ended(face.id)).filter(({ seconds }) => seconds >= 3599);
      if (row === undefined) {
        t.diagnostic('no hour has ended here');
        return;
      }
      assert.equal(digits(await card(page).locator(`g[data-hour="${row.time}"][data-state=whole] title`).textContent()), String(row.bits_per_second));
      await card(page).locator('[data-twin=table]').click();
      const cells = card(page).locator('tbody tr', { hasText: hourOf(row.time) }).locator('td');
      assert.deepEqual(await cells.evaluateAll((all) => all.slice(1).map((one) => one.title)), [row.bits_per_second, row.bytes, row.packets, row.seconds].map(String));
    }));

    test('is walked through by days and hours with the arrow keys', () => inPage(async (page) => {
      const { rows: [face] } = await rest(origin, 'interfaces?limit=1&sort=id');
      await visit(page, origin, `/interfaces/${encodeURIComponent(face.id)}`);
      await card(page).locator('[role=application]').focus();
      const now = new Date();
      const day = (back) => dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - back));
      for (const [key, place] of [
        ['ArrowRight', `${day(0)}, 00:00`], ['ArrowDown', `${day(1)}, 00:00`], ['ArrowRight', `${day(1)}, 01:00`], ['ArrowUp', `${day(0)}, 01:00`], ['ArrowUp', `${day(0)}, 01:00`], ['End', `${day(6)}, 23:00`], ['ArrowDown', `${day(6)}, 23:00`],
      ]) {
        await page.keyboard.press(key);
        for (const line of ['.readout', '[role=status]']) await until(`${place} in words`, async () => (await card(page).locator(line).textContent()).startsWith(`${place}: `));
      }
      await card(page).getByRole('button', { name: '28 days' }).click();
      await until('four weeks', async () => (await card(page).locator('svg[role=presentation] g').count()) === 28 * 24);
      await card(page).locator('[role=application]').focus();
      await page.keyboard.press('End');
      await until('the first of them', async () => (await card(page).locator('.readout').textContent()).startsWith(`${day(27)}, 23:00: `));
    }));

    test('tells hours that nobody watched, that carried nothing and that were watched in part', (t) => inPage(async (page) => {
      if (mock === null) t.skip('the mock server has all of them');
      else {
        await visit(page, origin, '/interfaces/eth0');
        const rows = await ended('eth0');
        assert.equal(await card(page).locator('g[data-state=unknown]').count() > 0, true);
        const none = rows.find(({ bytes }) => bytes === 0);
        assert.equal(await card(page).locator(`g[data-hour="${none.time}"] .frame`).count(), 1);
        const part = rows.find(({ seconds }) => seconds < 3000);
        assert.equal(await card(page).locator(`g[data-hour="${part.time}"]`).getAttribute('data-state'), 'part');
        await card(page).locator(`g[data-hour="${part.time}"] rect`).first().hover();
        await until('its words', async () => (await card(page).locator('.readout').textContent()).endsWith('; 42\u202f% of the hour were watched'));
      }
    }));

    test('says when there will be any', (t) => inPage(async (page) => {
      if (mock === null) t.skip('hours are there');
      else {
        await page.route('**/api/v1/hours?**', (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify({ time: Date.now() / 1000, total: 0, offset: 0, rows: [] }) }));
        await visit(page, origin, '/interfaces/eth0');
        await card(page).getByText('No hour is kept yet').waitFor();
        await card(page).getByText(/The first one is kept at \d\d:00\. Start weir with --data/).waitFor();
      }
    }));
  });
});
