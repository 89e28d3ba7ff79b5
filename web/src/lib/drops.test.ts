// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import type { InterfaceRow } from './api';
import { dropsAfter, droppedAt, dropsWithin, type Drop } from './drops';

const told = (time: number, drops: Record<string, [number, number?]>): { time: number; rows: InterfaceRow[] } => ({
  time, rows: Object.entries(drops).map(([id, [kernel_drops, interface_drops]]) => ({ id, kernel_drops, ...(interface_drops === undefined ? {} : { interface_drops }) })),
});

describe('dropsAfter', () => {
  it('tells what came between two answers, of the kernel and of the interface', () => {
    expect(dropsAfter([], told(1000.03, { eth0: [5, 7], eth1: [1] }), told(1001.03, { eth0: [8, 9], eth1: [1] }))).toEqual([{ interface: 'eth0', from: 1000, to: 1000, packets: 5 }]);
  });

  it('does not know when those of before were dropped', () => {
    expect(dropsAfter([], null, told(1000.03, { eth0: [5000] }))).toEqual([]);
    expect(dropsAfter([], told(1000.03, {}), told(1001.03, { eth1: [70] }))).toEqual([]);
  });

  it('begins anew with a weir that counts anew', () => {
    expect(dropsAfter([], told(1000.03, { eth0: [5000] }), told(1001.03, { eth0: [3] }))).toEqual([]);
    expect(dropsAfter([], told(1001.03, { eth0: [3] }), told(1002.03, { eth0: [4] }))).toHaveLength(1);
  });

  it('says between which seconds it was after nothing was heard for a while', () => {
    expect(dropsAfter([], told(1000.03, { eth0: [0] }), told(1010.03, { eth0: [9] }))).toEqual([{ interface: 'eth0', from: 1000, to: 1009, packets: 9 }]);
  });

  it('is the second itself where two answers come in one', () => {
    expect(dropsAfter([], told(1000.03, { eth0: [0] }), told(1000.6, { eth0: [9] }))).toEqual([{ interface: 'eth0', from: 1000, to: 1000, packets: 9 }]);
  });

  it('keeps five minutes', () => {
    let known: readonly Drop[] = [];
    for (let second = 0; second < 1000; second += 1) known = dropsAfter(known, told(1000 + second, { eth0: [second] }), told(1001 + second, { eth0: [second + 1] }));
    expect(known).toHaveLength(300);
    expect(known.at(-1)?.to).toBe(1999);
  });
});

describe('what is shown', () => {
  const drops: Drop[] = [{ interface: 'eth0', from: 9, to: 10, packets: 3 }, { interface: 'eth1', from: 10, to: 10, packets: 4 }, { interface: 'eth0', from: 20, to: 20, packets: 5 }];

  it('is of the seconds and of the interface', () => {
    expect(dropsWithin(drops, '', 10, 20)).toEqual(drops.slice(0, 2));
    expect(dropsWithin(drops, 'eth0', 10, 21)).toEqual([drops[0], drops[2]]);
    expect(dropsWithin(drops, 'eth0', 11, 20)).toEqual([]);
  });

  it('in a second is all of it, and not known of the time before', () => {
    expect(droppedAt(drops, 10, 10)).toBe(7);
    expect(droppedAt(drops, 11, 10)).toBe(0);
    expect(droppedAt(drops, 9, 10)).toBeNull();
  });
});
