// SPDX-License-Identifier: GPL-3.0-or-later
// Files that the console makes: the rows of a table in two formats, the values and the picture of a chart.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { launch, openPage, startMock } from './browser.mjs';
import { digits, until, visit } from './page_steps.mjs';
import { linesOf, sizeOf } from './png.mjs';
import { ask, mix, startWeir } from './programs.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

async function opened(t, origin) {
  const { context, page, faults } = await openPage(browser, origin);
  t.after(() => context.close());
  return { page, faults };
}

// The lines of a CSV file as cells.
function cellsOf(text) {
  const lines = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    lines.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') lines.push([]);
  }
  lines.pop(); // what is behind the last line's end
  return lines;
}

async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), data: await readFile(await download.path()) };
}

describe('rows of a table', () => {
  let daemon;
  before(async () => {
    daemon = await startWeir('-i', `pcap:${mix}`);
    await ask(() => daemon.get('/api/v1/interfaces'), (answer) => answer.rows[0]?.state === 'ended');
  });
  after(() => daemon?.stop());

  for (const [route, topic] of [['/hosts', 'hosts'], ['/flows', 'flows'], ['/apps', 'applications'], ['/transactions', 'transactions'], ['/networks', 'networks']]) {
    test(`of ${route} are the same as CSV and as JSON`, async (t) => {
      const { page, faults } = await opened(t, daemon.url);
      await visit(page, daemon.url, route);
      const shown = Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')) - 1;
      const file = async (kind) => {
        await page.locator('.page-head summary', { hasText: 'Export' }).click();
        const one = await saved(page, () => page.getByRole('link', { name: `${kind} of all rows` }).click());
        assert.equal(one.name, `${topic}.${kind.toLowerCase()}`);
        await page.locator('.page-head summary', { hasText: 'Export' }).click();
        return one.data.toString();
      };
      const [head, ...lines] = cellsOf(await file('CSV'));
      const { total, rows } = JSON.parse(await file('JSON'));
      assert.ok(total > 0 && total === shown && rows.length === total, `${rows.length} of ${total}, ${shown} on the page`);
      for (const row of rows) for (const field of Object.keys(row)) assert.ok(head.includes(field), field);
      assert.equal(lines.length, rows.length);
      rows.forEach((row, index) => head.forEach((field, column) => {
        const [value, cell] = [row[field], lines[index][column]];
        if (typeof value === 'number') assert.equal(Number(cell), value, `${field} of row ${index}`);
        else assert.equal(cell, value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value), `${field} of row ${index}`);
      }));
      assert.deepEqual(faults, []);
    });
  }
});

describe('of a chart', () => {
  let mock;
  before(async () => { mock = await startMock(0, '--flows', '3000', '--hosts', '200'); });
  after(() => mock?.stop());

  for (const [route, name] of [['/live', 'throughput'], ['/live', 'talkers'], ['/apps', 'applications'], ['/map/services', 'services']]) {
    test(`${name} the picture is a PNG of its size, the values are those of its table`, async (t) => {
      const { page, faults } = await opened(t, mock.origin);
      await visit(page, mock.origin, route);
      const card = page.locator(`[data-chart=${name}]`);
      const drawing = card.locator('.stage :is(canvas, svg)').first();
      await drawing.waitFor();
      await page.keyboard.press('Space'); // nothing moves between the table and the file
      await page.locator('[data-state=paused]').waitFor();
      const choose = async (label) => {
        await card.locator('summary').click();
        return saved(page, () => card.getByRole('button', { name: label }).click());
      };

      const picture = await choose('Picture (PNG)');
      assert.equal(picture.name, `${name}.png`);
      assert.equal(picture.data.subarray(0, 8).toString('hex'), '89504e470d0a1a0a');
      const { width, height } = await drawing.evaluate((one) => one.getBoundingClientRect().toJSON());
      assert.deepEqual(sizeOf(picture.data), [Math.floor(width * 2), Math.floor(height * 2)]);
      assert.ok(new Set(linesOf(picture.data)).size > 30, 'it is more than an empty sheet');

      await card.locator('[data-twin=table]').click();
      await until('rows', async () => await card.locator('.stage tbody tr').count() > 0);
      const shown = await card.locator('.stage table').evaluate((table) => [...table.rows].map((row) => [...row.cells].map((cell) => [cell.textContent.trim(), (cell.title || cell.querySelector('[title]')?.title) ?? ''])));
      const values = await choose('Values (CSV)');
      assert.equal(values.name, `${name}.csv`);
      const [head, ...lines] = cellsOf(values.data.toString());
      assert.deepEqual(head, shown[0].map(([text]) => text));
      if (name === 'throughput') {
        // The file begins with the oldest second; what was not measured has no values but, perhaps, what was dropped.
        const measured = shown.slice(1).reverse().map(([, ...cells]) => {
          const values = cells.map(([, title]) => digits(title));
          return values.length === head.length - 1 ? values : [...head.slice(2).map(() => ''), values.at(-1)];
        });
        assert.deepEqual(lines.map(([, ...cells]) => cells), measured);
      } else {
        assert.deepEqual(lines, shown.slice(1).map((cells) => cells.map(([text, exact]) => exact || text)));
      }
      assert.deepEqual(faults, []);
    });
  }
});
