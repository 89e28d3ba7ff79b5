// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done on the pages of the console, in Chromium, against the weir at WEIR_URL (with traffic in it) or, without that,
// against the mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { drawn, seconds } from './browser.mjs';
import { digits, exact, pointerAway, rest, rowKeys, settled, transactionId, until, visit } from './page_steps.mjs';
import { inPage, mock, origin } from './shared_console.mjs';

const filterOf = (page) => new URL(page.url()).searchParams.get('q') ?? '';
const shownTotal = async (page) => Number(await page.locator('[role=grid]').first().getAttribute('aria-rowcount')) - 1;
const total = async (resource, filter) => (await rest(origin, `${resource}?limit=0&filter=${encodeURIComponent(filter)}`)).total;

const focused = (page, attribute) => page.evaluate((name) => document.activeElement.getAttribute(name), attribute);

// Opens the menu of a value that stands still.
async function openMenu(page, selector) {
  const value = page.locator(selector).first();
  await value.hover();
  await value.click({ button: 'right' });
  await page.locator('[role=menu]:popover-open').waitFor();
  return value.getAttribute('data-value');
}

describe('the menu of a value', () => {
  test('filters by it and excludes it, with the rows that the API has', () => inPage(async (page) => {
    for (const [choice, term] of [['filter', (value) => `proto = "${value}"`], ['exclude', (value) => `not proto = "${value}"`]]) {
      await visit(page, origin, '/flows');
      const value = await openMenu(page, '[role=row][data-key] [data-field=protocol_name] [data-value]');
      await page.locator(`[data-choice=${choice}]`).click();
      await until('the filter', () => filterOf(page) === term(value));
      await until('the rows of the API', async () => Math.abs(await shownTotal(page) - await total('flows', term(value))) <= 2);
    }
  }));

  test('opens the page of the value and copies it', () => inPage(async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
    await visit(page, origin, '/flows');
    const name = await openMenu(page, '[role=row][data-key] [data-field=application] [data-value]');
    await page.locator('[data-choice=copy]').click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), name);
    const again = await openMenu(page, '[role=row][data-key] [data-field=application] [data-value]');
    await page.locator('[data-choice=open]').click();
    await page.locator('main[data-route=app] h1').waitFor();
    assert.equal(decodeURIComponent(new URL(page.url()).pathname.split('/')[2]), again);
  }));

  // A list of hosts knows no application, that of flows no name of a host: what is offered leads to where it is understood.
  test('offers no filter that weir does not understand', () => inPage(async (page) => {
    const { rows: [host] } = await rest(origin, 'hosts?limit=1&sort=bytes&filter=name%20exists');
    const places = [
      ['/hosts', '[role=row][data-key] [data-field=application] [data-value]'], ['/hosts', '[role=row][data-key] [data-field=name] [data-value]'], ['/alerts', '[role=row][data-key] [data-field=entity] [data-value]'],
      ['/interfaces', '[data-interface] h2 [data-value]'], ['/live', '.tops [data-term=host]'], ['/live', '.tops [data-term=app]'],
      ...(host === undefined ? [] : ['name', 'os', 'network'].map((term) => [`/hosts/${encodeURIComponent(host.key)}`, `dl.facts [data-term=${term}]`])),
    ];
    let followed = 0;
    for (const [route, selector] of places) {
      for (const choice of ['filter', 'exclude']) {
        await visit(page, origin, route);
        if (await page.locator(selector).count() === 0) continue;
        await openMenu(page, selector);
        const button = page.locator(`[role=menu]:popover-open [data-choice=${choice}]`);
        if (await button.count() === 0) continue;
        await button.click();
        await until('the filter', () => filterOf(page) !== '');
        await settled(page);
        assert.equal(await page.locator('#filter-problem').count(), 0, `${route} ${selector}: ${filterOf(page)}`);
        followed += 1;
      }
    }
    assert.ok(followed >= 6, `${followed} choices were there`);
  }));

  test('is the browser\u2019s own in what is being written', () => inPage(async (page) => {
    await visit(page, origin, '/flows');
    const isLeft = (selector, event) => page.locator(selector).first().evaluate((element, name) => (
      element.dispatchEvent(name === 'keydown' ? new KeyboardEvent(name, { key: 'ContextMenu', bubbles: true, cancelable: true }) : new MouseEvent(name, { bubbles: true, cancelable: true }))
    ), event);
    for (const event of ['keydown', 'contextmenu']) {
      await page.getByLabel('Filter', { exact: true }).focus();
      assert.equal(await isLeft('input[name=q]', event), true, event);
      assert.equal(await page.locator('[role=menu]:popover-open').count(), 0);
    }
    await page.locator('[role=grid]').focus();
    assert.equal(await isLeft('[role=row][data-key] [data-value]', 'contextmenu'), false);
    await page.locator('[role=menu]:popover-open').waitFor();
  }));

  test('comes by the keyboard, too, and goes back to the table', () => inPage(async (page) => {
    await visit(page, origin, '/flows');
    await page.locator('[role=grid]').focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'm']) await page.keyboard.press(key);
    await page.locator('[role=menu]:popover-open').waitFor();
    await until('the first choice has the keyboard', () => page.evaluate(() => document.activeElement.dataset.choice === 'filter'));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until('the filter', () => /^not proto = /.test(filterOf(page)));
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'grid');
  }));
});

