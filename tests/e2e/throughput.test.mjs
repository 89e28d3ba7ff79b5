// SPDX-License-Identifier: GPL-3.0-or-later
// The chart of throughput, by protocol and by application, against the weir at WEIR_URL or the mock server.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { drawn, openPage, seconds, startMock } from './browser.mjs';
import { digits, rest, until, visit } from './page_steps.mjs';
import { inPage, mock, opened, origin } from './shared_console.mjs';

const card = (page) => page.locator('[data-chart=throughput]');
const names = (page) => card(page).locator('[data-series]').evaluateAll((all) => all.map((one) => one.dataset.series));
const clock = (second) => new Date(second * 1000).toTimeString().slice(0, 8);

// The questions for series that are open, by what they ask for.
function openSeries(page) {
  const open = new Map();
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => {
    const { op, id, topic, by = 'class' } = JSON.parse(payload.toString());
    if (op === 'sub' && topic === 'series') open.set(id, by);
    if (op === 'unsub') open.delete(id);
  }));
  return () => [...open.values()].sort();
}

async function showApplications(page) {
  await card(page).locator('[data-by=application]').click();
  await until('applications', async () => (await names(page)).includes('Other') && !(await names(page)).includes('Other IP'));
}

describe('throughput by application', () => {
  test('is a choice that stands in the address, and is asked for while it is shown', () => inPage(async (page) => {
    const asked = openSeries(page);
    await visit(page, origin, '/live');
    assert.deepEqual(asked(), ['class']);
    await showApplications(page);
    assert.deepEqual(asked(), ['application', 'class']); // the figures above have a course by class
    assert.equal(await card(page).locator('h2').textContent(), 'Throughput by application');
    assert.equal(new URL(page.url()).searchParams.get('by'), 'application');
    await page.reload();
    await until('applications after a reload', async () => (await names(page)).includes('Other'));
    await card(page).locator('[data-by=protocol]').click();
    await until('protocols', async () => (await names(page)).includes('Non-IP'));
    await until('no question by application', async () => !asked().includes('application'));
  }));

  test('of an interface leaves out what is not shown', () => inPage(async (page) => {
    const asked = openSeries(page);
    const { rows: [face] } = await rest(origin, 'interfaces?limit=1');
    await visit(page, origin, `/interfaces/${encodeURIComponent(face.id)}?by=application&v=1`);
    await until('applications', async () => (await names(page)).includes('Other'));
    assert.deepEqual(asked(), ['application', 'direction']);
    await card(page).locator('[data-by=protocol]').click();
    await until('protocols', async () => (await names(page)).includes('TCP'));
    assert.deepEqual(asked(), ['class', 'direction']);
  }));

  test('has the largest first and Other last, and they come to the sum by protocol', () => inPage(async (page) => {
    await visit(page, origin, '/live?by=application&v=1');
    await until('bands', async () => (await names(page)).length > 1);
    const shown = await names(page);
    const { series } = await rest(origin, 'series?by=application&top=8&seconds=300');
    assert.ok(shown.length <= 9, shown.join());
    assert.equal(shown.at(-1), 'Other');
    assert.ok(shown.includes(series[0].name), `${series[0].name} is not among ${shown.join()}`);
    await card(page).locator('[data-twin=table]').click();
    await page.locator('.seconds tbody tr').nth(5).waitFor();
    const totals = new Map();
    // What was captured at the very end of a second is counted a little after it: the newest rows may still grow.
    await until('three seconds that are the same by protocol', async () => {
      const answer = await rest(origin, 'series?seconds=20');
      answer.series[0].bytes.forEach((_, at) => totals.set(clock(answer.start + at), answer.series.reduce((sum, one) => sum + (one.bytes[at] ?? 0), 0) * 8));
      const rows = await page.locator('.seconds tbody tr').evaluateAll((all) => all.slice(0, 15).map((row) => [row.querySelector('th').textContent, [...row.querySelectorAll('td:not([data-dropped], [data-peak]) [title]')].map((one) => one.title)]));
      const told = rows.map(([time, titles]) => [time, titles.map((one) => Number(digits(one)))]).filter(([, cells]) => cells.at(-1) > 0);
      for (const [time, cells] of told) assert.equal(cells.slice(0, -1).reduce((sum, one) => sum + one, 0), cells.at(-1), `bands at ${time}`);
      return told.filter(([time, cells]) => totals.get(time) === cells.at(-1)).length >= 3;
    });
  }));

  test('keeps the order of its bands, for who comes back, too', () => inPage(async (page) => {
    await visit(page, origin, '/live?by=application&v=1');
    await until('bands', async () => (await names(page)).length > 1);
    await seconds(page, 1); // the history is there
    const before = await names(page);
    const stays = (after) => {
      const common = before.filter((name) => after.includes(name));
      assert.ok(common.length > 1, after.join());
      assert.deepEqual(after.filter((name) => before.includes(name)), common);
    };
    for (let second = 0; second < 4; second += 1) {
      await seconds(page, 1);
      stays(await names(page));
    }
    await page.getByRole('link', { name: 'Hosts' }).first().click();
    await page.locator('main[data-route=hosts]').waitFor();
    await page.goBack();
    await until('bands again', async () => (await names(page)).length > 1);
    stays(await names(page));
  }));

  test('gives an application the colour that it has elsewhere', () => inPage(async (page) => {
    await visit(page, origin, '/live?by=application&v=1');
    await until('bands', async () => (await names(page)).length > 1);
    const bars = page.locator('table[aria-label="Top applications"] tbody tr');
    await bars.first().waitFor();
    let colours;
    // The chart may move a name to another colour; the bars follow with their next figures.
    await until('the same colours', async () => {
      colours = await card(page).locator('[data-series]').evaluateAll((all) => Object.fromEntries(all.map((one) => [one.dataset.series, getComputedStyle(one.querySelector('.swatch')).backgroundColor])));
      const others = await bars.evaluateAll((all) => all.map((one) => [one.dataset.key, getComputedStyle(one.querySelector('i')).backgroundColor]));
      const common = others.filter(([name]) => colours[name] !== undefined);
      return common.length > 0 && common.every(([name, colour]) => colours[name] === colour);
    });
    const grey = await page.evaluate(() => {
      const probe = document.createElement('i');
      probe.style.color = 'var(--other)';
      document.body.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    });
    assert.equal(colours.Other, grey);
  }));

  test('has no two bands of one colour, and the same colours after a reload', () => inPage(async (page) => {
    await visit(page, origin, '/live?by=application&v=1');
    const shades = () => card(page).locator('[data-series]').evaluateAll((all) => Object.fromEntries(all.map((one) => [one.dataset.series, getComputedStyle(one.querySelector('.swatch')).backgroundColor])));
    await until('bands', async () => Object.keys(await shades()).length > (mock === null ? 1 : 8));
    const before = await shades();
    assert.equal(new Set(Object.values(before)).size, Object.keys(before).length, JSON.stringify(before));
    await page.reload();
    await until('bands again', async () => Object.keys(await shades()).length > 1);
    const after = await shades();
    const common = Object.keys(before).filter((name) => after[name] !== undefined);
    assert.ok(common.length > 1);
    for (const name of common) assert.equal(after[name], before[name], name);
  }));

  test('leads to the applications, and its cursor to a second', () => inPage(async (page) => {
    await visit(page, origin, '/live?by=application&v=1');
    await card(page).locator('canvas').waitFor();
    await card(page).locator('[role=application]').focus();
    await page.keyboard.press('ArrowLeft');
    await card(page).locator('.legend th', { hasText: /^At \d\d:\d\d:\d\d$/ }).waitFor();
    await page.keyboard.press('Escape');
    await card(page).locator('.legend th', { hasText: 'Now' }).waitFor();
    assert.equal(await card(page).locator('[data-series=Other] a').count(), 0);
    const link = card(page).locator('[data-series] a').first();
    const name = await link.textContent();
    await link.click();
    await page.locator('main[data-route=app] h1', { hasText: name }).waitFor();
  }));
});

