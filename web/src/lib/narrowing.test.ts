// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { filteredList, knowsField, narrowedTo, watchOf } from './narrowing';
import { kNowhere, parsePlace } from './router';

describe('what a list can be filtered by', () => {
  it('says the schema', () => {
    expect(knowsField('flows', 'application')).toBe(true);
    expect(knowsField('flows', 'app')).toBe(true); // another name
    expect(knowsField('hosts', 'application')).toBe(false);
    expect(knowsField('hosts', 'name')).toBe(true);
    expect(knowsField('flows', 'os')).toBe(false);
    expect(knowsField('asns', 'as')).toBe(true);
    expect(knowsField('interfaces', 'if')).toBe(false);
    expect(knowsField('nothing', 'host')).toBe(false);
  });

  it('belongs to the page', () => {
    expect(filteredList(parsePlace('/hosts', ''))).toBe('hosts');
    expect(filteredList(parsePlace('/hosts/10.0.0.1', ''))).toBe('flows');
    expect(filteredList(parsePlace('/hosts/10.0.0.1/peers', ''))).toBe('flows');
    expect(filteredList(parsePlace('/hosts/10.0.0.1/names', ''))).toBeNull();
    expect(filteredList(parsePlace('/networks/asns', ''))).toBe('asns');
    for (const path of ['/live', '/interfaces', '/alerts', '/health', '/flows/7']) expect(filteredList(parsePlace(path, ''))).toBeNull();
  });
});

describe('the filter by a value', () => {
  it('narrows the page where its rows have the field', () => {
    const place = parsePlace('/hosts', '?q=bytes+%3E+1');
    expect(narrowedTo(place, 'vlan', '7', false)).toEqual({ ...place, filter: 'bytes > 1 and vlan = 7' });
    expect(narrowedTo(place, 'vlan', '7', true)?.filter).toBe('bytes > 1 and not vlan = 7');
  });

  it('leads to the flows with it where they have not', () => {
    const place = parsePlace('/hosts', '?if=eth0&q=bytes+%3E+1');
    expect(narrowedTo(place, 'application', 'TLS', false)).toEqual({ ...kNowhere, route: 'flows', interface: 'eth0', filter: 'application = "TLS"' });
    expect(narrowedTo(parsePlace('/alerts', ''), 'host', '10.0.0.1', true)).toMatchObject({ route: 'flows', filter: 'not host = 10.0.0.1' });
    expect(narrowedTo(parsePlace('/interfaces', ''), 'if', 'eth0', false)).toMatchObject({ route: 'flows', filter: 'if = "eth0"' });
  });

  it('is not offered where nothing knows the field', () => {
    expect(narrowedTo(parsePlace('/hosts/10.0.0.1', ''), 'os', 'Linux', false)).toBeNull();
    expect(narrowedTo(parsePlace('/hosts/10.0.0.1', ''), 'name', 'nas', false)).toBeNull();
  });
});

describe('a value is watched', () => {
  const at = (path: string, field: string, value: string) => watchOf(parsePlace(path, ''), field, value);

  it('as a host, or as the flows with it', () => {
    expect(at('/flows', 'host', '10.0.0.1')).toEqual({ list: 'hosts', filter: 'host = 10.0.0.1' });
    expect(at('/flows', 'app', 'TLS')).toEqual({ list: 'flows', filter: 'app = "TLS"' });
    expect(at('/apps', 'app', 'TLS')).toEqual({ list: 'flows', filter: 'app = "TLS"' });
    expect(at('/hosts', 'application', 'TLS')?.list).toBe('flows');
    expect(at('/hosts', 'network', 'office')?.list).toBe('hosts');
    expect(at('/hosts/10.0.0.1', 'os', 'Linux')).toEqual({ list: 'hosts', filter: 'os = "Linux"' });
  });

  it('not where its field means something else there', () => {
    expect(at('/transactions', 'protocol', 'HTTP')).toBeNull();
    expect(at('/networks/asns', 'name', 'Example')).toBeNull();
    expect(at('/networks/exporters', 'version', 'IPFIX')).toBeNull();
    expect(at('/alerts', '', 'many flows')).toBeNull();
  });
});
