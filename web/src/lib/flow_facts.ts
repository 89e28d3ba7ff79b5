// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a flow beside its figures, in groups. Fields that a later weir adds are shown as they come.
import { dateTime, milliseconds, spoken } from './format';
import { spokenName } from './health';
import { texts } from './texts';
import { visibleText } from './visible_text';

// `raws`: the values as a filter writes them; those that it cannot write are absent.
export interface FlowFact { name: string; field: string; values: string[]; raws: (string | number | undefined)[] }
export interface FlowFactGroup { name: string; facts: FlowFact[] }

const kShown = new Set([
  'op', 'id', 'seq', 'time', 'interface', 'vlan', 'protocol', 'protocol_name', 'client_ip', 'client_port', 'server_ip', 'server_port', 'packets', 'bytes',
  'packets_to_server', 'packets_to_client', 'bytes_to_server', 'bytes_to_client', 'first_seen', 'last_seen', 'duration_s', 'bits_per_second',
  'bits_per_second_to_server', 'bits_per_second_to_client', 'packets_per_second', 'application', 'category', 'confidence', 'state',
  'tcp_flags_to_server', 'tcp_flags_to_client', 'tunnel', 'client_mac', 'server_mac', 'end_reason',
]);

const kTcp = /^(retransmissions|out_of_order|lost_segments|duplicate_acks|zero_windows|keep_alives|resets)_to_(server|client)$/;
const kGroups: readonly (readonly [string, RegExp])[] = [
  ['risk', /^(risks|score)$/],
  ['times', /(^|_)(rtt|latency|network|thinking|recovery|window|idle)_ms$/],
  ['tls', /^(server_name|alpn|tls_|certificate_|ja[34]|encrypted_client|quic_)/],
  ['http', /^(http_|user_agent$)/],
  ['dns', /^dns_/],
  ['places', /^(client|server)_(is_local|country|as_number|as_name|network|mac_vendor)$/],
  ['other', /./],
];

function valueText(field: string, value: unknown): string {
  if (typeof value === 'number' && field.endsWith('_ms')) return spoken(milliseconds(value));
  if (typeof value === 'number' && field.startsWith('certificate_not_')) return dateTime(value);
  return typeof value === 'object' && value !== null ? visibleText(JSON.stringify(value)) : visibleText(value);
}

// "server_rtt_ms" without its unit, which stands at the value.
const factName = (field: string): string => spokenName(field.replace(/_ms$/, '')).replace(/^(Tls|Http|Dns|Sip|Smb|Snmp|Ntp|Rdp|Ssh|Ja3s?|Ja4s?|Mqtt|Alpn|Quic|Dhcp|Smtp|Rtp)\b/, (word) => word.toUpperCase());

export function flowFacts(flow: object): FlowFactGroup[] {
  const groups = new Map<string, FlowFact[]>(kGroups.map(([name]) => [name, []]));
  for (const [field, value] of Object.entries(flow)) {
    if (kShown.has(field) || kTcp.test(field) || value === undefined) continue;
    const [group] = kGroups.find(([, pattern]) => pattern.test(field)) ?? ['other'];
    const all: unknown[] = Array.isArray(value) ? value : [value];
    groups.get(group)?.push({
      name: factName(field), field, values: all.map((one) => valueText(field, one)), raws: all.map((one) => (typeof one === 'string' || typeof one === 'number' ? one : undefined)),
    });
  }
  return [...groups].filter(([, facts]) => facts.length > 0).map(([name, facts]) => ({ name: texts.flow.groups[name] ?? name, facts }));
}

// What happened to the packets of a TCP flow, by direction; events that did not happen are left out.
export function tcpEvents(flow: object): { name: string; toServer: number; toClient: number }[] {
  const events = new Map<string, { name: string; toServer: number; toClient: number }>();
  for (const [field, value] of Object.entries(flow)) {
    const [, event = '', end] = kTcp.exec(field) ?? [];
    if (event === '' || typeof value !== 'number') continue;
    const one = events.get(event) ?? { name: texts.tcp.names[event] ?? spokenName(event), toServer: 0, toClient: 0 };
    one[end === 'server' ? 'toServer' : 'toClient'] += value;
    events.set(event, one);
  }
  return [...events.values()].filter((one) => one.toServer > 0 || one.toClient > 0);
}
