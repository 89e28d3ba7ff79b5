// SPDX-License-Identifier: GPL-3.0-or-later
// What a real weir does not do on demand: it goes away, says nothing, has no traffic, or repeats what an attacker sent.
// These tests bring their own server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, openPage, seconds, startMock } from './browser.mjs';
import { kRoutes, mayHide, overflow, rest, until, visit } from './page_steps.mjs';

const kSmall = ['--flows', '3000', '--hosts', '200']; // what the mock server has
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

describe('a server that goes away', () => {
  test('leaves its figures, is waited for with a countdown, and comes back without a reload', async () => {
    let mock = await startMock(0, ...kSmall);
    const { context, page, faults } = await openPage(browser, mock.origin);
    try {
      await visit(page, mock.origin, '/live');
      await page.locator('[data-series]').first().waitFor();
      await page.evaluate(() => { window.isSamePage = true; });
      const port = new URL(mock.origin).port;
      await mock.stop();
      await page.locator('[data-state=disconnected]').waitFor({ timeout: 5000 });
      await until('a countdown', async () => /retry in \d+ s/.test(await page.locator('[data-state]').textContent()));
      assert.ok((await page.locator('[data-figure=bits_per_second]').textContent()).includes('bit/s'), 'the data stay');
      assert.ok((await page.locator('main.is-old').count()) === 1, 'and are greyed');
      await page.waitForEvent('websocket'); // another attempt, which finds nobody
      await page.locator('[data-state=disconnected]').waitFor();
      mock = await startMock(port, ...kSmall);
      await page.locator('[data-state=live]').waitFor({ timeout: 16_000 });
      assert.equal(await page.locator('main.is-old').count(), 0);
      assert.equal(await page.evaluate(() => window.isSamePage), true);
      const value = await page.locator('[data-figure=bits_per_second]').textContent();
      await until('a new value', async () => (await page.locator('[data-figure=bits_per_second]').textContent()) !== value);
      // What Chromium says of a server that was killed while it asked, and of one that is not there.
      const told = /ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_EMPTY_RESPONSE|WebSocket/;
      assert.deepEqual(faults.filter((fault) => !told.test(fault)), []);
    } finally {
      await context.close();
      await mock.stop();
    }
  });

  test('that falls silent is shown as stale', async () => {
    const mock = await startMock(0, ...kSmall);
    const { context, page } = await openPage(browser, mock.origin);
    try {
      await visit(page, mock.origin, '/live');
      process.kill(mock.pid, 'SIGSTOP');
      await page.locator('[data-state=stale]').waitFor({ timeout: 6000 });
      await page.locator('[data-state=dead]').waitFor({ timeout: 10_000 });
      assert.equal(await page.locator('main.is-old').count(), 1);
      process.kill(mock.pid, 'SIGCONT');
      await page.locator('[data-state=live]').waitFor({ timeout: 20_000 });
    } finally {
      process.kill(mock.pid, 'SIGCONT');
      await context.close();
      await mock.stop();
    }
  });
});

describe('an attacker\u2019s names', () => {
  test('are text on every page', async () => {
    const mock = await startMock(0, '--hostile', ...kSmall);
    const { context, page, faults } = await openPage(browser, mock.origin);
    try {
      page.on('dialog', (dialog) => { faults.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
      const { rows } = await rest(mock.origin, 'flows?limit=1&filter=app%20%3D%20%22%3Cimg%20src%3Dx%20onerror%3D%5C%22document.title%3D%27owned%27%5C%22%3E%22');
      assert.equal(rows.length, 1);
      for (const route of [...kRoutes, '/flows?sort=application&v=1', '/flows?sort=-application&v=1', `/flows?f=${rows[0].id}&v=1`]) {
        await visit(page, mock.origin, route);
        await seconds(page, 1);
        assert.equal(await page.locator('main img, main script, main iframe, main b').count(), 0, route);
        assert.doesNotMatch(await page.title(), /owned/);
        const text = await page.locator('body').innerText();
        assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069\u200b\u0000\u001b]/, `${route} shows what reorders or hides text`);
        assert.ok((await overflow(page)) <= 0, route);
      }
      await page.getByText('<img src=x onerror="document.title=\'owned\'">').first().waitFor();
      await visit(page, mock.origin, '/live');
      await page.getByText('evil\u2039U+202E\u203agnp.exe').first().waitFor();
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
      await mock.stop();
    }
  });
});

