// SPDX-License-Identifier: GPL-3.0-or-later
// Where the filter by a value leads: lists know different fields.
import { filterFields } from 'virtual:filter-fields';

import { listOf } from './complete';
import { condition, narrowed, negated } from './filter';
import { pageFrom, type Place, type RouteName } from './router';
import type { Watch } from './watched.svelte';

const kRows: Readonly<Record<string, string>> = {
  flows: 'flow', hosts: 'host', interfaces: 'interface', applications: 'application', transactions: 'transaction', exporters: 'exporter',
  networks: 'group', vlans: 'group', asns: 'group', countries: 'group', macs: 'group',
};

// Pages whose filter chooses nothing, or is for several lists with different fields.
const kWithoutList: ReadonlySet<RouteName> = new Set(['live', 'interfaces', 'alerts', 'settings', 'health', 'flow', 'unknown']);
const kTabsWithoutList: ReadonlySet<string> = new Set(['ports', 'names']); // of a host

// Fields that mean the same in every list.
const kEverywhere: ReadonlySet<string> = new Set(['app', 'category', 'country', 'as', 'mac', 'vlan', 'server']);

export function knowsField(list: string, field: string): boolean {
  return (filterFields[kRows[list] ?? ''] ?? []).includes(field);
}

// The list that the filter of a page chooses from, or null.
export function filteredList({ route, tab }: Pick<Place, 'route' | 'tab'>): string | null {
  return kWithoutList.has(route) || (route === 'host' && kTabsWithoutList.has(tab)) ? null : listOf(route, tab);
}

// The page with its rows narrowed to those that have the value, or to the others; the flows with or without it where the rows of the
// page know no such field; null where flows know none either.
export function narrowedTo(place: Place, field: string, value: string, isExcluded: boolean): Place | null {
  const term = isExcluded ? negated(condition(field, value)) : condition(field, value);
  const list = filteredList(place);
  if (list !== null && knowsField(list, field)) return { ...place, filter: narrowed(place.filter, term), flow: '' };
  return knowsField('flows', field) ? pageFrom(place, 'flows', { filter: term }) : null;
}

// What is watched where the value is: a host, the hosts of a list of hosts, else the flows with the value; null where it says nothing of either.
export function watchOf(place: Place, field: string, value: string): Watch | null {
  const list = filteredList(place);
  const watch = (of: Watch['list']): Watch => ({ list: of, filter: condition(field, value) });
  const isOfHosts = list === 'hosts' || place.route === 'host';
  const isOfFlows = list === null || list === 'flows' || list === 'hosts' || kEverywhere.has(field);
  if (field === 'host' || (list === 'hosts' && knowsField('hosts', field))) return watch('hosts');
  if (isOfFlows && knowsField('flows', field)) return watch('flows');
  return isOfHosts && knowsField('hosts', field) ? watch('hosts') : null;
}
