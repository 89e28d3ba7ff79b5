// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { factOf, healthGroups, sectionsOf, spokenName } from './health';

describe('spokenName', () => {
  it('reads as words', () => {
    expect(spokenName('kernel_drops')).toBe('Kernel drops');
    expect(spokenName('peak_memory_bytes')).toBe('Peak memory');
    expect(spokenName('uptime_s')).toBe('Uptime');
    expect(spokenName('')).toBe('');
  });
});

describe('factOf', () => {
  it('gives values the unit of their name', () => {
    expect(factOf('uptime_s', 250)).toMatchObject({ text: '4:10', title: '250 s' });
    expect(factOf('peak_memory_bytes', 1500)).toMatchObject({ text: '1.50 kB', title: '1\u202f500 bytes' });
    expect(factOf('packets', 12_345)).toMatchObject({ text: '12\u202f345', isNumber: true });
  });

  it('takes any value there is', () => {
    expect(factOf('x', null).text).toBe('\u2013');
    expect(factOf('x', true).text).toBe('true');
    expect(factOf('x', [1, 'a', { b: 2 }]).text).toBe('1, a, {"b":2}');
    expect(factOf('x', '\u202e').text).toBe('\u2039U+202E\u203a');
  });
});

describe('healthGroups', () => {
  it('makes one group of weir and one of each interface', () => {
    const groups = healthGroups({
      op: 'snap', id: 3, seq: 0, version: '0.1', http: { clients: 2 },
      interfaces: [{ id: 'eth0', packets: 1, flow_table: { used: 5 } }, { id: 'eth1', packets: 2 }],
    }, 'weir');
    expect(groups.map((group) => group.name)).toEqual(['weir', 'eth0', 'eth1']);
    expect(groups[0]?.sections).toMatchObject([{ facts: [{ name: 'Version' }] }, { name: 'Http', facts: [{ text: '2' }] }]);
    expect(groups[1]?.sections).toMatchObject([{ facts: [{ name: 'Id' }, { name: 'Packets' }] }, { name: 'Flow table' }]);
  });

  it('ends, however deep the answer is', () => {
    let deep: Record<string, never> | { a: unknown } = {};
    for (let level = 0; level < 50; level += 1) deep = { a: deep };
    expect(sectionsOf('', deep as never).flatMap((section) => section.facts)).toHaveLength(1);
  });
});
