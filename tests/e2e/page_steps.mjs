// SPDX-License-Identifier: GPL-3.0-or-later
// What the browser tests do again and again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { axePath, drawn } from './browser.mjs';

export const kRoutes = [
  '/live', '/interfaces', '/hosts', '/flows', '/apps', '/networks', '/networks/vlans', '/networks/asns', '/networks/countries', '/networks/devices', '/networks/exporters', '/map', '/map/services', '/transactions', '/alerts',
  '/settings/interfaces', '/settings/networks', '/settings/scripts', '/settings/appearance', '/settings/about', '/setup', '/health',
];

// Pages of one thing: of the interface, host, flow, application and groups with the most bytes, and what is open in drawers.
export async function detailRoutes(origin) {
  const first = async (resource, query = 'limit=1&sort=bytes') => (await rest(origin, `${resource}?${query}`)).rows[0];
  const [face, host, flow, app, transaction] = [await first('interfaces', 'limit=1'), await first('hosts'), await first('flows'), await first('applications'), await first('transactions', 'limit=1')];
  const exporter = await first('exporters');
  const part = encodeURIComponent;
  return [
    `/interfaces/${part(face.id)}`, ...['', '/flows', '/peers', '/ports', '/names'].map((tab) => `/hosts/${part(host.key)}${tab}`), `/flows/${part(flow.id)}`, `/flows?f=${part(flow.id)}&v=1`, `/apps/${part(app.name)}`, `/apps/${part(app.name)}/hosts`,
    `/networks/subnets/${part((await first('networks')).key)}`, `/networks/vlans/${part((await first('vlans')).key)}`, `/networks/countries/unknown`, '/flows?q=nonsense&v=1', '/live?kiosk=1&v=1',
    ...(exporter === undefined ? [] : [`/networks/exporters/${part(exporter.id)}`]),
    ...(transaction === undefined ? [] : [`/transactions?f=${part(transactionId(transaction))}&v=1`]),
  ];
}

// As the console names a transaction in its address.
export function transactionId(row) {
  const server = row.server_ip === undefined ? '' : ` @${row.server_ip.includes(':') ? `[${row.server_ip}]` : row.server_ip}:${row.server_port}`;
  return `${row.protocol} ${row.key}${server} on ${row.interface}`;
}

// A name for a file: /flows?f=ID -> flows-f.
export const fileName = (route) => route.split('?')[0].split('/').filter(Boolean).map((part, index) => (index === 1 && /[.:%\d]/.test(part) ? 'one' : part)).join('-').replaceAll(/[^a-z-]+/gi, '_')
  + (route.includes('?') ? `-${route.includes('f=') ? 'drawer' : route.includes('kiosk') ? 'kiosk' : 'error'}` : '');

const sleep = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// Waits until `condition` gives something true and returns it; says `what` was awaited when the time is over.
export async function until(what, condition, limit = 8000) {
  const end = Date.now() + limit;
  let last;
  for (;;) {
    try {
      last = await condition();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) assert.fail(`${what} did not come true in ${limit} ms (last: ${last})`);
    await sleep(60);
  }
}

export async function rest(origin, path) {
  const response = await fetch(`${origin}/api/v1/${path}`);
  return response.json();
}

export const digits = (text) => (text ?? '').replace(/\D/g, '');

// The exact value of a figure, from its title.
export async function exact(page, selector) {
  return digits(await page.locator(`${selector} [title]`).first().getAttribute('title', { timeout: 5000 }));
}

// Waits until all that the page asked has an answer, and is drawn.
export async function settled(page) {
  await page.locator('main[data-waiting="0"]').waitFor({ timeout: 8000 });
  await drawn(page);
}

// Waits until nothing moves any more, before a picture is taken.
export async function still(page) {
  await settled(page);
  await ended(page);
}

const ended = (page) => page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)));

// Opens a route and waits for its first data.
export async function visit(page, origin, path) {
  await page.goto(origin + path);
  await page.locator('[data-state="live"]').waitFor({ timeout: 8000 });
  await page.locator('main[data-route] h1').first().waitFor({ state: 'attached' });
  await settled(page);
}

export const rowKeys = (page, count) => page.evaluate((limit) => [...document.querySelectorAll('[role=row][data-key]')]
  .sort((a, b) => Number(a.ariaRowIndex ?? a.getAttribute('aria-rowindex')) - Number(b.ariaRowIndex ?? b.getAttribute('aria-rowindex')))
  .slice(0, limit).map((row) => row.dataset.key), count);

export async function pointerAway(page) {
  await page.mouse.move(3, 3);
}

// Chromium without a window shows all its tabs: the page is told that it is hidden, as the browser would. `window.turnAway` changes it, and
// `window.fetched` has what was asked.
export async function mayHide(page, isHidden) {
  await page.addInitScript((atFirst) => {
    let isAway = atFirst;
    Object.defineProperty(document, 'hidden', { get: () => isAway });
    Object.defineProperty(document, 'visibilityState', { get: () => (isAway ? 'hidden' : 'visible') });
    window.turnAway = (value) => {
      isAway = value;
      document.dispatchEvent(new Event('visibilitychange'));
    };
    const ask = window.fetch;
    window.fetched = [];
    window.fetch = (...all) => {
      window.fetched.push(String(all[0]));
      return ask(...all);
    };
  }, isHidden);
}

// Wider than the window is wrong for the page and for its scrolled part; tables scroll in themselves.
export const overflow = (page) => page.evaluate(() => {
  const scroller = document.querySelector('.scroller');
  return Math.max(document.documentElement.scrollWidth - window.innerWidth, scroller.scrollWidth - scroller.clientWidth);
});

const axe = readFileSync(axePath, 'utf8');

const kOfColours = ['color-contrast', 'link-in-text-block'];

// What axe finds serious on the page as it is now: all in light colours, and in dark ones what depends on them. `look(theme)` is called in both.
export async function seriousFindings(page, look = async () => {}) {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const found = [];
  for (const [theme, options] of [['dark', { runOnly: { type: 'rule', values: kOfColours } }], ['light', {}]]) {
    await page.emulateMedia({ colorScheme: theme });
    await drawn(page);
    await ended(page);
    await look(theme);
    const { result } = await session.send('Runtime.evaluate', {
      expression: `axe.run(${JSON.stringify(options)}).then((found) => JSON.stringify(found.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical').map((one) => \`\${one.id}: \${one.nodes.length} x \${one.nodes[0].html.slice(0, 160)} \${one.nodes[0].failureSummary}\`)))`,
      awaitPromise: true,
    });
    found.push(...JSON.parse(result.value).map((one) => `${theme}: ${one}`));
  }
  await session.detach();
  return found;
}
