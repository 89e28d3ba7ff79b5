// SPDX-License-Identifier: GPL-3.0-or-later
// The three questions of the first start, in Chromium, each test against a mock server of its own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { drawn, launch, openPage, startMock } from './browser.mjs';
import { overflow, rest, seriousFindings, still, until, visit } from './page_steps.mjs';

const kPrivate = '10.0.0.0/8';
let browser;

before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

// What a page that weir leaves for a moment reports.
const isAway = (fault) => /net::ERR_|WebSocket connection/.test(fault);

// Runs steps in a page of a mock server with this setup. `sent` grows by what is put. Faults: but those that a restart makes.
async function inSetup(kind, steps, { flags = [], restarts = false, ...options } = {}) {
  const mock = await startMock(0, '--setup', kind, '--flows', '1000', '--hosts', '100', ...flags);
  const { context, page, faults } = await openPage(browser, mock.origin, options);
  const sent = [];
  page.on('request', (request) => { if (request.method() === 'PUT') sent.push(JSON.parse(request.postData())); });
  try {
    await steps(page, { origin: mock.origin, sent, faults });
    assert.deepEqual(faults.filter((fault) => !restarts || !isAway(fault)), []);
  } finally {
    await context.close();
    await mock.stop();
  }
}

const at = (page, path) => until(path, () => new URL(page.url()).pathname === path);
const question = (page, name) => page.locator(`[data-question=${name}]`);
const radio = (page, name) => page.getByRole('radio', { name });
const use = (page) => page.getByRole('button', { name: 'Use these' });
const save = (page) => page.getByRole('button', { name: 'Save and start again' });
const status = (page) => page.locator('main form [role=status]');
const chosen = (page) => page.locator('main form input[type=radio]:checked').evaluateAll((all) => all.map((one) => one.value));
const hasFocus = (page, selector) => until(`${selector} has the keyboard`, () => page.evaluate((what) => document.activeElement.matches(what), selector));

describe('the first start', () => {
  test('opens the questions, and one click takes what is suggested and waits for weir', () => inSetup('first', async (page, { origin, sent }) => {
    await visit(page, origin, '/');
    await at(page, '/setup');
    await use(page).waitFor();
    assert.deepEqual(await chosen(page), ['all', 'own', 'local']);
    assert.ok((await question(page, 'interfaces').textContent()).includes('All interfaces that are up (eth0, eth1)'));
    assert.ok((await question(page, 'local').textContent()).includes('own: 203.0.113.0/24'));
    await use(page).click();
    await until('that weir starts again', async () => /starts again/.test(await status(page).textContent()));
    assert.ok(await use(page).isDisabled());
    await until('what is watched', async () => (await status(page).textContent()) === 'weir watches eth0, eth1 now.');
    await at(page, '/live');
    assert.equal(sent.length, 1);
    const { suggested, asks, answers } = await rest(origin, 'setup');
    assert.deepEqual(sent[0], suggested);
    assert.deepEqual(answers, suggested);
    assert.equal(asks, false);
    await page.goBack();
    await at(page, '/setup');
    await page.goBack();
    assert.equal(page.url(), 'about:blank', 'Live, which led here, is not in the history');
  }, { restarts: true }));

  test('asks whoever opens /live, and nobody who wants another page, a filter or a screen on the wall', () => inSetup('first', async (page, { origin }) => {
    for (const path of ['/hosts', '/live?q=bytes+%3E+1&v=1', '/live?kiosk=1&v=1']) {
      const asked = [];
      const note = (request) => { if (request.url().endsWith('/api/v1/setup')) asked.push(request.url()); };
      page.on('request', note);
      await page.goto(origin + path);
      await page.locator('[data-state="live"]').waitFor();
      await drawn(page);
      assert.deepEqual(asked, [], path);
      assert.equal(new URL(page.url()).pathname, path.split('?')[0]);
      page.off('request', note);
    }
    await page.goto(`${origin}/live`);
    await at(page, '/setup');
  }));

  test('lets be with "Not now" for the session, and comes back in the next', () => inSetup('first', async (page, { origin, sent }) => {
    await page.goto(origin);
    await page.getByRole('button', { name: 'Not now' }).click();
    await at(page, '/live');
    await visit(page, origin, '/');
    assert.equal(new URL(page.url()).pathname, '/live');
    const other = await openPage(browser, origin);
    try {
      await other.page.goto(origin);
      await at(other.page, '/setup');
    } finally {
      await other.context.close();
    }
    assert.deepEqual(sent, []);
  }));

  test('says nothing where weir does not answer', () => inSetup('first', async (page, { origin }) => {
    await page.route('**/api/v1/setup', (route) => route.fulfill({ status: 200, body: 'no JSON' }));
    const answered = page.waitForResponse('**/api/v1/setup');
    await visit(page, origin, '/');
    await answered;
    await drawn(page);
    assert.equal(new URL(page.url()).pathname, '/live');
  }));
});

