// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of groups that flows are summed by: one page shows them all.
import type { GroupRow } from './api';
import { condition } from './filter';

export type GroupTab = 'subnets' | 'vlans' | 'asns' | 'countries' | 'devices';

export interface GroupKind {
  tab: GroupTab;
  resource: string;
  term: string;        // field of the filter language for the key
  isNamed: boolean;
  hasEnds: boolean;    // what its ends sent and received is known; else what went to servers and clients
  isKeyMono: boolean;
}

// A further tab of the page of groups, and the resource of what stands there.
export const kExporters = 'exporters' as const;

export const groupKinds: readonly GroupKind[] = [
  { tab: 'subnets', resource: 'networks', term: 'network', isNamed: true, hasEnds: true, isKeyMono: true },
  { tab: 'vlans', resource: 'vlans', term: 'vlan', isNamed: false, hasEnds: false, isKeyMono: true },
  { tab: 'asns', resource: 'asns', term: 'as', isNamed: true, hasEnds: true, isKeyMono: false },
  { tab: 'countries', resource: 'countries', term: 'country', isNamed: true, hasEnds: true, isKeyMono: false },
  { tab: 'devices', resource: 'macs', term: 'mac', isNamed: true, hasEnds: true, isKeyMono: true },
];

export function groupOf(tab: string): GroupKind {
  return groupKinds.find((kind) => kind.tab === tab) ?? (groupKinds[0] as GroupKind);
}

// The condition for flows and hosts of the group, or '' where there is none. Flows know a network by its name.
export function groupCondition(kind: GroupKind, row: Pick<GroupRow, 'key' | 'name'>): string {
  if (row.key === 'unknown' || row.key === 'other') return '';
  if (kind.tab === 'vlans') {
    return row.key === 'untagged' ? 'not vlan exists' : row.key.split('.').map((id) => condition('vlan', id)).join(' and ');
  }
  return condition(kind.term, kind.tab === 'subnets' ? row.name ?? row.key : row.key);
}
