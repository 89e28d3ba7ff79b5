// SPDX-License-Identifier: GPL-3.0-or-later
// The console in Chromium, against the weir at WEIR_URL (with traffic in it) or, without that, against the mock server.
//   node --test tests/e2e/
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { drawn, openConsole, seconds } from './browser.mjs';
import { detailRoutes, digits, exact, fileName, kRoutes, overflow, pointerAway, rest, rowKeys, seriousFindings, still, until, visit } from './page_steps.mjs';

const shots = process.env.WEIR_SCREENSHOTS ?? join(tmpdir(), 'weir-console');

let opened;
let mock;
let origin;
let inPage;

before(async () => {
  mkdirSync(shots, { recursive: true });
  opened = await openConsole();
  ({ mock, origin, inPage } = opened);
});

after(async () => {
  await opened?.close();
});

describe('each route', () => {
  for (const route of kRoutes) {
    test(`${route} opens by its address without a fault`, () => inPage(async (page) => {
      await visit(page, origin, route);
      assert.match(await page.title(), /weir/);
      await seconds(page, 1);
    }));
  }

  test('/ leads to /live, and an address that is no page says so', () => inPage(async (page) => {
    await visit(page, origin, '/');
    assert.equal(new URL(page.url()).pathname, '/live');
    await page.goto(`${origin}/no/such/page`);
    await page.getByRole('link', { name: 'Go to Live' }).click();
    await page.locator('main[data-route=live]').waitFor();
  }));

  test('the policy allows no script but our own', async () => {
    const response = await fetch(`${origin}/live`);
    const policy = response.headers.get('content-security-policy');
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"]) {
      assert.ok(policy.includes(part), `${part} in ${policy}`);
    }
  });
});

// P26 of the checklist.
test('charts are drawn as vectors or on a canvas, none is a picture', () => inPage(async (page) => {
  const { rows: [face] } = await rest(origin, 'interfaces?limit=1&sort=bits_per_second');
  for (const [route, ...charts] of [['/live', 'throughput', 'talkers'], ['/apps', 'applications'], ['/map', 'countries'], ['/map/services', 'services'], [`/interfaces/${encodeURIComponent(face.id)}`, 'throughput', 'packet_sizes', 'hours']]) {
    await visit(page, origin, route);
    for (const name of charts) await page.locator(`[data-chart=${name}] .stage :is(svg, canvas)`).first().waitFor();
    const drawings = await page.locator('[data-chart] .stage').evaluateAll((all) => all.map((stage) => [stage.closest('[data-chart]').dataset.chart, stage.querySelectorAll('svg, canvas').length]));
    for (const [name, count] of drawings) assert.ok(count > 0, `${name} on ${route}`);
    assert.equal(await page.locator('img, picture, object, embed, iframe').count(), 0, route);
  }
}));

describe('figures', () => {
  test('on /live one changes each second for ten seconds', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    const seen = [];
    for (let second = 0; second < 10; second += 1) {
      const before = seen.at(-1);
      seen.push(await until('another value', async () => {
        const text = await page.locator('[data-figure=bits_per_second] [title], [data-series] [title]').evaluateAll((all) => all.map((one) => one.title).join());
        return text !== before && text;
      }, 2500));
    }
    assert.equal(new Set(seen).size, 10);
  }));

  // The page shows what was so at a full second; REST tells what is so now, and that moves on some twenty times a second.
  test('equal those of the REST answer', () => inPage(async (page) => {
    await visit(page, origin, '/interfaces');
    const { rows: [first] } = await rest(origin, 'interfaces?limit=1');
    const answers = [];
    let isAsking = true;
    const asking = (async () => {
      while (isAsking) answers.push(await rest(origin, `interfaces/${encodeURIComponent(first.id)}`));
    })();
    try {
      for (const field of ['bytes', 'packets', 'flows', 'hosts', 'kernel_drops']) {
        await until(`${field} on the page equal to REST`, async () => {
          const shown = await exact(page, `[data-interface="${first.id}"] [data-figure=${field}]`);
          return answers.some((answer) => String(answer[field]) === shown);
        });
      }
    } finally {
      isAsking = false;
      await asking;
    }
  }));

  test('of the chart stand in its table twin, newest first', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    await page.locator('canvas').waitFor();
    await page.locator('[data-chart=throughput] [data-twin=table]').click();
    const rows = page.locator('.seconds tbody tr');
    await until('the seconds', async () => (await rows.count()) >= 5);
    // What was captured at the very end of a second is counted a little after it: the newest row may still grow.
    await until('three seconds equal to REST', async () => {
      const { series } = await rest(origin, 'series?seconds=5');
      const totals = series[0].bytes.map((_, second) => series.reduce((sum, one) => sum + (one.bytes[second] ?? 0), 0) * 8);
      const titles = await page.locator('.seconds tbody [data-total] [title]').evaluateAll((all) => all.slice(0, 5).map((one) => one.title));
      return new Set(titles.map(digits).filter((shown) => shown !== '0' && totals.some((total) => String(total) === shown))).size >= 3;
    });
  }));
});