test('the chart stays while the page is paused and its address changes', () => inPage(async (page) => {
  await visit(page, origin, '/live');
  await card(page).locator('canvas').waitFor();
  await seconds(page, 1);
  await page.keyboard.press('Space');
  await page.locator('[data-state=paused]').waitFor();
  const shown = await card(page).locator('.summary').textContent();
  await page.keyboard.press('/');
  await page.keyboard.type('bytes > 1');
  await page.keyboard.press('Control+Enter');
  await until('the filter in the address', () => new URL(page.url()).searchParams.get('q') === 'bytes > 1');
  await drawn(page);
  assert.equal(await card(page).locator('canvas').count(), 1);
  assert.equal(await card(page).locator('.summary').textContent(), shown);
}));

describe('peaks over throughput', () => {
  const button = (page) => card(page).getByRole('button', { name: 'Peaks in 10 ms' });

  test('are what the API answers, in the table, the sentence and at the cursor', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    await button(page).waitFor();
    assert.match(await card(page).locator('.summary').textContent(), / Highest peak in 10 ms: [\d.]+ \w+\/s \(\d\d:\d\d:\d\d\)/);
    await card(page).locator('[role=application]').focus();
    await until('a peak in words', async () => {
      await page.keyboard.press('ArrowLeft');
      return /, Peak in 10 ms [\d.]+ \w+\/s/.test(await card(page).locator('[role=status]').textContent());
    });
    await card(page).locator('[data-twin=table]').click();
    assert.equal(await page.locator('.seconds thead th').nth(-2).textContent(), 'Peak in 10 ms');
    await until('three seconds equal to REST', async () => {
      const { start, peaks } = await rest(origin, 'series?seconds=30');
      const told = new Map(peaks.bytes.map((bytes, at) => [clock(start + at), String((bytes ?? 0) * 800)]));
      const shown = await page.locator('.seconds tbody tr').evaluateAll((all) => all.slice(0, 25).map((row) => [row.querySelector('th').textContent, row.querySelector('[data-peak] [title]')?.title ?? '']));
      return shown.filter(([time, peak]) => /[1-9]/.test(peak) && told.get(time) === digits(peak)).length >= 3;
    });
    await card(page).getByRole('button', { name: 'packets/s' }).click();
    await until('no peaks of packets', async () => await button(page).count() === 0 && await page.locator('[data-peak]').count() === 0);
  }));

  test('are a band over the rest while it is chosen, in the address', () => inPage(async (page) => {
    for (const by of ['protocol', 'application']) {
      await visit(page, origin, `/live?by=${by}&peaks=0&v=1`);
      await button(page).waitFor();
      assert.equal(await button(page).getAttribute('aria-pressed'), 'false');
      await page.keyboard.press('Space');
      await page.locator('[data-state=paused]').waitFor();
      const picture = () => card(page).locator('canvas').evaluate((canvas) => canvas.toDataURL());
      const without = await picture();
      await button(page).click();
      await card(page).locator('button[aria-pressed=true]', { hasText: 'Peaks' }).waitFor();
      await until('another picture', async () => await picture() !== without);
      assert.equal(new URL(page.url()).searchParams.get('peaks'), '1');
      await button(page).click();
      await until('the picture of before', async () => await picture() === without);
    }
  }));
});

