// SPDX-License-Identifier: GPL-3.0-or-later
// What the browser tests do again and again.
import assert from 'node:assert/strict';

export const kRoutes = ['/live', '/interfaces', '/hosts', '/flows', '/health'];

export const sleep = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

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

// Opens a route and waits for its first data.
export async function visit(page, origin, path) {
  await page.goto(origin + path);
  await page.locator('[data-state="live"]').waitFor({ timeout: 8000 });
  await page.locator('main[data-route] h1').first().waitFor({ state: 'attached' });
  await until('first data', async () => (await page.locator('main .bone').count()) === 0 || (await page.locator('main [role=row][data-key]:not([data-key=""])').count()) > 0);
}

export const rowKeys = (page, count) => page.evaluate((limit) => [...document.querySelectorAll('[role=row][data-key]')]
  .sort((a, b) => Number(a.ariaRowIndex ?? a.getAttribute('aria-rowindex')) - Number(b.ariaRowIndex ?? b.getAttribute('aria-rowindex')))
  .slice(0, limit).map((row) => row.dataset.key), count);

export async function pointerAway(page) {
  await page.mouse.move(3, 3);
}

// Wider than the window is wrong for the page and for its scrolled part; tables scroll in themselves.
export const overflow = (page) => page.evaluate(() => {
  const scroller = document.querySelector('.scroller');
  return Math.max(document.documentElement.scrollWidth - window.innerWidth, scroller.scrollWidth - scroller.clientWidth);
});