describe('tables', () => {
  for (const [route, field, order] of [['/hosts', 'address', 'asc'], ['/hosts', 'bytes', 'desc'], ['/flows', 'bytes', 'desc'], ['/flows', 'packets', 'desc']]) {
    test(`${route} sorted by ${field} stands in the order of the API`, () => inPage(async (page) => {
      await visit(page, origin, route);
      await page.locator(`[data-sort=${field}]`).click();
      await pointerAway(page);
      const header = page.locator(`[role=columnheader]:has([data-sort=${field}])`);
      assert.equal(await header.getAttribute('aria-sort'), order === 'asc' ? 'ascending' : 'descending');
      await until('the order of the API', async () => {
        const { rows } = await rest(origin, `${route.slice(1)}?sort=${field}&order=${order}&limit=12`);
        const wanted = rows.map((row) => (route === '/hosts' ? `${row.interface ?? ''}/${row.key}` : row.id));
        return JSON.stringify(await rowKeys(page, wanted.length)) === JSON.stringify(wanted);
      });
      assert.ok(new URL(page.url()).searchParams.get('sort').endsWith(field));
    }));
  }

  test('keep few rows in the page and reach the last one', () => inPage(async (page) => {
    await visit(page, origin, '/flows');
    const grid = page.locator('[role=grid]');
    const total = Number(await grid.getAttribute('aria-rowcount')) - 1;
    assert.ok((await page.locator('[role=row]').count()) <= 60);
    await grid.focus();
    await page.keyboard.press('End');
    const last = page.locator('[role=row][data-key]:not([data-key=""])').last();
    await until('the last rows', async () => {
      const now = Number(await grid.getAttribute('aria-rowcount'));
      return Number(await last.getAttribute('aria-rowindex')) >= Math.min(total, now - 1) - 50 && (await page.locator('[role=row] .bone').count()) === 0;
    });
    assert.ok((await page.locator('[role=row]').count()) <= 60);
  }));

  test('hold their order while the pointer is in them', () => inPage(async (page) => {
    await visit(page, origin, '/flows');
    await page.locator('[role=row][data-key]').nth(4).hover();
    await page.locator('.held.on').waitFor();
    const held = await rowKeys(page, 15);
    const values = new Set();
    for (let step = 0; step < 4; step += 1) {
      await seconds(page, 1);
      assert.deepEqual(await rowKeys(page, 15), held);
      values.add(await page.locator('[role=row][data-key] [data-field=bytes]').allTextContents().then((all) => all.join()));
    }
    if (mock !== null) assert.ok(values.size > 1, 'values go on while the order is held');
    await pointerAway(page);
    await page.locator('.held.on').waitFor({ state: 'hidden' });
    if (mock !== null) await until('another order', async () => JSON.stringify(await rowKeys(page, 15)) !== JSON.stringify(held));
  }));
});