test('where all is answered /live opens, and Settings leads to the questions from both of its tabs', () => inSetup('answered', async (page, { origin }) => {
  const answered = page.waitForResponse('**/api/v1/setup');
  await visit(page, origin, '/');
  await answered;
  await drawn(page);
  assert.equal(new URL(page.url()).pathname, '/live');
  for (const [tab, link] of [['interfaces', 'Change what is watched'], ['networks', 'Change local networks and name resolution']]) {
    await visit(page, origin, `/settings/${tab}`);
    await page.getByRole('link', { name: link }).click();
    await at(page, '/setup');
    await save(page).waitFor();
    assert.deepEqual(await chosen(page), ['all', 'private', 'local'], 'what is used, not what is suggested');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await at(page, '/live');
  }
}));

describe('answers', () => {
  test('are what was chosen, and weir watches that', () => inSetup('answered', async (page, { origin, sent }) => {
    await visit(page, origin, '/setup');
    await radio(page, 'Only these:').check();
    await page.getByRole('checkbox', { name: /^eth1/ }).check();
    await radio(page, 'These:').last().check();
    await page.getByRole('textbox', { name: /One network on each line/ }).fill('198.51.100.0/24, 2001:db8::/64\n10.0.0.0/8');
    await radio(page, /^Ask for none/).check();
    await save(page).click();
    await until('what is watched', async () => (await status(page).textContent()) === 'weir watches eth1 now.');
    await at(page, '/live');
    const answers = { interfaces: ['eth1'], local: ['198.51.100.0/24', '2001:db8::/64', kPrivate], resolve: 'off' };
    assert.deepEqual(sent, [answers]);
    await visit(page, origin, '/setup');
    assert.deepEqual(await chosen(page), ['some', 'some', 'off']);
    assert.ok(await page.getByRole('checkbox', { name: /^eth1.*watched now/ }).isChecked());
    assert.equal(await page.locator('textarea').inputValue(), answers.local.join('\n'));
  }, { restarts: true }));

  test('that change nothing need no restart', () => inSetup('answered', async (page, { origin, sent }) => {
    await visit(page, origin, '/setup');
    await save(page).click();
    await at(page, '/live');
    assert.deepEqual(sent, [{ interfaces: [], local: [], resolve: 'local' }]);
  }));

  test('of nothing are refused in words, and the keyboard goes there', () => inSetup('answered', async (page, { origin, sent }) => {
    await visit(page, origin, '/setup');
    await radio(page, 'Only these:').check();
    await save(page).click();
    await question(page, 'interfaces').getByRole('alert').filter({ hasText: 'Choose at least one interface' }).waitFor();
    await hasFocus(page, '[data-question=interfaces] input[type=checkbox]');
    await radio(page, /^All interfaces/).check();
    await radio(page, 'These:').last().check();
    await page.locator('textarea').fill(' ');
    await save(page).click();
    await question(page, 'local').getByRole('alert').filter({ hasText: 'Write at least one network' }).waitFor();
    assert.equal(await question(page, 'interfaces').getByRole('alert').count(), 0);
    assert.deepEqual(sent, []);
  }));

  test('with a network that is none are refused beside the question: by the page, and by weir', () => inSetup('answered', async (page, { origin, sent, faults }) => {
    await visit(page, origin, '/setup');
    await radio(page, 'These:').last().check();
    const alert = question(page, 'local').getByRole('alert');
    await page.locator('textarea').fill('192.0.2.0/24\n10.0.0.300/8');
    await save(page).click();
    await alert.filter({ hasText: '\u201c10.0.0.300/8\u201d is no network' }).waitFor();
    await hasFocus(page, 'textarea[aria-invalid=true]');
    assert.deepEqual(sent, [], 'nothing was sent');
    await page.locator('textarea').fill('10.1.2.3/8');
    await save(page).click();
    await alert.filter({ hasText: '"10.1.2.3/8" is no network' }).waitFor();
    await hasFocus(page, 'textarea[aria-invalid=true]');
    assert.equal(sent.length, 1);
    assert.ok(await save(page).isEnabled());
    assert.equal(await status(page).textContent(), '');
    // Chromium writes each refused request down.
    assert.deepEqual(faults.splice(0).map((fault) => /status of 400/.test(fault)), [true]);
  }));

  test('that weir cannot use are said to be so, and stay in the form', () => inSetup('answered', async (page, { origin }) => {
    await visit(page, origin, '/setup');
    await radio(page, 'Only these:').check();
    await page.getByRole('checkbox', { name: /^wlan0.*down/ }).check();
    await save(page).click();
    const alert = page.locator('[data-problem]');
    await alert.filter({ hasText: 'wlan0: Network is down' }).waitFor();
    await hasFocus(page, '[data-problem]');
    assert.ok(await page.getByRole('checkbox', { name: /^wlan0/ }).isChecked());
    assert.equal(new URL(page.url()).pathname, '/setup');
    // The same once more: the problem of before is not taken for that of these answers.
    await save(page).click();
    await until('that weir starts again', async () => /starts again/.test(await status(page).textContent()));
    await alert.filter({ hasText: 'wlan0: Network is down' }).waitFor();
    await page.reload();
    await alert.filter({ hasText: 'wlan0: Network is down' }).waitFor();
    assert.deepEqual(await chosen(page), ['all', 'private', 'local'], 'those before');
  }, { restarts: true }));

  test('that weir does not come back from are not waited for longer than 15 seconds', () => inSetup('answered', async (page, { origin }) => {
    await page.clock.install();
    const before = await rest(origin, 'setup');
    await page.route('**/api/v1/setup', (route) => route.fulfill({ json: route.request().method() === 'PUT' ? { restarts: true, file: before.file } : before }));
    await page.goto(`${origin}/setup`);
    await radio(page, /^Ask for none/).check();
    await save(page).click();
    await until('that weir starts again', async () => /starts again/.test(await status(page).textContent()));
    await page.clock.fastForward(14_000);
    assert.equal(await page.locator('[data-problem]').count(), 0);
    await page.clock.fastForward(2000);
    await page.locator('[data-problem]').filter({ hasText: 'The terminal in which it runs' }).waitFor();
    assert.ok(await save(page).isEnabled());
    assert.deepEqual(await chosen(page), ['all', 'private', 'off']);
  }));
});

