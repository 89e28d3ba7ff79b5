// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { formatPlace, kNowhere, pageFrom, parsePlace, sortOf } from './router';

describe('parsePlace', () => {
  it('finds the pages', () => {
    expect(parsePlace('/', '').route).toBe('live');
    expect(parsePlace('/live', '').route).toBe('live');
    expect(parsePlace('/flows/', '').route).toBe('flows');
    expect(parsePlace('/hosts', '').route).toBe('hosts');
    expect(parsePlace('/setup', '').route).toBe('setup');
  });

  it('reads the key of a host, with VLAN or IPv6', () => {
    expect(parsePlace('/hosts/10.0.0.1%40100.20', '')).toMatchObject({ route: 'host', key: '10.0.0.1@100.20' });
    expect(parsePlace('/hosts/fe80%3A%3A1', '').key).toBe('fe80::1');
    expect(parsePlace('/hosts/%zz', '').key).toBe('%zz');
  });

  it('reads the part of a page', () => {
    expect(parsePlace('/hosts/10.0.0.1/peers', '')).toMatchObject({ route: 'host', key: '10.0.0.1', tab: 'peers' });
    expect(parsePlace('/apps/TLS.Google/hosts', '')).toMatchObject({ route: 'app', key: 'TLS.Google', tab: 'hosts' });
    expect(formatPlace({ ...kNowhere, route: 'app', key: 'TLS' })).toBe('/apps/TLS');
    expect(parsePlace('/networks', '')).toMatchObject({ route: 'networks', tab: '' });
    expect(parsePlace('/networks/asns', '')).toMatchObject({ route: 'networks', tab: 'asns', key: '' });
    expect(parsePlace('/networks/subnets/10.0.0.0%2F8', '')).toMatchObject({ route: 'group', tab: 'subnets', key: '10.0.0.0/8' });
    expect(parsePlace('/networks/exporters', '')).toMatchObject({ route: 'networks', tab: 'exporters', key: '' });
    expect(parsePlace('/networks/exporters/netflow%3A2055-1', '')).toMatchObject({ route: 'exporter', key: 'netflow:2055-1' });
    expect(parsePlace('/map/services', '?kiosk=1')).toMatchObject({ route: 'map', tab: 'services', isKiosk: true });
  });

  it('says unknown where there is no page', () => {
    expect(parsePlace('/nonsense', '').route).toBe('unknown');
    expect(parsePlace('/live/more', '').route).toBe('unknown');
    expect(parsePlace('/hosts/a/b/c', '').route).toBe('unknown');
    expect(parsePlace('/flows/a/b', '').route).toBe('unknown');
  });

  it('reads what the page shows', () => {
    const place = parsePlace('/flows', '?if=eth0&q=app%3DTLS+and+bytes+%3E+1M&sort=-bytes&cols=application,bytes&f=e0-12&v=1');
    expect(place).toMatchObject({
      interface: 'eth0', filter: 'app=TLS and bytes > 1M', sort: 'bytes', descending: true, columns: 'application,bytes', flow: 'e0-12',
    });
    expect(parsePlace('/flows', '?sort=client_ip')).toMatchObject({ sort: 'client_ip', descending: false });
  });
});

describe('formatPlace', () => {
  it('is the inverse of parsePlace', () => {
    for (const url of [
      '/live', '/hosts/10.0.0.1%4020', '/flows?if=eth0&q=host+%3D+10.0.0.1&sort=-bytes&cols=client_ip,bytes&f=a%2Fb&v=1',
      '/hosts?sort=address&v=1', '/hosts/fe80%3A%3A1/peers', '/networks/asns/15169', '/networks/subnets/10.0.0.0%2F8?if=eth0&v=1', '/networks', '/networks/exporters', '/networks/exporters/netflow%3A2055-1', '/alerts',
      '/map/services?kiosk=1&v=1', '/settings/scripts', '/apps/TLS.%24%26%3Atab', '/flows/e0-1', '/interfaces/pcap%3A%2Fx',
    ]) {
      const [path = '', search = ''] = url.split('?');
      expect(formatPlace(parsePlace(path, search))).toBe(url);
    }
  });

  it('keeps parameters that it does not know', () => {
    expect(formatPlace(parsePlace('/flows', '?t=live-5m&if=eth0&v=2'))).toBe('/flows?if=eth0&t=live-5m&v=1');
  });

  it('has no query where there is nothing to say', () => {
    expect(formatPlace(kNowhere)).toBe('/live');
  });
});

describe('sortOf', () => {
  it('is what the address says, else what the page says', () => {
    expect(sortOf(parsePlace('/hosts', '?sort=address'), 'bytes')).toEqual({ sort: 'address', descending: false });
    expect(sortOf(parsePlace('/hosts', ''), 'bytes')).toEqual({ sort: 'bytes', descending: true });
    expect(sortOf(parsePlace('/alerts', ''), 'state', false)).toEqual({ sort: 'state', descending: false });
  });
});

describe('pageFrom', () => {
  it('takes interface and filter along and leaves the rest', () => {
    const flows = parsePlace('/flows', '?if=eth0&q=app%3DDNS&sort=bytes&cols=bytes&f=7');
    expect(formatPlace(pageFrom(flows, 'hosts'))).toBe('/hosts?if=eth0&q=app%3DDNS&v=1');
    expect(formatPlace(pageFrom(flows, 'host', { key: '::1', filter: '' }))).toBe('/hosts/%3A%3A1?if=eth0&v=1');
  });
});