describe('what is watched', () => {
  const card = (page) => page.locator('[data-card=watched]');
  // Whatever a failed test left.
  const endAll = async (page) => {
    await visit(page, origin, '/alerts');
    for (const end of await card(page).getByRole('button').all()) await end.click();
    await card(page).waitFor({ state: 'detached' });
  };

  test('is what the menu of a value says, stands on Live and Alerts with the figures of the API, and is the same in other browsers', () => inPage(async (page) => {
    await visit(page, origin, '/flows');
    const app = await openMenu(page, '[role=row][data-key] [data-field=application] [data-value]');
    await page.locator('[data-choice=watch]').click();
    await page.getByText('Watched: see Live and Alerts.').waitFor();
    try {
      for (const route of ['/live', '/alerts']) {
        await inPage(async (other) => {
          await visit(other, origin, route);
          const row = card(other).locator('tbody tr');
          await row.getByRole('link', { name: `app = "${app}"` }).waitFor();
          await row.getByText('there', { exact: true }).waitFor();
          await until('as many flows as the API has', async () => Math.abs(Number(digits(await row.locator('td').nth(3).textContent())) - await total('flows', `app = "${app}"`)) <= 2);
          await row.getByRole('link').click();
          await other.locator('main[data-route=flows]').waitFor();
          assert.equal(filterOf(other), `app = "${app}"`);
        });
      }
      await openMenu(page, `[role=row][data-key] [data-field=application] [data-value="${app}"]`);
      assert.equal(await page.locator('[data-choice=watch]').textContent(), 'Stop watching');
      await page.locator('[data-choice=watch]').click();
      await page.getByText('Not watched any more.').waitFor();
      const { rows } = await rest(origin, 'preferences');
      assert.ok(!rows.some(({ name }) => name.startsWith('watch/')));
    } finally {
      await endAll(page);
    }
  }));

  test('is a host by the button of its page', () => inPage(async (page) => {
    const { rows: [host] } = await rest(origin, 'hosts?limit=1&sort=bytes');
    await visit(page, origin, `/hosts/${encodeURIComponent(host.key)}`);
    try {
      await page.locator('[data-watch]').click();
      await page.getByRole('button', { name: 'Stop watching', exact: true }).waitFor();
      const { rows } = await rest(origin, 'watched?sort=id');
      assert.deepEqual(rows.map(({ list, filter, count }) => [list, filter, count > 0]), [['hosts', `host = ${host.address}`, true]]);
      await visit(page, origin, '/alerts');
      await card(page).getByRole('link', { name: host.address }).click();
      await page.locator('main[data-route=host] h1').waitFor();
    } finally {
      await endAll(page);
    }
  }));
});