describe('what is decided elsewhere', () => {
  test('is text with who decided it, and is not sent', () => inSetup('half', async (page, { origin, sent }) => {
    await visit(page, origin, '/setup');
    assert.match(await question(page, 'interfaces').textContent(), /All interfaces that are up \(eth0, eth1\)\s*decided by --interface/);
    assert.match(await question(page, 'resolve').textContent(), /Ask for local hosts only\s*decided by WEIR_RESOLVE/);
    assert.deepEqual(await chosen(page), ['private']);
    await radio(page, /^The private ranges and this/).check();
    await save(page).click();
    await at(page, '/live');
    assert.deepEqual(sent, [{ local: (await rest(origin, 'setup')).suggested.local }]);
  }, { restarts: true }));

  for (const [kind, why] of [['decided', 'All of it was said when weir was started.'], ['closed', 'weir listens on 192.0.2.1']]) {
    test(`leaves only the way back (${kind})`, () => inSetup(kind, async (page, { origin }) => {
      await visit(page, origin, '/setup');
      await page.getByText(why).waitFor();
      assert.equal(await page.locator('main :is(input, textarea, button)').count(), 0);
      assert.ok((await question(page, 'local').textContent()).includes(kPrivate));
      await page.getByRole('link', { name: 'Go to Live' }).click();
      await at(page, '/live');
    }));
  }
});

