// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every page of a running weir, light and dark, wide and narrow:
//   node tests/e2e/screenshots.mjs http://127.0.0.1:3000 [FOLDER] [PART OF A ROUTE]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { launch, openPage } from './browser.mjs';
import { detailRoutes, fileName, kRoutes, still, visit } from './page_steps.mjs';

const [origin, folder = 'build/screenshots', only = ''] = process.argv.slice(2);
if (origin === undefined) throw new Error('usage: screenshots.mjs ADDRESS [FOLDER] [PART OF A ROUTE]');
mkdirSync(folder, { recursive: true });
const browser = await launch();
let faulty = 0;
for (const [width, height] of [[1440, 900], [390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    const { context, page, faults } = await openPage(browser, origin, { viewport: { width, height }, colorScheme });
    for (const route of [...kRoutes, ...await detailRoutes(origin)].filter((one) => one.includes(only))) {
      await visit(page, origin, route).catch((error) => faults.push(`${route}: ${error.message}`));
      await still(page);
      await page.screenshot({ path: join(folder, `${fileName(route)}-${width}-${colorScheme}.png`) });
    }
    for (const fault of faults) console.error(fault);
    faulty += faults.length;
    await context.close();
  }
}
await browser.close();
console.log(`pictures are in ${folder}`);
process.exit(faulty === 0 ? 0 : 1);
