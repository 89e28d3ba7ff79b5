// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { partsOf, transactionFilter, transactionId } from './transactions';

describe('partsOf', () => {
  it('adds up to one', () => {
    const parts = partsOf({ protocol: 'HTTP', key: 'GET x/', server_thinking_ms: 30, server_network_ms: 10, client_network_ms: 60 });
    expect(parts.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(1);
    expect(parts.find((part) => part.name === 'client_network')?.share).toBeCloseTo(0.6);
  });

  it('is empty where the time was not split', () => {
    expect(partsOf({ protocol: 'DNS', key: 'A x' })).toEqual([]);
  });
});

describe('the id of a transaction', () => {
  it('leads back to its protocol and key', () => {
    for (const key of ['GET example.org/a b', 'SELECT * FROM t WHERE a @> ?', 'A host on fire', 'with "quotes" @home']) {
      const id = transactionId({ protocol: 'HTTP', key, server_ip: '2001:db8::1', server_port: 80, interface: 'eth0' });
      expect(transactionFilter(id)).toBe(`protocol = "HTTP" and key = "${key.replace(/[\\"]/g, '\\$&')}"`);
    }
    expect(transactionFilter(transactionId({ protocol: 'DNS', key: 'A x' }))).toBe('protocol = "DNS" and key = "A x"');
  });

  it('survives what is none', () => {
    for (const id of ['', 'x', ' @', ' on ']) expect(() => transactionFilter(id)).not.toThrow();
  });
});