describe('the page', () => {
  // All that can be seen of it: with the lists of interfaces and networks.
  async function opened(page, origin) {
    await visit(page, origin, '/setup');
    await radio(page, 'Only these:').check();
    await radio(page, 'These:').last().check();
    await save(page).or(use(page)).click();
    await question(page, 'interfaces').getByRole('alert').waitFor();
  }

  test('shows names as text, whatever they are', () => inSetup('first', async (page, { origin }) => {
    await opened(page, origin);
    const text = await question(page, 'interfaces').textContent();
    assert.ok(text.includes('<b onmouseover=alert(1)>\u2039U+202E\u203aeth1'));
    assert.ok(!text.includes('\u202e'));
    assert.equal(await question(page, 'interfaces').locator('b').count(), 0);
    await page.getByRole('checkbox', { name: /onmouseover/ }).check();
    await use(page).click();
    await until('what is watched', async () => (await status(page).textContent()) === 'weir watches <b onmouseover=alert(1)>\u2039U+202E\u203aeth1 now.');
    await at(page, '/live');
  }, { flags: ['--hostile'], restarts: true }));

  test('has no serious finding of axe, in light and in dark colours', () => inSetup('first', async (page, { origin }) => {
    await opened(page, origin);
    await still(page);
    assert.deepEqual(await seriousFindings(page), []);
  }));

  test('says on a small screen what happens where it is seen', () => inSetup('first', async (page, { origin }) => {
    await visit(page, origin, '/setup');
    await use(page).click();
    await until('that weir starts again', async () => /starts again/.test(await status(page).textContent()));
    const [line, bar] = [await status(page).boundingBox(), await page.getByRole('navigation', { name: 'Pages' }).boundingBox()];
    assert.ok(line.y + line.height <= bar.y, `the line ends at ${line.y + line.height}, the bar begins at ${bar.y}`);
    await at(page, '/live');
  }, { viewport: { width: 390, height: 844 }, restarts: true }));

  for (const [name, viewport] of [['390 px', { width: 390, height: 844 }], ['360 px', { width: 360, height: 740 }], ['200 % zoom', { width: 640, height: 400 }]]) {
    test(`does not scroll sideways at ${name}`, () => inSetup('first', async (page, { origin }) => {
      await opened(page, origin);
      assert.ok((await overflow(page)) <= 0, `${await overflow(page)} px too wide`);
    }, { viewport, flags: ['--hostile'] }));
  }

  test('is answered by the keyboard alone', () => inSetup('answered', async (page, { origin, sent }) => {
    const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
    await visit(page, origin, '/setup');
    await page.locator('.scroller').focus();
    await press('Tab', 'ArrowDown', 'Tab', 'Tab', 'Space', 'Tab', 'Tab', 'Tab'); // only these: the second; past the others
    await hasFocus(page, 'input[name=local]:checked');
    await press('ArrowDown', 'ArrowDown', 'Tab', 'Control+a');
    await page.keyboard.type('198.51.100.0/24');
    await press('Tab', 'ArrowDown', 'Tab', 'Enter');
    await at(page, '/live');
    assert.deepEqual(sent, [{ interfaces: ['eth0'], local: ['198.51.100.0/24'], resolve: 'all' }]);
  }, { restarts: true }));
});
