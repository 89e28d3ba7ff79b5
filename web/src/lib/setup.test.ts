// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it, test } from 'vitest';

import type { Setup, SetupAnswers } from './api';
import { answersOf, choicesOf, faultsOf, isNetwork, networksIn, ownNetworks, restarted, sameAnswers, upNames, usedText, watchedText } from './setup';
import { setupTexts } from './setup_texts';

const kPrivate = ['10.0.0.0/8', '192.168.0.0/16'];
const kDefaults: SetupAnswers = { interfaces: [], local: [], resolve: 'local' };
const face = (name: string, more: object = {}): Setup['interfaces'][number] => ({
  name, is_up: true, is_loopback: false, is_watched: false, networks: [], addresses: [], bytes: 0, ...more,
});

function setupWith(change: Partial<Setup> = {}): Setup {
  return {
    asks: false, may_change: true, answers: kDefaults, suggested: { ...kDefaults, local: [...kPrivate, '203.0.113.0/24'] }, private: kPrivate, decided: {},
    interfaces: [face('lo', { is_loopback: true }), face('eth0', { is_watched: true }), face('wlan0', { is_up: false })], ...change,
  };
}

test('networks are addresses with or without the length of a prefix', () => {
  for (const good of ['10.0.0.0/8', '0.0.0.0/0', '192.0.2.7', '192.0.2.7/32', '::/0', '::1', '2001:db8::/64', 'FE80::1/128', '1:2:3:4:5:6:7:8', '::ffff:192.0.2.1/120', '1:2:3:4:5:6:192.0.2.1', '1::']) {
    expect(isNetwork(good), good).toBe(true);
  }
  for (const bad of [
    '', '/', '10.0.0.300/8', '10.0.0/8', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/x', '::/129', '::/1000', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8',
    '12345::', 'g::', '192.0.2.1::', '::192.0.2.300', ':1:2:3:4:5:6:7', 'eth0', '10.0.0.0/8.0',
  ]) expect(isNetwork(bad), bad).toBe(false);
});

test('what is typed is split at lines, commas and spaces', () => {
  expect(networksIn(' 10.0.0.0/8,\n\n192.0.2.0/24 2001:db8::/64,')).toEqual(['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/64']);
  expect(networksIn(' \n')).toEqual([]);
});

test('answers are the same in any order', () => {
  expect(sameAnswers({ ...kDefaults, local: ['a', 'b'] }, { ...kDefaults, local: ['b', 'a'] })).toBe(true);
  expect(sameAnswers({ ...kDefaults, interfaces: ['a'] }, kDefaults)).toBe(false);
  expect(sameAnswers({ ...kDefaults, local: ['a'] }, { ...kDefaults, local: ['b'] })).toBe(false);
  expect(sameAnswers({ ...kDefaults, resolve: 'off' }, kDefaults)).toBe(false);
});

describe('what is chosen', () => {
  it('is at the first start what weir suggests', () => {
    expect(choicesOf(setupWith({ asks: true }))).toEqual({ watch: 'all', names: [], local: 'own', networks: '10.0.0.0/8\n192.168.0.0/16\n203.0.113.0/24', resolve: 'local' });
    expect(choicesOf(setupWith({ asks: true, suggested: kDefaults })).local).toBe('private');
  });

  it('is later what weir uses', () => {
    expect(choicesOf(setupWith())).toEqual({ watch: 'all', names: [], local: 'private', networks: kPrivate.join('\n'), resolve: 'local' });
    const used = choicesOf(setupWith({ answers: { interfaces: ['eth0'], local: ['198.51.100.0/24'], resolve: 'all' } }));
    expect(used).toEqual({ watch: 'some', names: ['eth0'], local: 'some', networks: '198.51.100.0/24', resolve: 'all' });
  });

  it('knows the ranges by what they hold', () => {
    expect(choicesOf(setupWith({ answers: { ...kDefaults, local: [...kPrivate].reverse() } })).local).toBe('private');
    expect(choicesOf(setupWith({ answers: { ...kDefaults, local: ['203.0.113.0/24', ...kPrivate] } })).local).toBe('own');
  });
});

test('own networks are those that the private ranges do not hold', () => {
  expect(ownNetworks(setupWith())).toEqual(['203.0.113.0/24']);
  expect(ownNetworks(setupWith({ suggested: kDefaults }))).toEqual([]);
});