describe('throughput by keyboard', () => {
  const said = (page) => card(page).locator('[role=status]').textContent();

  test('goes to the ends and from second to second, and is put into words', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    await card(page).locator('canvas').waitFor();
    await seconds(page, 1);
    await page.keyboard.press('Space'); // the seconds stay where they are
    await page.locator('[data-state=paused]').waitFor();
    await card(page).locator('[data-twin=table]').click();
    const rows = (await page.locator('.seconds tbody tr').evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent.trim())))).reverse();
    const heads = await page.locator('.seconds thead th').allTextContents();
    await card(page).locator('[data-twin=chart]').click();
    await card(page).locator('[role=application]').focus();
    assert.equal(await said(page), '');
    const last = rows.length - 1;
    for (const [key, at] of [['End', last], ['ArrowLeft', last - 1], ['ArrowRight', last], ['ArrowRight', last], ['Home', 0], ['ArrowLeft', 0], ['ArrowRight', 1]]) {
      await page.keyboard.press(key);
      const [time, ...cells] = rows[at];
      await card(page).locator('.legend th', { hasText: `At ${time}` }).waitFor();
      const words = await said(page);
      const plain = (text) => text.replace(/\s/g, ''); // the table has the unit in a cell of its own
      assert.ok(words.startsWith(`${time}: `), `${key}: ${words}`);
      if (cells.length < heads.length - 1) assert.match(words, /: not measured/);
      else heads.slice(1, -1).forEach((head, band) => assert.ok(plain(`${words},`).includes(plain(`${head} ${cells[band]},`)), `${head} ${cells[band]} is not in ${words}`));
    }
    await page.keyboard.press('Escape');
    await card(page).locator('.legend th', { hasText: 'Now' }).waitFor();
    assert.equal(await said(page), '');
  }));
});

