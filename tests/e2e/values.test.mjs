// SPDX-License-Identifier: GPL-3.0-or-later
// The menu of a value, what is watched, and the filter as text and as chips, against the weir at WEIR_URL (with traffic in it) or,
// without that, against the mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { digits, rest, settled, until, visit } from './page_steps.mjs';
import { inPage, mock, origin } from './shared_console.mjs';

const filterOf = (page) => new URL(page.url()).searchParams.get('q') ?? '';
const shownTotal = async (page) => Number(await page.locator('[role=grid]').first().getAttribute('aria-rowcount')) - 1;
const total = async (resource, filter) => (await rest(origin, `${resource}?limit=0&filter=${encodeURIComponent(filter)}`)).total;

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