describe('a clock of the browser that is two hours wrong', () => {
  test('changes neither the state nor an age', async () => {
    const mock = await startMock(0, ...kSmall);
    const seen = [];
    try {
      for (const hours of [0, -2, 2]) {
        const { context, page, faults } = await openPage(browser, mock.origin);
        await page.addInitScript((shift) => {
          const Right = Date;
          window.shift = shift;
          window.Date = class extends Right {
            constructor(...all) { super(...(all.length === 0 ? [Right.now() + window.shift] : all)); }
            static now() { return Right.now() + window.shift; }
          };
        }, hours * 3_600_000);
        await visit(page, mock.origin, '/hosts?sort=address&cols=address,first_seen,last_seen&v=1');
        const shift = (await page.evaluate(() => Date.now())) - Date.now();
        assert.ok(Math.abs(shift - hours * 3_600_000) < 600_000, `${shift} ms`);
        for (let second = 0; second < 4; second += 1) {
          await seconds(page, 1);
          assert.equal(await page.locator('[data-state=live]').count(), 1, `${hours} h`);
        }
        await page.evaluate(() => { window.shift = -window.shift; }); // somebody sets it, too far
        await seconds(page, 2);
        assert.equal(await page.locator('[data-state=live]').count(), 1, `from ${hours} h`);
        assert.match(await page.locator('header dd.age').innerText(), /^[0-2]\.\d s$/);
        const ages = await page.locator('[role=row][data-key]:not([data-key=""])').evaluateAll((all) => all
          .sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex')).slice(0, 10)
          .map((row) => ['first_seen', 'last_seen'].map((field) => [row.querySelector(`[data-field=${field}] [title]`).textContent, row.querySelector(`[data-field=${field}] [title]`).title])));
        for (const [[first], [last]] of ages) {
          assert.match(first, /^[5-7] min ago$/, `${hours} h`);
          assert.match(last, /^(now|[1-9] s ago)$/, `${hours} h`);
        }
        seen.push(ages.map(([[, first]]) => first));
        assert.deepEqual(faults, []);
        await context.close();
      }
    } finally {
      await mock.stop();
    }
    assert.equal(seen[0].length, 10);
    assert.deepEqual([seen[1], seen[2]], [seen[0], seen[0]]);
  });
});

describe('a question that weir cannot answer', () => {
  // What Chromium itself says of such an answer.
  const isOurs = (fault) => !/Failed to load resource: .* 500/.test(fault);

  test('leaves the last figures of its card, greyed, with the reason, until it is answered again', async () => {
    const mock = await startMock(0, ...kSmall);
    const { context, page, faults } = await openPage(browser, mock.origin);
    try {
      const card = page.locator('[data-chart=talkers]');
      const notice = card.locator('.notice.bad');
      await visit(page, mock.origin, '/live');
      await card.locator('.node').first().waitFor();
      const isGrey = () => card.locator('.stage').evaluate((stage) => getComputedStyle(stage).filter === 'grayscale(0.85)' && getComputedStyle(stage.querySelector('path')).opacity === '0.6');
      assert.equal(await isGrey(), false);
      const isAsked = (url) => url.pathname === '/api/v1/flows' && url.searchParams.get('group_by')?.startsWith('client_ip');
      const problem = { type: 'about:blank', title: 'Internal Server Error', status: 500, detail: 'flows.lua:7: <b>no memory</b>' };
      await page.route(isAsked, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }));
      await notice.waitFor();
      assert.equal((await notice.innerText()).replaceAll(/\s+/g, ' '), `weir could not answer. ${problem.detail} What is shown is older.`);
      assert.ok(await card.locator('.node').count() > 0, 'the last figures stay');
      assert.ok(await isGrey(), 'and are greyed');
      assert.equal(await page.locator('.notice.bad').count(), 1, 'other cards go on');
      assert.equal(await page.locator('[data-state=live]').count(), 1);
      await page.unroute(isAsked);
      await notice.waitFor({ state: 'detached' });
      assert.equal(await isGrey(), false);
      assert.deepEqual(faults.filter(isOurs), []);
    } finally {
      await context.close();
      await mock.stop();
    }
  });

  test('of what a tab missed while it was hidden is asked again, and leaves no gap', async () => {
    const mock = await startMock(0, ...kSmall);
    const { context, page, faults } = await openPage(browser, mock.origin);
    try {
      await mayHide(page, false);
      await visit(page, mock.origin, '/live');
      await page.locator('[data-chart=throughput] [data-twin=table]').click();
      const rows = page.locator('.seconds tbody tr');
      const missing = () => rows.evaluateAll((all) => all.slice(0, 60).filter((row) => row.cells[1].colSpan > 1).length);
      await until('the history', async () => await rows.count() > 60, 20_000);
      const never = await missing(); // seconds that the mock server slept through on a busy machine
      let asked = 0;
      await page.route('**/api/v1/series?**', (route) => {
        asked += 1;
        return asked > 1 ? route.continue() : route.fulfill({ status: 503 });
      });
      await page.evaluate(() => window.turnAway(true));
      await seconds(page, 8); // more than the stream sends at once
      await page.evaluate(() => window.turnAway(false));
      await until('a gap', async () => asked === 1 && await missing() > never);
      await until('the seconds that were missing', async () => await missing() <= never);
      assert.equal(asked, 2);
      assert.deepEqual(faults.filter((fault) => !/Failed to load resource: .* 503/.test(fault)), []);
    } finally {
      await context.close();
      await mock.stop();
    }
  });

  // As a connection does that died without a word.
  test('because nothing comes back is given up, when the page is looked at again or in a while', async () => {
    const mock = await startMock(0, ...kSmall);
    const { context, page, faults } = await openPage(browser, mock.origin);
    try {
      await mayHide(page, false);
      let asked = 0;
      const isAsked = (url) => url.pathname === '/api/v1/flows' && url.searchParams.get('group_by')?.startsWith('client_ip');
      await page.route(isAsked, () => { asked += 1; });
      await page.goto(`${mock.origin}/live`);
      await until('a question', () => asked === 1);
      await seconds(page, 7); // longer than it takes to ask again
      assert.equal(asked, 1);
      await page.evaluate(() => window.turnAway(true));
      await page.evaluate(() => window.turnAway(false));
      await until('another', () => asked === 2);
      const card = page.locator('[data-chart=talkers]');
      assert.equal(await card.locator('.notice.bad').count(), 0);
      await card.locator('.notice.bad').waitFor({ timeout: 30_000 });
      await page.unroute(isAsked);
      await card.locator('.node').first().waitFor();
      assert.equal(await card.locator('.notice').count(), 0);
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
      await mock.stop();
    }
  });

  test('is said where there were no figures before, too', async () => {
    const mock = await startMock(0, ...kSmall);
    const { context, page, faults } = await openPage(browser, mock.origin);
    try {
      const card = page.locator('[data-chart=services]');
      await page.route('**/api/v1/flows?**', (route) => route.fulfill({ status: 500, body: 'no JSON' }));
      await visit(page, mock.origin, '/map/services');
      await until('the reason', async () => (await card.locator('.notice.bad').innerText()).replaceAll(/\s+/g, ' ') === 'weir could not answer. Internal Server Error');
      await page.unroute('**/api/v1/flows?**');
      await card.locator('circle').first().waitFor();
      assert.equal(await card.locator('.notice').count(), 0);
      assert.deepEqual(faults.filter(isOurs), []);
    } finally {
      await context.close();
      await mock.stop();
    }
  });
});

