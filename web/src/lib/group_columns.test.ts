// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import type { FlowGroup } from './api';
import { appColumns, byClient, byPort, byServer } from './group_columns';
import { formatPlace, parsePlace } from './router';

const place = parsePlace('/apps/TLS/hosts', '?if=eth0&q=bytes+%3E+1&v=1');
const row: FlowGroup = { client_ip: '10.0.0.7', server_ip: '10.0.0.1', protocol_name: 'TCP', server_port: 443, bytes: 5, count: 2 };

describe('flows put together', () => {
  it('by an end ask for it, are known by it and lead to that host', () => {
    for (const [grouping, end, address] of [[byClient, 'client_ip', '10.0.0.7'], [byServer, 'server_ip', '10.0.0.1']] as const) {
      expect(grouping.more.group_by).toBe(end);
      expect(grouping.keys).toEqual([end]);
      expect(grouping.keyOf(row)).toBe(address);
      expect(formatPlace(grouping.placeOf(row, place, 'app = TLS'))).toBe(`/hosts/${address}?if=eth0&v=1`);
      expect(grouping.columns[0]?.cell(row, 0, place)).toMatchObject({ text: address, href: `/hosts/${address}?if=eth0&v=1` });
    }
  });

  it('by an end that flows without IP have not, say so and lead to all flows', () => {
    const cell = byClient.columns[0]?.cell({ count: 1 }, 0, place);
    expect(cell?.text).toBe('unknown');
    expect(cell?.href).toBeUndefined();
    expect(byClient.placeOf({ count: 1 }, place, 'app = TLS')).toMatchObject({ route: 'flows', filter: 'app = TLS' });
  });

  it('by port lead to those of all that have it', () => {
    expect(byPort.placeOf(row, place, 'host = 10.0.0.1').filter).toBe('host = 10.0.0.1 and proto = "TCP" and server_port = 443');
  });
});

describe('applications', () => {
  it('lead from the number of their hosts to the hosts', () => {
    const hosts = appColumns.find((column) => column.field === 'hosts');
    expect(hosts?.cell({ name: 'TLS.Google', hosts: 4 }, 0, place)).toMatchObject({ text: '4', href: '/apps/TLS.Google/hosts?if=eth0&v=1' });
  });
});
