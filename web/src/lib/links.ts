// SPDX-License-Identifier: GPL-3.0-or-later
// Where values lead, and what hosts are called.
import { condition, narrowed } from './filter';
import { names } from './names.svelte';
import { formatPlace, pageFrom, type Place } from './router';
import { visibleText } from './visible_text';

export function vlanText(vlan?: readonly number[]): string {
  return vlan === undefined || vlan.length === 0 ? '' : vlan.map(visibleText).join('.');
}

// A host's key as `hosts/{key}` takes it: ADDRESS or ADDRESS@VLAN.VLAN.
export function hostKey(address: string, vlan?: readonly number[]): string {
  return vlan === undefined || vlan.length === 0 ? address : `${address}@${vlan.join('.')}`;
}

export function hostLink(place: Place, key: string, from?: string): string {
  return formatPlace(pageFrom(place, 'host', { key, interface: from ?? place.interface, filter: '' }));
}

export function appLink(place: Place, name: string): string {
  return formatPlace(pageFrom(place, 'app', { key: name, filter: '' }));
}

// The same page, narrowed to a value.
export function filterLink(place: Place, field: string, value: string | number): string {
  return formatPlace({ ...place, filter: narrowed(place.filter, condition(field, value)), flow: '' });
}

// What a host is called: by the user, else by what was seen.
export function nameOf(address: string | undefined, seen?: string): string {
  return visibleText((address === undefined ? undefined : names.hosts.get(address)) ?? seen);
}

// Its name before its address (or before what stands for it).
export function namedHost(address: string | undefined, text: string = visibleText(address)): string {
  return `${nameOf(address)} ${text}`.trim();
}