describe('the filter', () => {
  test('that is wrong is explained under the character where it is wrong', () => inPage(async (page) => {
    await visit(page, origin, '/flows');
    await page.getByLabel('Filter', { exact: true }).fill('bytes > 1 and nonsense = 3');
    await page.keyboard.press('Enter');
    const problem = page.locator('#filter-problem');
    await problem.waitFor();
    const response = await fetch(`${origin}/api/v1/flows?filter=${encodeURIComponent('bytes > 1 and nonsense = 3')}`);
    assert.equal(response.status, 400);
    const { column, detail } = await response.json();
    assert.equal(Number(await problem.getAttribute('data-column')), column);
    assert.ok((await problem.textContent()).includes(detail.slice(0, 20)));
    const [caret, input] = [await problem.locator('.caret').boundingBox(), await page.getByLabel('Filter', { exact: true }).boundingBox()];
    assert.ok(caret.y >= input.y + input.height - 2 && caret.x > input.x);
  }));

  test('narrows the rows to what the API finds, and is in the address', () => inPage(async (page) => {
    await visit(page, origin, '/flows');
    const all = Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')) - 1;
    const { rows: [flow] } = await rest(origin, 'flows?sort=bytes&limit=1');
    const filter = `host = ${flow.client_ip} and host = ${flow.server_ip}`;
    await page.getByLabel('Filter', { exact: true }).fill(filter);
    await page.keyboard.press('Enter');
    await until('fewer rows, as many as the API has', async () => {
      const { total } = await rest(origin, `flows?limit=1&filter=${encodeURIComponent(filter)}`);
      const shown = Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')) - 1;
      return shown === total && shown >= 1 && shown < all;
    });
    assert.equal(new URL(page.url()).searchParams.get('q'), filter);
    await page.reload();
    assert.equal(await page.getByLabel('Filter', { exact: true }).inputValue(), filter);
    await page.goBack();
    await until('the unfiltered list again', async () => Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')) - 1 > 1);
    assert.equal(await page.getByLabel('Filter', { exact: true }).inputValue(), '');
  }));

  test('comes from a click on a value', () => inPage(async (page) => {
    await visit(page, origin, '/flows');
    const link = page.locator('[role=row][data-key] [data-field=protocol_name] a').first();
    await link.hover(); // holds the order, so that the row is the same when it is clicked
    await page.locator('.held.on').waitFor();
    const name = await link.textContent();
    await link.click();
    await until('the filter', async () => new URL(page.url()).searchParams.get('q') === `proto = "${name}"`);
    await until('only that protocol', async () => {
      const shown = await page.locator('[role=row][data-key]:not([data-key=""]) [data-field=protocol_name]').allTextContents();
      return shown.length > 0 && shown.every((one) => one.trim() === name);
    });
  }));
});

describe('the way from host to flow', () => {
  test('by mouse', () => inPage(async (page) => {
    await visit(page, origin, '/hosts');
    await page.locator('[data-sort=flows]').click();
    await pointerAway(page);
    const link = page.locator('[role=row][data-key] [data-field=address] a').first();
    await until('a host', async () => (await link.count()) > 0);
    await link.click();
    await page.locator('main[data-route=host] h1').waitFor();
    const key = decodeURIComponent(new URL(page.url()).pathname.split('/')[2]);
    assert.equal(await page.locator('h1').textContent(), key);
    const row = page.locator('[role=row][data-key]:not([data-key=""])').first();
    await row.waitFor();
    assert.ok((await row.textContent()).includes(key.split('@')[0]), 'the flows are those of the host');
    await row.locator('[data-field=bytes]').click();
    const drawer = page.locator('dialog[data-flow]');
    await drawer.locator('[data-figure=bytes] [title]').waitFor();
    const id = new URL(page.url()).searchParams.get('f');
    await until('figures of the drawer equal to REST', async () => {
      const [older, shown, newer] = [await rest(origin, `flows/${encodeURIComponent(id)}`), await exact(page, 'dialog [data-figure=bytes]'), await rest(origin, `flows/${encodeURIComponent(id)}`)];
      return [String(older.bytes), String(newer.bytes)].includes(shown);
    });
    await page.getByRole('button', { name: /Close/ }).click();
    await drawer.waitFor({ state: 'detached' });
    await page.goBack();
    await page.locator('main[data-route=hosts], main[data-route=host]').waitFor();
  }));

  test('shows what the host is and what its flows were', (t) => inPage(async (page) => {
    const { rows } = await rest(origin, 'hosts?sort=bytes&limit=1&columns=key,applications,mac_vendor,network');
    const [host] = rows;
    if (host.applications === undefined) {
      t.skip('the mock server knows no applications of hosts');
      return;
    }
    await visit(page, origin, `/hosts/${host.key}`);
    const names = page.locator('table[aria-label=Applications] tbody td.name');
    await until('the applications', async () => (await names.count()) > 0);
    const shown = (await names.allTextContents()).map((one) => one.trim());
    for (const { name } of host.applications.slice(0, 2)) assert.ok(shown.includes(name), name);
    const facts = await page.locator('dl.facts').textContent();
    for (const fact of [host.mac_vendor, host.network]) if (fact !== undefined) assert.ok(facts.includes(fact), fact);
  }));

  test('by keyboard', () => inPage(async (page) => {
    await visit(page, origin, '/hosts?sort=-flows&v=1');
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    const active = page.locator(`#${await page.locator('[role=grid]').getAttribute('aria-activedescendant')}`);
    assert.equal(await active.getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Enter');
    await page.locator('main[data-route=host] h1').waitFor();
    await page.locator('[role=row][data-key]:not([data-key=""])').first().waitFor();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[data-flow] [data-figure=bytes]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog[data-flow]').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'grid');
    await page.keyboard.press('Escape');
    assert.notEqual(await page.evaluate(() => document.activeElement.getAttribute('role')), 'grid');
  }));
});

describe('time', () => {
  test('stands still while paused and goes on after', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    const read = () => page.locator('[data-series] [title]').evaluateAll((all) => all.map((one) => one.title).join());
    await until('values', read);
    await page.keyboard.press('Space');
    await page.locator('[data-state=paused]').waitFor();
    await drawn(page);
    const frozen = await read();
    await page.locator('[data-state]', { hasText: /[2-9] s behind/ }).waitFor();
    await seconds(page, 1);
    assert.equal(await read(), frozen);
    await page.keyboard.press('Space');
    await page.locator('[data-state=live]').waitFor();
    await until('other values', async () => (await read()) !== frozen);
  }));
});

