// SPDX-License-Identifier: GPL-3.0-or-later
// The map of services with more hosts and connections than it draws. Of the mock server only: what a weir has cannot be chosen.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, openPage, startMock } from './browser.mjs';
import { digits, rest, until, visit } from './page_steps.mjs';

const card = (page) => page.locator('[data-chart=services]');
const nodes = (page) => card(page).locator('circle').count();

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

async function inMock(flags, steps) {
  const mock = await startMock(0, ...flags);
  const { context, page, faults } = await openPage(browser, mock.origin);
  try {
    await visit(page, mock.origin, '/map/services');
    await card(page).locator('circle').first().waitFor();
    await steps(page, mock.origin);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
    await mock.stop();
  }
}

describe('the map of services', () => {
  test('says how many of how many hosts it draws, and of which connections they are', () => inMock(['--flows', '8000', '--hosts', '600'], async (page, origin) => {
    const { total } = await rest(origin, 'flows?group_by=client_ip,server_ip,application&limit=1');
    assert.ok(total > 1000);
    const summary = /^([\d\s]+) of ([\d\s]+) hosts, /;
    await until('the words', async () => summary.test(await card(page).locator('.summary').textContent()));
    const [, shown, all] = summary.exec(await card(page).locator('.summary').textContent());
    assert.equal(Number(digits(shown)), await nodes(page));
    assert.ok(Number(digits(all)) > Number(digits(shown)));
    const note = await card(page).locator('.note').textContent();
    assert.match(note, new RegExp(`The ${shown} hosts with the most bytes of ${all} are drawn`));
    assert.match(note, /Looked at are the 1\s000 connections with the most bytes of [\d\s]+\./);
    assert.equal(Number(digits(/bytes of ([\d\s]+)\.$/.exec(note.trim())[1])), total);
  }));

  test('says nothing of it where it draws all', () => inMock(['--flows', '40', '--hosts', '20'], async (page) => {
    assert.match(await card(page).locator('.summary').textContent(), new RegExp(`^${await nodes(page)} hosts, `));
    assert.equal(await card(page).locator('.note').count(), 0);
  }));

  test('gives applications different colours while there are enough', () => inMock(['--flows', '40', '--hosts', '20'], async (page, origin) => {
    const { rows } = await rest(origin, 'flows?group_by=client_ip,server_ip,application&sort=-bytes&columns=client_ip,server_ip,application,bytes&limit=1000');
    const first = new Map([...rows].reverse().map((row) => [`${row.client_ip} ${row.server_ip}`, row.application])); // what most of a connection is for
    const drawn = new Set(first.values()).size;
    assert.ok(drawn >= 4, `${drawn} applications`);
    const strokes = await card(page).locator('path.edge').evaluateAll((all) => all.map((one) => one.style.stroke));
    assert.equal(new Set(strokes).size, Math.min(8, drawn));
  }));
});
