// SPDX-License-Identifier: GPL-3.0-or-later
import { SvelteMap } from 'svelte/reactivity';

import { firstPreferences, keep } from './preferences';

const kHosts = 'console/host/';
const kHome = 'console/home_country';
export const kMaxNameLength = 64;

// Names of preferences have no colons; addresses have no hyphens.
const toPreference = (address: string): string => kHosts + address.replaceAll(':', '-');
const toAddress = (preference: string): string => preference.slice(kHosts.length).replaceAll('-', ':');

export function isAddress(text: string): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text.split('.').every((part) => Number(part) < 256);
  return /^[0-9a-f:]{2,39}$/i.test(text) && (text.match(/:/g) ?? []).length >= 2;
}

// What users have said of their network: names of hosts and where it is. Kept by weir, the same in all browsers.
class Names {
  readonly hosts = new SvelteMap<string, string>();
  home = $state(''); // two letters of ISO 3166-1; empty: not said

  async load(): Promise<void> {
    for (const { name, value = '' } of await firstPreferences()) {
      if (name.startsWith(kHosts)) this.hosts.set(toAddress(name), value);
      if (name === kHome) this.home = value;
    }
  }

  async setHost(address: string, name: string): Promise<void> {
    await keep(toPreference(address), name === '' ? null : name);
    if (name === '') this.hosts.delete(address);
    else this.hosts.set(address, name);
  }

  async setHome(country: string): Promise<void> {
    await keep(kHome, country === '' ? null : country);
    this.home = country;
  }
}

export const names = new Names();
