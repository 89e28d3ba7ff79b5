// SPDX-License-Identifier: GPL-3.0-or-later
// Throughput as what comes in and what goes out, on the page Live, against the weir at WEIR_URL or the mock server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { overflow, rest, seriousFindings, until, visit } from './page_steps.mjs';
import { inPage, origin } from './shared_console.mjs';

const card = (page) => page.locator('[data-chart=directions]');
const kinds = (page) => page.locator('[data-by]').evaluateAll((all) => all.map((one) => [one.dataset.by, one.ariaPressed]));

async function open(page, query = '') {
  await visit(page, origin, `/live?${query}by=direction&v=1`);
  await card(page).locator('.drawn .zero').waitFor({ state: 'attached' });
}

// A weir of before: it does not know what is asked where `isUnknown` says so. What this gives back closes the connections.
async function olderWeir(page, isUnknown) {
  const open = [];
  await page.routeWebSocket(/\/stream$/, (socket) => {
    open.push(socket);
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const question = JSON.parse(message);
      if (question.op === 'sub' && isUnknown(question)) socket.send(JSON.stringify({ op: 'err', id: question.id, status: 400, title: 'Bad Request', detail: 'There is no such kind.', parameter: 'by' }));
      else server.send(message);
    });
  });
  return () => Promise.all(open.splice(0).map((socket) => socket.close()));
}

