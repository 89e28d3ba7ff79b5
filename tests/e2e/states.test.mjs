// SPDX-License-Identifier: GPL-3.0-or-later
// What is opened over a page, or comes when something is wrong: for those who do not see it well, or do not want it to move.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, openPage, startMock } from './browser.mjs';
import { kRoutes, seriousFindings, settled, still, visit } from './page_steps.mjs';

let browser;
let mock;
before(async () => {
  browser = await launch();
  mock = await startMock(0, '--flows', '3000', '--hosts', '200');
});
after(async () => {
  await browser?.close();
  await mock?.stop();
});

async function opened(t, origin, options) {
  const { context, page, faults } = await openPage(browser, origin, options);
  t.after(() => context.close());
  return { page, faults };
}

// How each state is reached from a page.
const kStates = {
  'the finder': ['/live', async (page) => {
    await page.keyboard.press('Control+k');
    await page.locator('dialog:modal input:focus').waitFor();
    await page.keyboard.type('10.');
    await page.locator('#found [data-kind=host]').first().waitFor();
    await page.keyboard.press('ArrowDown');
  }],
  'the list of keys': ['/live', async (page) => {
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  }],
  'the menu of a value': ['/flows', async (page) => {
    const value = page.locator('[role=row][data-key] [data-field=application] [data-value]').first();
    await value.hover(); // holds the order
    await value.click({ button: 'right' });
    await page.locator('[role=menu]:popover-open').waitFor();
  }],
  'an export': ['/flows', (page) => page.locator('.page-head summary', { hasText: 'Export' }).click()],
  'a choice of columns': ['/hosts', (page) => page.locator('.page-head summary', { hasText: 'Columns' }).click()],
  'view settings': ['/live', (page) => page.getByRole('button', { name: 'View settings' }).click()],
  'completion of a filter that is wrong': ['/flows', async (page) => {
    await page.getByLabel('Filter', { exact: true }).fill('bytes > 1 and nonsense = 3');
    await page.keyboard.press('Enter');
    await page.locator('#filter-problem').waitFor();
  }],
  ...Object.fromEntries(['/live', '/apps', '/map', '/map/services', '/interfaces/eth0'].map((route) => [`tables of the charts of ${route}`, [route, async (page) => {
    await page.locator('[data-chart]').first().waitFor();
    await page.keyboard.press('t');
    await page.locator('[data-chart] .stage tbody tr').first().waitFor();
  }]])),
  'a pause': ['/live', (page) => page.keyboard.press('Space')],
};

describe('in light and in dark colours axe finds nothing serious', () => {
  for (const [name, [route, reach]] of Object.entries(kStates)) {
    test(`in ${name}`, async (t) => {
      const { page, faults } = await opened(t, mock.origin);
      await visit(page, mock.origin, route);
      await reach(page);
      await still(page);
      assert.deepEqual(await seriousFindings(page), []);
      assert.deepEqual(faults, []);
    });
  }

  test('in a card whose question fails', async (t) => {
    const { page } = await opened(t, mock.origin);
    await visit(page, mock.origin, '/map/services');
    await page.locator('[data-chart=services] circle').first().waitFor();
    await page.route('**/api/v1/flows?**', (one) => one.fulfill({ status: 500, body: '' }));
    await page.locator('.notice.bad').waitFor();
    await still(page);
    assert.deepEqual(await seriousFindings(page), []);
  });

  test('without a connection, and without traffic', async (t) => {
    const empty = await startMock(0, '--empty');
    let isRunning = true;
    t.after(() => (isRunning ? empty.stop() : undefined));
    const { page } = await opened(t, empty.origin);
    for (const route of ['/hosts', '/alerts', '/live']) {
      await visit(page, empty.origin, route);
      await still(page);
      assert.deepEqual(await seriousFindings(page), [], route);
    }
    await empty.stop();
    isRunning = false;
    await page.locator('[data-state=disconnected]').waitFor();
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)));
    assert.deepEqual(await seriousFindings(page), []);
  });
});

// [element, seconds] of all that moves by itself or when it changes.
const moving = (page) => page.evaluate(() => {
  const found = [];
  const seconds = (text) => Math.max(...text.split(', ').map(Number.parseFloat));
  for (const element of document.querySelectorAll('*')) {
    for (const part of [undefined, '::before', '::after']) {
      const style = getComputedStyle(element, part);
      const time = Math.max(style.animationName === 'none' ? 0 : seconds(style.animationDuration), style.transitionProperty === 'none' ? 0 : seconds(style.transitionDuration));
      if (time > 0) found.push([`${element.localName}.${element.className}${part ?? ''}`, time]);
    }
  }
  return found;
});

test('nothing moves for those who want less motion', async (t) => {
  const empty = await startMock(0, '--empty');
  t.after(() => empty.stop());
  const usual = await opened(t, empty.origin, { reducedMotion: 'no-preference' });
  await visit(usual.page, empty.origin, '/hosts');
  assert.ok((await moving(usual.page)).some(([, time]) => time > 0.1), 'the test shows nothing where nothing ever moves');
  for (const origin of [empty.origin, mock.origin]) {
    const { page, faults } = await opened(t, origin, { reducedMotion: 'reduce' });
    for (const route of kRoutes) {
      await visit(page, origin, route);
      assert.deepEqual((await moving(page)).filter(([, time]) => time > 0.0001), [], route);
    }
    await page.keyboard.press('Control+k');
    await settled(page);
    assert.deepEqual((await moving(page)).filter(([, time]) => time > 0.0001), []);
    assert.deepEqual(faults, []);
  }
});
