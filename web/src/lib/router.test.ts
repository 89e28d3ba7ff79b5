// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { formatPlace, kNowhere, pageFrom, parsePlace } from './router';

describe('parsePlace', () => {
  it('finds the pages', () => {
    expect(parsePlace('/', '').route).toBe('live');
    expect(parsePlace('/live', '').route).toBe('live');
    expect(parsePlace('/flows/', '').route).toBe('flows');
    expect(parsePlace('/hosts', '').route).toBe('hosts');
  });

  it('reads the key of a host, with VLAN or IPv6', () => {
    expect(parsePlace('/hosts/10.0.0.1%40100.20', '')).toMatchObject({ route: 'host', key: '10.0.0.1@100.20' });
    expect(parsePlace('/hosts/fe80%3A%3A1', '').key).toBe('fe80::1');
    expect(parsePlace('/hosts/%zz', '').key).toBe('%zz');
  });

  it('says unknown where there is no page', () => {
    expect(parsePlace('/nonsense', '').route).toBe('unknown');
    expect(parsePlace('/live/more', '').route).toBe('unknown');
    expect(parsePlace('/hosts/a/b', '').route).toBe('unknown');
  });

  it('reads what the page shows', () => {
    const place = parsePlace('/flows', '?if=eth0&q=app%3DTLS+and+bytes+%3E+1M&sort=-bytes&f=e0-12&v=1');
    expect(place).toMatchObject({
      interface: 'eth0', filter: 'app=TLS and bytes > 1M', sort: 'bytes', descending: true, flow: 'e0-12',
    });
    expect(parsePlace('/flows', '?sort=client_ip')).toMatchObject({ sort: 'client_ip', descending: false });
  });
});

describe('formatPlace', () => {
  it('is the inverse of parsePlace', () => {
    for (const url of [
      '/live', '/hosts/10.0.0.1%4020', '/flows?if=eth0&q=host+%3D+10.0.0.1&sort=-bytes&f=a%2Fb&v=1',
      '/hosts?sort=address&v=1',
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

describe('pageFrom', () => {
  it('takes interface and filter along and leaves the rest', () => {
    const flows = parsePlace('/flows', '?if=eth0&q=app%3DDNS&sort=bytes&f=7');
    expect(formatPlace(pageFrom(flows, 'hosts'))).toBe('/hosts?if=eth0&q=app%3DDNS&v=1');
    expect(formatPlace(pageFrom(flows, 'host', { key: '::1', filter: '' }))).toBe('/hosts/%3A%3A1?if=eth0&v=1');
  });
});
