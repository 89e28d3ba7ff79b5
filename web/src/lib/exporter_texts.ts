// SPDX-License-Identifier: GPL-3.0-or-later
// Texts about exporters of flow records.
export const exporterTexts = {
  table: 'Exporters of flow records',
  version: 'Speaks', domain: 'Domain', records: 'Records/s', lost: 'Lost', seen: 'Seen', sampling: 'Sampling', skew: 'Clock',
  domainTitle: 'Observation domain, source id, engine or sub-agent',
  everyPacket: 'Nothing is known of sampling',
  oneOf: (packets: string) => `1 of ${packets}`,
  skewTitle: (exact: string) => `${exact} ahead of this machine\u2019s clock, with the way of the message`,
  lostWhat: { 'NetFlow v5': 'flows', 'NetFlow v7': 'flows', 'NetFlow v9': 'messages', IPFIX: 'data records', 'sFlow v5': 'messages' } as Record<string, string>,
  lostOf: (what: string) => `Missing by the numbers of its messages: ${what}`,
  who: 'Who it is',
  source: 'Sends from', hears: 'Heard by', messages: 'Messages', messageBytes: 'Bytes of messages', recordsAll: 'Records', options: 'Options records', events: 'Events', templates: 'Templates',
  health: 'How well it arrives',
  meter: (share: string) => `${share} of the traffic it tells of was seen`,
  meterWhy: 'Less than all where messages are missing or packets are sampled.',
  facts: {
    sequence_lost: 'Lost', sequence_gaps: 'Gaps', late_messages: 'Late messages', repeated_messages: 'Messages that came twice', restarts: 'Restarts', duplicate_records: 'Records of what another counts',
    duplicate_bytes: 'Bytes of them', waiting_sets: 'Sets that wait for their template', dropped_sets: 'Sets whose template never came', unscaled_records: 'Records of an unknown sampler',
    absurd_sampling: 'Sampling rates not believed', unread_records: 'Records without addresses', unread_sets: 'Sets of unknown kinds', clock_skew_s: 'Clock ahead by',
  },
  error: (reason: string) => `Wrong: ${reason}`,
  interfaces: 'Its interfaces', index: 'Number', description: 'Description', input: 'In', output: 'Out', packetsIn: 'Packets in', packetsOut: 'Packets out', speed: 'Speed', link: 'Link', faults: 'Errors and discards',
  up: 'up', down: 'down',
  faultsTitle: (parts: readonly string[]) => `errors in ${parts[0]}, discards in ${parts[1]}, errors out ${parts[2]}, discards out ${parts[3]}`,
  others: 'Fields that weir does not know', field: 'Field', sets: 'Sets', lastValue: 'Last value',
  flows: 'Flows it told of',
} as const;