describe('looks', () => {
  test('have no serious finding of axe on any route, in light and in dark colours', () => inPage(async (page) => {
    for (const route of [...kRoutes, ...await detailRoutes(origin)]) {
      await visit(page, origin, route);
      await still(page);
      const look = (theme) => page.screenshot({ path: join(shots, `${fileName(route)}-${theme}.png`) });
      assert.deepEqual(await seriousFindings(page, look), [], route);
    }
  }));

  test('follow the switch and remember it', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.getByRole('button', { name: 'View settings' }).click();
    await page.locator('[data-theme-choice=dark]').click();
    const dark = await ground();
    assert.notEqual(dark, light);
    await page.reload();
    await until('dark colours after a reload', async () => (await ground()) === dark);
  }, { colorScheme: 'light' }));

  for (const [name, viewport] of [['360 px', { width: 360, height: 740 }], ['200 % zoom', { width: 640, height: 400 }]]) {
    test(`at ${name} no page scrolls sideways`, () => inPage(async (page) => {
      for (const route of [...kRoutes, ...await detailRoutes(origin)]) {
        await visit(page, origin, route);
        assert.ok((await overflow(page)) <= 0, `${route} is ${await overflow(page)} px too wide`);
        await page.screenshot({ path: join(shots, `${fileName(route)}-${viewport.width}.png`) });
      }
    }, { viewport, colorScheme: 'dark' }));
  }
});
