// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps a page of a running weir open until standard input ends. For bench/scenarios/beside_pages:
//   node open_page.mjs ADDRESS     says "open" when the page is live
import { launch, openPage } from '../../tests/e2e/browser.mjs';

const browser = await launch();
try {
  const { page } = await openPage(browser, new URL(process.argv[2]).origin);
  await page.goto(process.argv[2]);
  await page.locator('[data-state="live"]').waitFor({ timeout: 30_000 });
  console.log('open');
  for await (const _ of process.stdin);
} finally {
  await browser.close();
}
