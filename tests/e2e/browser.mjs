// SPDX-License-Identifier: GPL-3.0-or-later
// Chromium for the browser tests: a fresh profile for each run, and a page that writes down all that must not happen.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startChild } from './children.mjs';

const web = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'web');
const require = createRequire(join(web, 'package.json'));
const { chromium } = require('playwright-core');

export const axePath = require.resolve('axe-core/axe.min.js');

export function launch() {
  return chromium.launch({
    executablePath: process.env.WEIR_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}

const clocks = new WeakMap(); // page: tells of each further second that it got answers of

// Waits until the page has got and drawn the answers of as many further seconds.
export async function seconds(page, count) {
  for (let heard = 0; heard < count; heard += 1) await once(clocks.get(page), 'second', { signal: AbortSignal.timeout(10_000) });
  await drawn(page);
}

// Waits until what the page knows now is drawn.
export function drawn(page) {
  return page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
}

// A page with `faults`: console errors, exceptions, reports of the security policy and requests outside the origin.
export async function openPage(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.host !== new URL(origin).host) faults.push(`request outside the origin: ${request.url()}`);
  });
  const clock = new EventEmitter();
  clocks.set(page, clock);
  let latest = 0;
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== new URL(origin).host) faults.push(`socket outside the origin: ${socket.url()}`);
    socket.on('framereceived', ({ payload }) => {
      const { op, time = 0 } = JSON.parse(payload.toString());
      if (op !== 'upd' || Math.floor(time) <= latest) return;
      latest = Math.floor(time);
      clock.emit('second');
    });
  });
  await page.exposeFunction('reportViolation', (text) => faults.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => window.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  return { context, page, faults };
}

// Starts the mock server of web/tools and waits until it listens. `stop` ends that process and no other.
export async function startMock(port = 0, ...flags) {
  const child = startChild(process.execPath, [join(web, 'tools', 'mock_server.mjs'), '--port', String(port), ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const origin = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      const found = /listening on (\S+)/.exec(text);
      if (found !== null) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`the mock server ended with ${code}`)));
  });
  const stop = () => new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
  return { origin, stop, pid: child.pid };
}

// Chromium and the console at WEIR_URL or, without that, of the mock server; `mock` is null where it is a real one. `inPage` runs steps
// in a page of its own and fails on anything that the page reported. `close` ends what was started here.
export async function openConsole() {
  const browser = await launch();
  const mock = process.env.WEIR_URL === undefined ? await startMock() : null;
  const origin = mock?.origin ?? process.env.WEIR_URL.replace(/\/$/, '');
  async function inPage(steps, options = {}, at = origin) {
    const { context, page, faults } = await openPage(browser, at, options);
    try {
      await steps(page, faults);
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
    }
  }
  async function close() {
    await browser.close();
    await mock?.stop();
  }
  return { browser, mock, origin, inPage, close };
}
