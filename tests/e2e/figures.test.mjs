// SPDX-License-Identifier: GPL-3.0-or-later
// The figures on the page are those that tshark finds in the same capture.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, openPage } from './browser.mjs';
import { digits, exact, until, visit } from './page_steps.mjs';
import { ask, mix, run, startWeir } from './programs.mjs';

const hasTshark = run('tshark', ['--version']).code === 0;
const kRows = 8; // that are compared

// Packets and bytes of all, and [address, bytes] of IPv4 addresses, the largest first.
function told() {
  const { code, out, err } = run('tshark', ['-r', mix, '-q', '-z', 'io,stat,0', '-z', 'endpoints,ip']);
  assert.equal(code, 0, err);
  const [, packets, bytes] = /<> *[\d.]+ *\| *(\d+) *\| *(\d+)/.exec(out);
  const hosts = [...out.matchAll(/^(\d+\.\d+\.\d+\.\d+) +\d+ +(\d+)/gm)].map(([, address, sum]) => [address, Number(sum)]);
  return { packets, bytes, hosts: hosts.sort((a, b) => b[1] - a[1]) };
}

let browser;
let daemon;
before(async () => {
  if (!hasTshark) return;
  daemon = await startWeir('-i', `pcap:${mix}`);
  await ask(() => daemon.get('/api/v1/interfaces'), (answer) => answer.rows[0]?.state === 'ended');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await daemon?.stop();
});

test('packets, bytes and the hosts with the most of them are those of tshark', { skip: !hasTshark && 'there is no tshark to compare with' }, async () => {
  const expected = told();
  const { context, page, faults } = await openPage(browser, daemon.url);
  try {
    await visit(page, daemon.url, '/interfaces');
    for (const field of ['packets', 'bytes']) {
      await until(`${field} of tshark`, async () => (await exact(page, `[data-interface] [data-figure=${field}]`)) === expected[field]);
    }
    await visit(page, daemon.url, '/hosts?sort=-bytes&v=1');
    const shown = await page.locator('[role=row][data-key]:not([data-key=""])').evaluateAll((all) => all
      .sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex'))
      .map((row) => [row.querySelector('[data-field=address] [data-value]').dataset.value, row.querySelector('[data-field=bytes] [title]').title]));
    const rows = shown.slice(0, kRows).map(([address, title]) => [address, Number(digits(title.split(' bytes')[0]))]);
    assert.equal(rows.length, kRows);
    assert.deepEqual(rows.map(([, sum]) => sum), expected.hosts.slice(0, kRows).map(([, sum]) => sum));
    for (const [address, sum] of rows) assert.equal(sum, new Map(expected.hosts).get(address), address);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
});