describe('the filter', () => {
  test('is completed, and what is written finds what the API finds', (t) => inPage(async (page) => {
    if (mock !== null) t.skip('the mock server knows no completion');
    else {
      await visit(page, origin, '/flows');
      const input = page.getByLabel('Filter', { exact: true });
      await input.click();
      await input.pressSequentially('prot', { delay: 20 });
      await page.locator('#filter-suggestions [role=option]', { hasText: /^proto/ }).first().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await until('the field', async () => /^proto\w* $/.test(await input.inputValue()));
      await input.fill('proto = T');
      await page.locator('[role=option][data-kind=value]').first().waitFor();
      assert.match(await page.locator('[role=option][data-kind=value]').first().textContent(), /seen/);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await until('the value', async () => /^proto = "?TCP"? $/.test(await input.inputValue()));
      await page.keyboard.press('Control+Enter');
      await until('the rows of the API', async () => /TCP/.test(filterOf(page)) && Math.abs(await shownTotal(page) - await total('flows', 'proto = TCP')) <= 2);
    }
  }));

  test('is the same as text and as chips', () => inPage(async (page) => {
    await visit(page, origin, `/flows?q=${encodeURIComponent('proto = "TCP" and bytes > 10')}&v=1`);
    const chips = page.locator('.chips li');
    assert.equal(await chips.count(), 2);
    await chips.first().locator('.term').click();
    await until('the opposite', () => filterOf(page) === 'not proto = "TCP" and bytes > 10');
    await chips.first().getByRole('button', { name: /Remove/ }).click();
    await until('the other one', () => filterOf(page) === 'bytes > 10');
    assert.equal(await page.getByLabel('Filter', { exact: true }).inputValue(), 'bytes > 10');
    await page.goBack();
    await until('the one before', () => filterOf(page) === 'not proto = "TCP" and bytes > 10');
  }));
});

describe('the editor of scripts', () => {
  test('shows the script that is open, though the answer of the one before comes last', () => inPage(async (page) => {
    const text = (name) => JSON.stringify({ script: name, text: `-- ${name}`, can_change: true });
    let release;
    const isHeld = new Promise((resolve) => { release = resolve; });
    await page.route('**/api/v1/scripts?**', (route) => route.fulfill({
      contentType: 'application/json',
      body: JSON.stringify({ total: 2, offset: 0, rows: ['pages/slow', 'pages/quick'].map((script) => ({ script, file: `${script}.lua`, state: 'good', runs: 0, errors: 0 })) }),
    }));
    await page.route('**/api/v1/scripts/pages/slow', async (route) => {
      await isHeld;
      await route.fulfill({ contentType: 'application/json', body: text('pages/slow') });
    });
    await page.route('**/api/v1/scripts/pages/quick', (route) => route.fulfill({ contentType: 'application/json', body: text('pages/quick') }));
    await visit(page, origin, '/settings/scripts');
    await page.getByRole('link', { name: 'pages/slow' }).click();
    await page.getByRole('link', { name: 'pages/quick' }).click();
    await until('its text', async () => await page.locator('textarea').inputValue() === '-- pages/quick');
    const late = page.waitForResponse('**/api/v1/scripts/pages/slow');
    release();
    await late;
    await drawn(page);
    assert.equal(await page.locator('textarea').inputValue(), '-- pages/quick');
  }));
});

// What the finder is asked.
async function search(page, text) {
  await page.keyboard.press('Control+k');
  await page.locator('dialog:modal input:focus').waitFor();
  await page.keyboard.type(text);
}