describe('throughput in and out', () => {
  test('is a choice beside protocols and applications that stands in the address', () => inPage(async (page) => {
    await visit(page, origin, '/live');
    assert.deepEqual(await kinds(page), [['protocol', 'true'], ['application', 'false'], ['direction', 'false']]);
    await page.locator('[data-by=direction]').click();
    await card(page).locator('.drawn .zero').waitFor({ state: 'attached' });
    assert.equal(new URL(page.url()).searchParams.get('by'), 'direction');
    assert.equal(await page.locator('[data-chart=throughput]').count(), 0);
    await page.reload();
    await card(page).locator('.drawn .zero').waitFor({ state: 'attached' });
    for (const by of ['application', 'protocol']) {
      await page.locator(`[data-by=${by}]`).click();
      await page.locator('[data-chart=throughput] canvas').waitFor();
      assert.equal(await card(page).count(), 0);
    }
  }));

  test('has what comes in above the axis and what goes out below it', () => inPage(async (page) => {
    await open(page);
    const [zero, ins, outs] = await card(page).evaluate((one) => {
      const areas = [...one.querySelectorAll('.drawn svg path:not(.over, .between)')].map((path) => path.getBBox());
      return [one.querySelector('.zero').getBBox().y, areas[0], areas.at(-1)].map((box) => (typeof box === 'number' ? box : [box.y, box.y + box.height]));
    });
    assert.ok(Math.abs(zero - ins[1]) < 0.6 && ins[0] < zero, `${ins} above ${zero}`);
    assert.ok(Math.abs(zero - outs[0]) < 0.6 && outs[1] > zero, `${outs} below ${zero}`);
  }));

  test('says both ways in its table, its sentence and at its cursor, as the API does', () => inPage(async (page) => {
    await open(page);
    assert.match(await card(page).locator('.summary').textContent(), /^Mean in [\d.]+ \w+\/s, out [\d.]+ \w+\/s; highest in .*, out /);
    await card(page).locator('[role=application]').focus();
    await page.keyboard.press('End');
    await until('a second in words', async () => {
      await page.keyboard.press('ArrowLeft');
      return /^\d\d:\d\d:\d\d: in [\d.]+ \w+\/s, out [\d.]+ \w+\/s/.test(await card(page).locator('[role=status]').textContent());
    });
    await card(page).locator('[data-twin=table]').click();
    assert.deepEqual((await card(page).locator('thead th').allTextContents()).slice(0, 5), ['Time', 'In', 'Out', 'Within', 'Through']);
    await until('three seconds equal to REST', async () => {
      const { series } = await rest(origin, 'series?seconds=60&by=direction');
      const told = series[0].bytes.map((_, second) => ['in', 'out', 'within', 'through'].map((name) => series.find((one) => one.name === name).bytes[second] * 8).join(' '));
      const shown = await card(page).locator('.twin tbody tr').evaluateAll((all) => all.slice(0, 60).map((row) => [...row.querySelectorAll('td.number')].slice(0, 4).map((cell) => cell.title).join(' ')));
      return new Set(shown.filter((one) => /[1-9]/.test(one) && told.includes(one))).size >= 3;
    });
  }));

  test('is that of the chosen interface', () => inPage(async (page) => {
    const { rows: [face] } = await rest(origin, 'interfaces?limit=1&sort=-bits_per_second');
    const asked = [];
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => {
      const { topic, by, interface: id } = JSON.parse(payload.toString());
      if (topic === 'series' && by === 'direction') asked.push(id);
    }));
    await open(page, `if=${encodeURIComponent(face.id)}&`);
    assert.deepEqual(asked, [face.id]);
  }));

  test('draws peaks as a band above the rest', () => inPage(async (page) => {
    await open(page, 'peaks=1&');
    const [band, top] = await card(page).evaluate((one) => [one.querySelector('.between').getBBox(), one.querySelectorAll('.drawn svg path:not(.over, .between)')[0].getBBox()].map((box) => box.y));
    assert.ok(band < top, `${band} is above ${top}`);
    await card(page).getByRole('button', { name: 'Peaks in 10 ms' }).click();
    await until('no band', async () => await card(page).locator('.between').count() === 0);
    assert.equal(new URL(page.url()).searchParams.get('peaks'), '0');
  }));

  test('is not offered where weir knows no directions: the chart stays that of protocols', () => inPage(async (page) => {
    await olderWeir(page, ({ by }) => by === 'direction');
    await page.goto(`${origin}/live?by=direction&v=1`);
    await page.locator('[data-chart=throughput] canvas').waitFor();
    assert.deepEqual(await kinds(page), [['protocol', 'true'], ['application', 'false']]);
    assert.equal(await card(page).count(), 0);
  }));

  test('is offered again with an interface and by a weir that know them', () => inPage(async (page) => {
    const { rows: [face] } = await rest(origin, 'interfaces?limit=1');
    let without = [''];
    const closed = await olderWeir(page, ({ by, interface: id }) => by === 'direction' && without.includes(id));
    await page.goto(`${origin}/live?by=direction&v=1`);
    await until('only two kinds', async () => (await kinds(page)).length === 2);
    await page.locator('select').first().selectOption(face.id);
    await card(page).locator('.drawn .zero').waitFor({ state: 'attached' });
    assert.equal((await kinds(page)).length, 3);
    await page.locator('select').first().selectOption('');
    await until('only two kinds', async () => (await kinds(page)).length === 2);
    without = [];
    await closed();
    await card(page).locator('.drawn .zero').waitFor({ state: 'attached' });
    assert.equal((await kinds(page)).length, 3);
  }));

  test('says from when on drops are known only when they are', () => inPage(async (page) => {
    await olderWeir(page, ({ topic }) => topic === 'interfaces');
    await page.goto(`${origin}/live?v=1`);
    for (const [by, chart, drawing] of [['protocol', 'throughput', 'canvas'], ['direction', 'directions', '.drawn .zero']]) {
      await page.locator(`[data-by=${by}]`).click();
      await page.locator(`[data-chart=${chart}] ${drawing}`).waitFor({ state: 'attached' });
      assert.doesNotMatch(await page.locator(`[data-chart=${chart}] .hint`).textContent(), /since/);
    }
  }));

  test('is not offered on the page of an interface, which has it below', () => inPage(async (page) => {
    const { rows: [face] } = await rest(origin, 'interfaces?limit=1');
    await visit(page, origin, `/interfaces/${encodeURIComponent(face.id)}?by=direction&v=1`);
    await page.locator('[data-chart=throughput] canvas').waitFor();
    assert.deepEqual(await kinds(page), [['protocol', 'true'], ['application', 'false']]);
    await card(page).locator('.drawn .zero').waitFor({ state: 'attached' });
  }));

  for (const [width, height] of [[1440, 900], [390, 844]]) {
    test(`has room and nothing that axe finds serious at ${width} pixels`, () => inPage(async (page) => {
      await open(page);
      assert.ok(await overflow(page) <= 0);
      assert.deepEqual(await seriousFindings(page), []);
      const [right, ends] = await card(page).evaluate((one) => [one.querySelector('.drawn svg').getBoundingClientRect().right, [...one.querySelectorAll('.drawn svg text')].map((text) => text.getBoundingClientRect().right)]);
      assert.ok(ends.every((end) => end <= right + 0.5), `${ends} beyond ${right}`);
    }, { viewport: { width, height } }));
  }
});