describe('a tab that is older than weir', () => {
  test('says which card has no code any more, and leads back', async () => {
    const mock = await startMock(0, ...kSmall);
    const { context, page, faults } = await openPage(browser, mock.origin);
    try {
      const notice = page.locator('main .notice.bad', { hasText: 'This part of the page is not there.' });
      await page.route(/\/assets\/(directions_card|applications_series|talkers_card)-/, (route) => route.fulfill({ status: 404 }));
      await page.goto(`${mock.origin}/live`);
      await page.locator('[data-chart=throughput] canvas').waitFor();
      await until('a word in place of the card of talkers', async () => await notice.count() === 1);
      for (const by of ['direction', 'application']) {
        await page.locator(`[data-by=${by}]`).click();
        await until(`a word in place of ${by}`, async () => await notice.count() === 2);
        await page.locator('[data-by=protocol]').click();
        await page.locator('[data-chart=throughput] canvas').waitFor();
        assert.equal(await notice.count(), 1);
      }
      assert.deepEqual(faults.filter((fault) => !/Failed to load resource: .* 404/.test(fault)), []);
    } finally {
      await context.close();
      await mock.stop();
    }
  });
});

describe('an interface without traffic', () => {
  test('leaves no page without figures or a sentence', async () => {
    const mock = await startMock(0, '--empty');
    const { context, page, faults } = await openPage(browser, mock.origin);
    try {
      for (const route of kRoutes) {
        await visit(page, mock.origin, route);
        const bare = await page.locator('main :is(table, [role=grid])').evaluateAll((all) => all.filter((one) => (one.localName === 'table'
          ? [...one.tBodies].every((body) => body.rows.length === 0)
          : one.querySelectorAll('[role=row][data-key]').length === 0 && !/\w+ \w+/.test(one.parentElement.querySelector('.empty')?.textContent ?? ''))).map((one) => one.outerHTML.slice(0, 200)));
        assert.deepEqual(bare, [], `${route}: a table without rows and without a sentence`);
        const stages = await page.locator('main [data-chart] .stage').evaluateAll((all) => all.map((one) => one.textContent.trim() || one.querySelectorAll('svg, canvas').length));
        for (const content of stages) assert.ok(content, `${route}: a chart of nothing`);
        const figures = await page.locator('main [data-figure]').evaluateAll((all) => all.filter((one) => one.textContent.trim() === '').map((one) => one.dataset.figure));
        assert.deepEqual(figures, [], `${route}: figures without a value`);
        assert.ok((await page.locator('main').innerText()).split(/\s+/).length > 8, route);
        assert.equal(await page.locator('main .bone').count(), 0, `${route} waits for ever`);
      }
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
      await mock.stop();
    }
  });

  test('is explained and not drawn as a line at zero', async () => {
    const mock = await startMock(0, '--empty');
    const { context, page, faults } = await openPage(browser, mock.origin);
    try {
      await visit(page, mock.origin, '/live');
      await page.getByText('No traffic in the last five minutes').waitFor();
      await page.goto(`${mock.origin}/hosts`);
      await page.getByText('No hosts yet').waitFor();
      await page.goto(`${mock.origin}/hosts/10.9.9.9`);
      await page.getByText('weir does not know this host').waitFor();
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
      await mock.stop();
    }
  });
});