describe('keys', () => {
  test('what Ctrl-K found and what is chosen of it stay while figures go on', () => inPage(async (page) => {
    const { rows: [host] } = await rest(origin, 'hosts?limit=1&sort=bytes');
    await visit(page, origin, '/live');
    await search(page, host.address);
    await page.locator('#found [data-kind=host]', { hasText: host.address }).first().waitFor();
    await page.locator('#found [data-kind=filter]').waitFor();
    await page.keyboard.press('ArrowDown');
    let asked = 0;
    page.on('request', (request) => { asked += request.url().includes('/api/v1/applications?') ? 1 : 0; });
    await seconds(page, 3);
    assert.equal(asked, 0);
    assert.equal(await page.locator('#found-1').getAttribute('aria-selected'), 'true');
    assert.equal(await page.locator('#found [data-kind=filter]').count(), 1);
  }));

  test('Ctrl-K finds a host and goes there', () => inPage(async (page) => {
    const { rows: [host] } = await rest(origin, 'hosts?limit=1&sort=bytes');
    await visit(page, origin, '/live');
    await search(page, host.address);
    const option = page.locator('#found [data-kind=host]', { hasText: host.address }).first();
    await option.waitFor();
    const place = await option.getAttribute('id');
    for (let step = Number(place.split('-')[1]); step > 0; step -= 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('main[data-route=host] h1').waitFor();
    assert.ok((await page.locator('h1').textContent()).startsWith(host.address));
  }));

  test('g and a letter lead to a page, ? tells all keys, and neither while typing', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    for (const [key, route] of [['h', 'hosts'], ['n', 'networks'], ['t', 'transactions'], ['b', 'alerts'], ['a', 'apps'], ['l', 'live']]) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.locator(`main[data-route=${route}]`).waitFor();
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('g?h');
    assert.equal(await page.getByLabel('Filter', { exact: true }).inputValue(), 'g?h');
    assert.equal(new URL(page.url()).pathname, '/live');
  }));

  test('go back to where they were when what was opened is closed', () => inPage(async (page) => {
    await visit(page, origin, '/flows');
    const overlay = page.locator('dialog:modal');
    for (const [key, button] of [['?', true], ['?', false], ['Control+k', false]]) {
      await page.locator('[role=grid]').focus();
      await page.keyboard.press(key);
      await overlay.waitFor();
      if (button) await page.getByRole('dialog', { name: 'Keys' }).getByRole('button').click();
      else await page.mouse.click(3, 3); // beside it
      await overlay.waitFor({ state: 'detached' });
      assert.equal(await focused(page, 'role'), 'grid', key);
    }
    const summary = page.locator('.page-head summary').first();
    await summary.click();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await until('closed', async () => (await page.locator('.page-head details[open]').count()) === 0);
    assert.equal(await page.evaluate(() => document.activeElement.localName), 'summary');
  }));

  test('Ctrl-K knows every page of the navigation', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    await page.keyboard.press('Control+k');
    await page.locator('#found [data-kind=page]').first().waitFor();
    const pages = await page.getByRole('navigation', { name: 'Pages' }).locator('ul:not([popover]) a').evaluateAll((all) => all.map((one) => one.textContent.trim()));
    assert.deepEqual(await page.locator('#found [data-kind=page] .cut:first-child').allTextContents(), pages);
  }));

  test('lead from the interface to the host to the flow', () => inPage(async (page) => {
    await visit(page, origin, '/interfaces');
    await page.locator('[data-interface] h2 a').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('main[data-route=interface] [role=row][data-key]:not([data-key=""])').first().waitFor();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight'); // the client
    await page.keyboard.press('Enter');
    await page.locator('main[data-route=host] [role=row][data-key]:not([data-key=""])').first().waitFor();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[data-flow] [data-figure=bytes]').waitFor();
    await page.locator('dialog[data-flow]').getByRole('link', { name: 'Open as a page' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('main[data-route=flow] [data-figure=bytes]').waitFor();
  }));
});

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
      const [head, ...lines] = (await (await fetch(download.url())).text()).trim().split('\r\n');
      assert.deepEqual(head.split(',').filter((name) => chosen.includes(name)), chosen);
      const shown = page.locator('[role=row][data-key]:not([data-key=""])');
      const first = await page.evaluate((field) => [...document.querySelectorAll('[role=row][data-key]')].sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex')).slice(0, 8).map((row) => row.querySelector(`[data-field=${field}] [data-value]`)?.dataset.value), key);
      assert.ok((await shown.count()) >= first.length && first.length > 0);
      assert.deepEqual(lines.slice(0, first.length).map((line) => line.split(',')[head.split(',').indexOf(key)]), first);

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
    const lines = (await (await fetch(download.url())).text()).trim().split('\r\n');
    assert.equal(lines[0].split(',')[0], 'name');
    assert.equal(lines.length - 1, await total('applications', 'bytes > 1000'));
    assert.equal(download.suggestedFilename(), 'applications.csv');
  }));
});

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