describe('what is sent', () => {
  const setup = setupWith();
  const choices = choicesOf(setup);

  it('is what was chosen', () => {
    expect(answersOf(choices, setup)).toEqual(kDefaults);
    expect(answersOf({ ...choices, watch: 'some', names: ['eth0'], local: 'own', resolve: 'off' }, setup)).toEqual({ interfaces: ['eth0'], local: setup.suggested.local, resolve: 'off' });
    expect(answersOf({ ...choices, local: 'some', networks: '::1, 10.0.0.0/8' }, setup).local).toEqual(['::1', '10.0.0.0/8']);
  });

  it('leaves out names that were ticked before all were chosen', () => {
    expect(answersOf({ ...choices, watch: 'all', names: ['eth0'] }, setup).interfaces).toEqual([]);
  });

  it('has nothing of what is decided elsewhere', () => {
    expect(answersOf(choices, setupWith({ decided: { interfaces: '--interface', resolve: 'WEIR_RESOLVE' } }))).toEqual({ local: [] });
    expect(answersOf(choices, setupWith({ may_change: false }))).toEqual({});
  });
});

describe('faults', () => {
  const setup = setupWith();
  const choices = choicesOf(setup);
  const nothing = { ...choices, watch: 'some' as const, names: [], local: 'some' as const, networks: ' ' };

  it('are none in what is suggested', () => expect(faultsOf(choices, setup)).toEqual({}));
  it('are a choice of nothing', () => expect(faultsOf(nothing, setup)).toEqual({ interfaces: setupTexts.interfaces.missing, local: setupTexts.local.missing }));
  it('are what is no network, each by its name and visible', () => {
    expect(faultsOf({ ...choices, local: 'some', networks: '10.0.0.0/8 10.0.0.300/8 \u202ex' }, setup).local).toMatch(/^\u201c10\.0\.0\.300\/8\u201d, \u201c\u2039U\+202E\u203ax\u201d are no networks/);
    expect(faultsOf({ ...choices, local: 'some', networks: 'x' }, setup).local).toMatch(/^\u201cx\u201d is no network/);
  });
  it('are not in what is decided elsewhere', () => expect(faultsOf(nothing, setupWith({ decided: { interfaces: '-i', local: '--local' } }))).toEqual({}));
});

test('loopback is watched only where nothing else is up', () => {
  expect(upNames(setupWith())).toEqual(['eth0']);
  expect(upNames(setupWith({ interfaces: [face('lo', { is_loopback: true }), face('eth0', { is_up: false })] }))).toEqual(['lo']);
});

test('what is used is said in words', () => {
  expect(usedText(setupWith(), 'interfaces')).toBe('All interfaces that are up (eth0)');
  expect(usedText(setupWith(), 'local')).toBe('The private ranges: 10.0.0.0/8, 192.168.0.0/16');
  const some = setupWith({ answers: { interfaces: ['eth0', 'eth1'], local: ['192.0.2.0/24'], resolve: 'off' } });
  expect([usedText(some, 'interfaces'), usedText(some, 'local'), usedText(some, 'resolve')]).toEqual(['eth0, eth1', '192.0.2.0/24', setupTexts.resolve.names.off]);
});

test('what is watched is said with the names, each visible', () => {
  expect(watchedText(setupWith())).toBe('weir watches eth0 now.');
  expect(watchedText(setupWith({ answers: { ...kDefaults, interfaces: ['wlan0', '\u202eb'] } }))).toBe('weir watches wlan0, \u2039U+202E\u203ab now.');
  expect(watchedText(setupWith({ interfaces: [] }))).toBe(setupTexts.watchesAll);
});

describe('waiting for weir to start again', () => {
  const before = setupWith({ problem: 'eth9: no such device' });
  const wanted = { ...kDefaults, interfaces: ['eth0'] };
  const after = setupWith({ answers: wanted });

  // What is made of these answers, one after the other; null: weir is away. After them nobody waits any longer.
  function waited(...answers: (Setup | null)[]): Promise<Setup | null> {
    return restarted(before, wanted, {
      pause: () => Promise.resolve(),
      isOver: () => answers.length === 0,
      ask: () => {
        const next = answers.shift() ?? null;
        return next === null ? Promise.reject(new Error('away')) : Promise.resolve(next);
      },
    });
  }

  it('goes over the answers of the one that stops', async () => expect(await waited(before, before, null, null, after)).toBe(after));
  it('needs no silence where the answer is another', async () => expect(await waited(before, after)).toBe(after));
  it('takes what weir made of the answers', async () => {
    const other = setupWith({ answers: { ...kDefaults, interfaces: ['eth0.1'] }, problem: before.problem! });
    expect(await waited(before, other)).toBe(other);
  });
  it('tells a problem of before from one of these answers', async () => {
    const other = setupWith({ problem: 'eth0: Operation not permitted' });
    const again = { ...before };
    expect(await waited(before, other)).toBe(other);
    expect(await waited(before, null, again)).toBe(again);
  });
  it('ends when nobody waits', async () => expect(await waited(before, null)).toBeNull());
});
