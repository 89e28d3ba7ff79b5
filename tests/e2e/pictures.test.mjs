// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of pages whose data and clock stand still, pixel by pixel. They are not compared with stored ones: fonts and Chromium's way of
// drawing differ from machine to machine, and a tolerance that allows for that allows for a missing line, too. Instead, pictures of one
// run that must be the same are compared: the colours that a page was switched to with those that it begins with, and a page that was
// come back to with what it was before. What is drawn by hand (canvas, SVG with colours from the script) goes wrong there first.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { drawn, launch, openPage, startMock } from './browser.mjs';
import { fileName, rest, still, visit } from './page_steps.mjs';
import { difference } from './png.mjs';

const kSecond = 1_790_000_000;
const kSize = { width: 1280, height: 1500 };
const shots = join(process.env.WEIR_SCREENSHOTS ?? join(tmpdir(), 'weir-console'), 'different');

let browser;
let mock;
let routes; // those with drawings
before(async () => {
  browser = await launch();
  mock = await startMock(0, '--at', `${kSecond}`, '--flows', '3000', '--hosts', '200');
  const { rows: [host] } = await rest(mock.origin, 'hosts?limit=1&sort=bytes');
  routes = ['/live', '/apps', '/map', '/map/services', '/interfaces/eth0', `/hosts/${encodeURIComponent(host.key)}`, '/flows', '/transactions', '/alerts'];
});
after(async () => {
  await browser?.close();
  await mock?.stop();
});

async function opened(t, colorScheme) {
  const { context, page, faults } = await openPage(browser, mock.origin, { viewport: kSize, colorScheme, timezoneId: 'UTC', reducedMotion: 'reduce' });
  t.after(() => context.close());
  await page.clock.setFixedTime(kSecond * 1000);
  return { page, faults };
}

// The age of the figures is the one thing that moves.
async function picture(page) {
  await still(page);
  await page.mouse.move(3, 3);
  await drawn(page);
  return page.screenshot({ mask: [page.locator('.age')], maskColor: '#808080' });
}

function assertSame(one, other, name) {
  const found = difference(one, other);
  if (found === null) return;
  mkdirSync(shots, { recursive: true });
  writeFileSync(join(shots, `${name}-1.png`), one);
  writeFileSync(join(shots, `${name}-2.png`), other);
  assert.fail(`${name}: ${JSON.stringify(found)}; the pictures are in ${shots}`);
}

test('the server and the browser stand still: a page that is loaded twice looks the same', async (t) => {
  const { page, faults } = await opened(t, 'light');
  const all = [];
  for (let load = 0; load < 2; load += 1) {
    await visit(page, mock.origin, '/live');
    all.push(await picture(page));
  }
  assertSame(...all, 'twice');
  await page.getByRole('button', { name: 'View settings' }).click();
  assert.notEqual(difference(all[0], await picture(page)), null, 'the test shows nothing where all pictures are the same');
  assert.deepEqual(faults, []);
});

test('a page that is switched to other colours looks as if it had begun with them, and back again', async (t) => {
  const switched = await opened(t, 'light');
  const fresh = await opened(t, 'dark');
  for (const route of routes) {
    await visit(switched.page, mock.origin, route);
    const light = await picture(switched.page);
    await switched.page.emulateMedia({ colorScheme: 'dark' });
    const dark = await picture(switched.page);
    await visit(fresh.page, mock.origin, route);
    assertSame(dark, await picture(fresh.page), `${fileName(route)}-dark`);
    await switched.page.emulateMedia({ colorScheme: 'light' });
    assertSame(light, await picture(switched.page), `${fileName(route)}-light`);
  }
  assert.deepEqual([switched.faults, fresh.faults], [[], []]);
});

test('a page that is come back to looks as it did before', async (t) => {
  const { page, faults } = await opened(t, 'dark');
  for (const route of routes) {
    await visit(page, mock.origin, route);
    const before = await picture(page);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Settings', exact: true }).click();
    await page.locator('main[data-route=settings]').waitFor();
    await page.goBack();
    await page.locator('main[data-route=settings]').waitFor({ state: 'detached' });
    assertSame(before, await picture(page), `${fileName(route)}-back`);
  }
  assert.deepEqual(faults, []);
});