describe('settings', () => {
  test('a name that is given to a host stands in the tables, in other browsers too, until it is taken away', () => inPage(async (page) => {
    const { rows: [host] } = await rest(origin, 'hosts?limit=1&sort=bytes');
    const name = '<b>The "printer"</b>';
    await visit(page, origin, '/settings/networks');
    await page.getByRole('textbox', { name: 'Address' }).fill(host.address);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByRole('button', { name: 'Name a host' }).click();
    await page.getByText('Saved.').waitFor();
    try {
      await inPage(async (other) => {
        await visit(other, origin, `/hosts?q=${encodeURIComponent(`host = ${host.address}`)}&v=1`);
        await until('the name', async () => (await other.locator('[role=row][data-key] [data-field=name]').first().textContent()).trim() === name);
      });
    } finally {
      await page.getByRole('button', { name: `Remove ${host.address}` }).click();
      await page.getByRole('button', { name: `Remove ${host.address}` }).waitFor({ state: 'detached' });
    }
    const { rows } = await rest(origin, 'preferences');
    assert.ok(!rows.some((row) => row.name.startsWith('console/host/')));
  }));

  test('refuse what is no address', () => inPage(async (page) => {
    await visit(page, origin, '/settings/networks');
    await page.getByRole('textbox', { name: 'Address' }).fill('10.0.0.300');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('x');
    await page.getByRole('button', { name: 'Name a host' }).click();
    await page.getByText('This is no address.').waitFor();
  }));

  test('list the scripts and the licences of what is in the console', () => inPage(async (page) => {
    await visit(page, origin, '/settings/scripts');
    await page.locator('[data-script="rest/hosts"]').waitFor();
    await visit(page, origin, '/settings/about');
    await until('the licences', async () => /svelte[\s\S]*uplot/i.test(await page.locator('pre').textContent()));
    assert.notEqual(digits(await page.locator('[data-figure=version]').textContent()), '');
  }));
});

test('a screen on the wall has no frame, and a way back', () => inPage(async (page) => {
  await visit(page, origin, '/live?kiosk=1&v=1');
  assert.equal(await page.locator('nav').count(), 0);
  assert.equal(await page.getByLabel('Filter', { exact: true }).count(), 0);
  await page.getByRole('link', { name: 'Show the frame' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}));

test('back leads through the parts of a page', () => inPage(async (page) => {
  await visit(page, origin, '/networks');
  await page.locator('[data-tab=countries]').click();
  await until('countries', () => new URL(page.url()).pathname === '/networks/countries');
  await page.locator('[role=row][data-key] [data-field=key] a').first().click();
  await page.locator('main[data-route=group] h1').waitFor();
  await page.goBack();
  await page.locator('[data-tab=countries][aria-current=page]').waitFor();
  await page.goBack();
  await page.locator('[data-tab=subnets][aria-current=page]').waitFor();
}));
