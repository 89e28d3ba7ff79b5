// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { groupCondition, groupKinds, groupOf } from './groups';

describe('groupCondition', () => {
  it('chooses the flows of a group', () => {
    expect(groupCondition(groupOf('subnets'), { key: '10.0.0.0/8' })).toBe('network = "10.0.0.0/8"');
    expect(groupCondition(groupOf('subnets'), { key: '10.1.0.0/16', name: 'the "office"' })).toBe('network = "the \\"office\\""');
    expect(groupCondition(groupOf('vlans'), { key: '100.20' })).toBe('vlan = 100 and vlan = 20');
    expect(groupCondition(groupOf('vlans'), { key: 'untagged' })).toBe('not vlan exists');
    expect(groupCondition(groupOf('asns'), { key: '15169', name: 'GOOGLE' })).toBe('as = 15169');
    expect(groupCondition(groupOf('countries'), { key: 'DE' })).toBe('country = "DE"');
    expect(groupCondition(groupOf('devices'), { key: '02:00:00:00:00:01' })).toBe('mac = 02:00:00:00:00:01');
  });

  it('has none for what is not known', () => {
    for (const kind of groupKinds) for (const key of ['unknown', 'other']) expect(groupCondition(kind, { key })).toBe('');
  });
});

describe('groupOf', () => {
  it('takes the first kind for what is none', () => {
    expect(groupOf('').tab).toBe('subnets');
    expect(groupOf('nonsense').resource).toBe('networks');
  });
});