// Those of the mock server only: a real weir has none that can be waited for.
describe('packets that were dropped', () => {
  let lossy;

  before(async () => { lossy = await startMock(0, '--flows', '500', '--hosts', '100', '--drops', '2'); });
  after(() => lossy?.stop());

  async function inLossyPage(path, steps) {
    const { context, page, faults } = await openPage(opened.browser, lossy.origin);
    try {
      await visit(page, lossy.origin, path);
      await steps(page);
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
    }
  }
  const ticks = (page) => card(page).locator('[data-drop]').evaluateAll((all) => all.map((one) => ({ second: Number(one.dataset.drop), title: one.title, at: one.getBoundingClientRect().x + one.getBoundingClientRect().width / 2 })));
  const packetsOf = ({ title }) => Number(digits(/^(.*) packets? dropped/.exec(title)[1]));

  test('stand on the time axis at their second, in the sentence and in the table', () => inLossyPage('/live', async (page) => {
    const { rows: before } = await rest(lossy.origin, 'interfaces');
    await until('two losses', async () => (await ticks(page)).length >= 2);
    await page.keyboard.press('Space');
    await page.locator('[data-state=paused]').waitFor();
    const drops = await ticks(page);
    for (const { title, second } of drops) assert.match(title, new RegExp(`^\\d+ packets? dropped at ${clock(second)}$`));
    const plot = await card(page).locator('.u-over').boundingBox();
    const since = /since (\d\d:\d\d:\d\d)/.exec(await card(page).locator('.hint').textContent())[1];
    const told = drops.reduce((sum, drop) => sum + packetsOf(drop), 0);
    assert.match(await card(page).locator('.summary').textContent(), new RegExp(`${told} packets dropped since ${since}\\.$`));
    await card(page).locator('[data-twin=table]').click();
    const cells = new Map(await page.locator('.seconds tbody tr').evaluateAll((all) => all.map((row) => [row.querySelector('th').textContent, row.querySelector('[data-dropped]').textContent])));
    for (const drop of drops) assert.equal(cells.get(clock(drop.second)), String(packetsOf(drop)));
    const [newest] = cells.keys();
    const step = plot.width / 299;
    for (const { at, second } of drops) {
      const back = (Date.parse(`1970-01-01T${newest}Z`) - Date.parse(`1970-01-01T${clock(second)}Z`)) / 1000;
      assert.ok(Math.abs(plot.x + plot.width - back * step - at) < 1, `${clock(second)} is at ${at}`);
    }
    assert.equal([...cells.values()].at(-1), '\u2013'); // before the page was there
    const { rows: after } = await rest(lossy.origin, 'interfaces');
    const all = (rows) => rows.reduce((sum, row) => sum + row.kernel_drops, 0);
    assert.ok(told > 0 && told <= all(after) - all(before) + 3, `${told} of ${all(after) - all(before)}`);
  }));

  test('are those of the interface that is shown', () => inLossyPage('/live', async (page) => {
    await until('a loss', async () => (await ticks(page)).length >= 1);
    const { rows } = await rest(lossy.origin, 'interfaces');
    const [lossless] = rows.filter((row) => row.kernel_drops === 0);
    await page.locator('select').first().selectOption(lossless.id);
    await card(page).locator('canvas').waitFor();
    await seconds(page, 2);
    assert.deepEqual(await ticks(page), []);
    assert.doesNotMatch(await card(page).locator('.summary').textContent(), /dropped/);
  }));

  // The colours of points of a picture, which are told in parts of its size.
  async function coloursOf(page, file, points) {
    return page.evaluate(async ({ address, all }) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext('2d', { willReadFrequently: true });
      context.drawImage(image, 0, 0);
      return all.map(([x, y]) => [...context.getImageData(Math.floor(x * image.width), Math.floor(y * image.height), 1, 1).data].slice(0, 3).join());
    }, { address: `data:image/png;base64,${file.toString('base64')}`, all: points });
  }

  for (const [by, chart, where] of [['protocol', 'throughput', ''], ['direction', 'directions', ''], ['direction', 'directions', ' in full screen']]) {
    test(`are in the picture of throughput by ${by}${where}, and so are gaps`, () => inLossyPage(`/live?by=${by}&v=1`, async (page) => {
      const one = page.locator(`[data-chart=${chart}]`);
      await until('a loss', async () => await one.locator('[data-drop]').count() >= 1);
      await page.keyboard.press('Space');
      await page.locator('[data-state=paused]').waitFor();
      if (where !== '') {
        await one.getByRole('button', { name: 'Full screen' }).click();
        await until('the drawing as high as its stage', () => one.evaluate((card) => document.fullscreenElement === card
          && Math.abs(card.querySelector('.stage').clientHeight - card.querySelector('.stage svg').getBoundingClientRect().height) <= 1));
      }
      const [points, red, ground] = await one.evaluate((card) => {
        const drawing = card.querySelector('.stage canvas, .stage svg').getBoundingClientRect();
        const place = (x, y) => [(x - drawing.x) / drawing.width, (y - drawing.y) / drawing.height];
        const colourOf = (element) => /\d+, \d+, \d+/.exec(getComputedStyle(element).backgroundColor)[0].replaceAll(' ', '');
        const tick = card.querySelector('[data-drop]');
        const box = tick.getBoundingClientRect();
        // A stretch of seven seconds is not measured: the field of the fourth, in the lowest part of what is drawn above the line.
        const second = Math.floor(Date.now() / 1000) - 20;
        const gap = second - ((second % 200 + 200 - 103) % 200);
        const tickOf = Number(tick.dataset.drop);
        const [left, right] = card.querySelector('canvas') === null ? [drawing.x + 84, drawing.right] : [card.querySelector('.u-over').getBoundingClientRect().x, card.querySelector('.u-over').getBoundingClientRect().right];
        const step = (right - left) / (card.querySelector('canvas') === null ? 300 : 299);
        const x = box.x + box.width / 2 - (tickOf - gap) * step;
        const y = card.querySelector('canvas') === null ? card.querySelector('.zero').getBoundingClientRect().y - 4 : box.bottom - 5;
        return [[place(box.x + box.width / 2, box.y + box.height / 2), place(x, y), place(x - 12 * step, y)], colourOf(tick), colourOf(card)];
      });
      await one.locator('summary').click();
      const [download] = await Promise.all([page.waitForEvent('download'), one.getByRole('button', { name: 'Picture (PNG)' }).click()]);
      const [tick, gap, band] = await coloursOf(page, await readFile(await download.path()), points);
      assert.equal(tick, red);
      assert.equal(gap, ground);
      assert.notEqual(band, ground);
    }));
  }

  test('of before are there again for who comes back to the page', () => inLossyPage('/live', async (page) => {
    await until('a loss', async () => (await ticks(page)).length >= 1);
    const [{ second }] = await ticks(page);
    await page.getByRole('link', { name: 'Hosts' }).first().click();
    await page.locator('main[data-route=hosts]').waitFor();
    await page.goBack();
    await until('the tick', async () => (await ticks(page)).some((one) => one.second === second));
  }));
});
