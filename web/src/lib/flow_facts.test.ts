// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { flowFacts, tcpEvents } from './flow_facts';

const flow = {
  id: '1', bytes: 5, server_name: ['a.example', 'b\u202e'], server_rtt_ms: 0.25, retransmissions_to_client: 3, resets_to_server: 0, invented_later: { x: 1 }, risks: 'clear_text_credentials',
  client_country: 'DE', http_status: [200, 404], certificate_not_after: 1_700_000_000,
};

describe('flowFacts', () => {
  it('puts what is known into groups and leaves out what stands elsewhere', () => {
    const groups = flowFacts(flow);
    expect(groups.map((group) => group.name)).toEqual(['Risks', 'Time spent', 'TLS', 'HTTP', 'Where', 'More that was seen']);
    const all = groups.flatMap((group) => group.facts);
    expect(all.some((fact) => fact.field === 'bytes' || fact.field === 'retransmissions_to_client')).toBe(false);
    expect(all.find((fact) => fact.field === 'server_name')?.values).toEqual(['a.example', 'b\u2039U+202E\u203a']);
    expect(all.find((fact) => fact.field === 'server_rtt_ms')?.values).toEqual(['250 \u00b5s']);
    expect(all.find((fact) => fact.field === 'http_status')).toMatchObject({ name: 'HTTP status', values: ['200', '404'] });
    expect(all.find((fact) => fact.field === 'invented_later')?.values).toEqual(['{"x":1}']);
  });
});

describe('tcpEvents', () => {
  it('tells what happened in which direction', () => {
    expect(tcpEvents(flow)).toEqual([{ name: 'Sent again', toServer: 0, toClient: 3 }]);
  });
});
