// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up traffic that answers weir's questions: the same in each run, different in each second.
import { parseFilter } from './mock_filter.mjs';

const kListParameters = ['interface', 'filter', 'sort', 'order', 'limit', 'offset', 'columns', 'format', 'group_by', 'host'];
const kWholeLists = ['sort', 'order', 'limit', 'offset', 'columns', 'format'];
const kSingles = { alerts: kWholeLists, hours: [...kWholeLists, 'interface', 'days'], series: ['interface', 'seconds', 'by', 'top'], distributions: ['interface', 'filter'], complete: ['text', 'cursor', 'list', 'limit'], scripts: ['limit'], event_counts: ['by', 'event', 'seconds', 'step', 'limit'], preferences: [], session: [] };
const kClasses = ['TCP', 'UDP', 'ICMP', 'Other IP', 'Non-IP'];
const kWays = ['in', 'out', 'within', 'through'];
const kApplications = [
  ['TLS', 'Web', 443, 'TCP'], ['QUIC', 'Web', 443, 'UDP'], ['DNS', 'Network', 53, 'UDP'], ['HTTP', 'Web', 80, 'TCP'], ['SSH', 'RemoteAccess', 22, 'TCP'],
  ['NTP', 'System', 123, 'UDP'], ['SMB', 'FileSharing', 445, 'TCP'], ['IMAPS', 'Mail', 993, 'TCP'], ['RTP', 'Media', 5004, 'UDP'], ['MQTT', 'IoT', 1883, 'TCP'],
  ['PostgreSQL', 'Database', 5432, 'TCP'], ['RDP', 'RemoteAccess', 3389, 'TCP'], ['SNMP', 'Network', 161, 'UDP'], ['WireGuard', 'VPN', 51820, 'UDP'],
];
const kHostileApplications = [
  ['<img src=x onerror="document.title=\'owned\'">', '"><script>alert(1)</script>', 443, 'TCP'],
  ['evil\u202egnp.exe\u0000\u001b[31m', '\u2066\u200b', 53, 'UDP'],
  [`${'A'.repeat(4096)}`, "' or 1=1 --", 80, 'TCP'],
  ['{{constructor.constructor("alert(1)")()}}', 'javascript:alert(1)', 22, 'TCP'],
];
// Fields that sums are made of, where rows are put together.
const kSums = ['packets', 'bytes', 'bytes_to_server', 'bytes_to_client', 'packets_to_server', 'packets_to_client', 'bits_per_second', 'packets_per_second'];
const kCompletions = ['host', 'client', 'server', 'app', 'proto', 'port', 'bytes', 'packets', 'vlan'];

function networkOf(address = '') {
  return address.includes(':') ? '2001:db8::/32' : `${address.split('.').slice(0, 2).join('.')}.0.0/16`;
}

function grouped(rows, fields) {
  const groups = new Map();
  for (const row of rows) {
    const key = JSON.stringify(fields.map((field) => row[field]));
    const group = groups.get(key) ?? { ...Object.fromEntries(fields.map((field) => [field, row[field]])), count: 0, first_seen: row.first_seen, last_seen: row.last_seen };
    group.count += 1;
    for (const field of kSums) group[field] = (group[field] ?? 0) + row[field];
    group.last_seen = Math.max(group.last_seen, row.last_seen);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class MockTraffic {
  // `until`: the second up to which traffic is made up at first.
  constructor({ flows, hosts, isHostile, dropEvery = 45, until = Math.floor(Date.now() / 1000) }) {
    this.dropEvery = dropEvery;
    this.random = random(42);
    this.second = until - 300;
    this.startedAt = this.second;
    this.interfaces = ['eth0', isHostile ? '<b onmouseover=alert(1)>\u202eeth1' : 'eth1'];
    this.hosts = Array.from({ length: hosts }, (_, index) => this.#host(index));
    this.flows = Array.from({ length: flows }, (_, index) => this.#flow(index, isHostile ? [...kHostileApplications, ...kApplications] : kApplications));
    this.drops = 0;
    this.series = [];
    while (this.second < until) this.advance(this.second + 1);
  }

  #host(index) {
    const vlan = index % 11 === 3 ? [100 + (index % 4)] : [];
    const address = index % 9 === 5 ? `2001:db8:${(index >> 8).toString(16)}::${(index & 255).toString(16)}` : `10.${(index >> 14) & 255}.${(index >> 6) & 255}.${(index & 63) * 4 + 1}`;
    return {
      key: vlan.length > 0 ? `${address}@${vlan.join('.')}` : address, interface: this.interfaces[index % 5 === 4 ? 1 : 0], address, vlan, is_local: index % 3 !== 0,
      mac: `02:00:00:${[index >> 16, index >> 8, index].map((part) => (part & 255).toString(16).padStart(2, '0')).join(':')}`,
      ...(index % 4 === 1 ? { name: `host-${index}.example.org`, os: 'Linux' } : {}), application: kApplications[index % kApplications.length][0], network: networkOf(address),
      first_seen: this.second, last_seen: this.second, packets: 0, bytes: 0, packets_sent: 0, packets_received: 0, bytes_sent: 0, bytes_received: 0,
      bits_per_second: 0, bits_per_second_sent: 0, bits_per_second_received: 0, packets_per_second: 0, flows: 0, tcp_bytes: 0, udp_bytes: 0, icmp_bytes: 0, other_bytes: 0,
    };
  }

  #flow(index, applications) {
    // Clients and servers of one interface and one VLAN, few servers with many flows.
    const client = this.hosts[Math.floor(this.random() * this.hosts.length)];
    let server = client;
    for (let attempt = 0; attempt < 60 && (server === client || server.interface !== client.interface || server.key.split('@')[1] !== client.key.split('@')[1]); attempt += 1) {
      server = this.hosts[Math.floor(this.random() ** 3 * this.hosts.length)];
    }
    const [application, category, port, protocol] = applications[Math.floor(this.random() ** 1.7 * applications.length)];
    client.flows += 1;
    server.flows += 1;
    return {
      clientHost: client, serverHost: server, level: 40 * (1 / (this.random() + 0.0002)) ** 1.25,
      row: {
        id: `${client.interface === 'eth0' ? 'e0' : 'e1'}-${index}`, interface: client.interface, vlan: client.vlan, protocol: protocol === 'TCP' ? 6 : 17, protocol_name: protocol,
        client_ip: client.address, client_port: 32768 + Math.floor(this.random() * 28000), server_ip: server.address, server_port: port,
        client_network: networkOf(client.address), server_network: networkOf(server.address), client_mac: client.mac, server_mac: server.mac,
        packets: 0, bytes: 0, packets_to_server: 0, packets_to_client: 0, bytes_to_server: 0, bytes_to_client: 0, first_seen: this.second, last_seen: this.second, duration_s: 0,
        bits_per_second: 0, bits_per_second_to_server: 0, bits_per_second_to_client: 0, packets_per_second: 0, application, category, confidence: 'port',
        state: protocol === 'TCP' ? 'established' : 'active', ...(protocol === 'TCP' ? { tcp_flags_to_server: 26, tcp_flags_to_client: 27 } : {}),
        ...(index % 40 === 7 ? { tunnel: 'VXLAN' } : {}),
      },
    };
  }

  advance(second) {
    if (second <= this.second) return;
    this.second = second;
    for (const host of this.hosts) Object.assign(host, { bits_per_second: 0, bits_per_second_sent: 0, bits_per_second_received: 0, packets_per_second: 0 });
    const none = () => ({ bytes: [0, 0, 0, 0, 0], packets: [0, 0, 0, 0, 0], ways: { bytes: [0, 0, 0, 0], packets: [0, 0, 0, 0] }, applications: new Map() });
    const slot = { second, byInterface: new Map(this.interfaces.map((name) => [name, none()])) };
    const wave = 1 + 0.45 * Math.sin(second / 37) + 0.2 * Math.sin(second / 5.3);
    this.flows.forEach((flow, index) => this.#advanceFlow(flow, index, wave, slot));
    for (const name of this.interfaces) this.#addOthers(slot.byInterface.get(name));
    if (this.flows.length > 0) this.series.push(slot);
    if (this.series.length > 400) this.series.shift();
    if (second % this.dropEvery === 0 && this.flows.length > 0) this.drops += 1 + Math.floor(this.random() * 3);
  }

  #advanceFlow({ clientHost, serverHost, level, row }, index, wave, slot) {
    if ((index * 7919 + this.second) % 4 === 0 && level < 20_000) {
      Object.assign(row, { bits_per_second: 0, bits_per_second_to_server: 0, bits_per_second_to_client: 0, packets_per_second: 0 });
      return;
    }
    const noise = ((Math.imul(index + 1, 2654435761) ^ Math.imul(this.second, 40503)) >>> 8 & 255) / 255;
    const bytes = Math.max(64, Math.floor(level * wave * (0.5 + noise)));
    const packets = Math.max(1, Math.ceil(bytes / 800));
    const up = Math.floor(bytes * (0.1 + (index % 7) / 10));
    const upPackets = Math.floor(packets / 2);
    row.bytes += bytes; row.packets += packets;
    row.bytes_to_server += up; row.bytes_to_client += bytes - up;
    row.packets_to_server += upPackets; row.packets_to_client += packets - upPackets;
    row.bits_per_second = bytes * 8; row.bits_per_second_to_server = up * 8; row.bits_per_second_to_client = (bytes - up) * 8; row.packets_per_second = packets;
    row.last_seen = this.second; row.duration_s = this.second - row.first_seen;
    const kind = row.protocol === 6 ? 'tcp_bytes' : 'udp_bytes';
    for (const [host, sent, sentPackets] of [[clientHost, up, upPackets], [serverHost, bytes - up, packets - upPackets]]) {
      host.bytes += bytes; host.packets += packets; host.bytes_sent += sent; host.bytes_received += bytes - sent; host.packets_sent += sentPackets; host.packets_received += packets - sentPackets;
      host.bits_per_second += bytes * 8; host.bits_per_second_sent += sent * 8; host.bits_per_second_received += (bytes - sent) * 8; host.packets_per_second += packets;
      host[kind] += bytes; host.last_seen = this.second;
    }
    const sums = slot.byInterface.get(row.interface);
    sums.bytes[row.protocol === 6 ? 0 : 1] += bytes;
    sums.packets[row.protocol === 6 ? 0 : 1] += packets;
    let application = sums.applications.get(row.application);
    if (application === undefined) sums.applications.set(row.application, application = { bytes: 0, packets: 0 });
    application.bytes += bytes;
    application.packets += packets;
    for (const [from, to, wayBytes, wayPackets] of [[clientHost, serverHost, up, upPackets], [serverHost, clientHost, bytes - up, packets - upPackets]]) {
      const way = from.is_local ? (to.is_local ? 2 : 1) : to.is_local ? 0 : 3;
      sums.ways.bytes[way] += wayBytes;
      sums.ways.packets[way] += wayPackets;
    }
  }

  #addOthers(sums) {
    if (this.flows.length === 0) return;
    [[2, 0.012, 98], [3, 0.03, 400], [4, 0.004, 60]].forEach(([kind, share, size]) => {
      const bytes = Math.floor((sums.bytes[0] + sums.bytes[1]) * share * (0.6 + 0.8 * this.random()));
      sums.bytes[kind] = bytes;
      sums.packets[kind] = Math.ceil(bytes / size);
      sums.ways.bytes[2] += bytes;
      sums.ways.packets[2] += sums.packets[kind];
    });
  }

  ask(topic, parameters) {
    const [resource, ...rest] = topic.split('/');
    const one = rest.join('/');
    const time = this.second + 0.004;
    const notFound = { problem: { title: 'Not Found', status: 404, detail: `no ${resource} "${one}"` } };
    const within = (rows) => rows.filter((row) => !parameters.interface || row.interface === parameters.interface || row.id === parameters.interface);
    // As weir does: a parameter that a resource does not have is an error.
    const ofItem = resource === 'hosts' ? ['interface'] : [];
    const known = one !== '' ? ofItem : resource === 'health' ? [] : kSingles[resource] ?? kListParameters;
    const strange = Object.keys(parameters).find((name) => !known.includes(name));
    if (strange !== undefined) return { problem: { title: 'Bad Request', status: 400, detail: `unknown parameter ${strange}`, parameter: strange } };
    if (parameters.interface && !this.interfaces.includes(parameters.interface)) return { problem: { title: 'Bad Request', status: 400, detail: `no interface "${parameters.interface}"`, parameter: 'interface' } };
    const single = (row) => row ?? notFound;
    const flows = within(this.flows.map((flow) => flow.row));
    const grouped = (keysOf) => this.#list(this.#groupRows(flows, keysOf), parameters, time, 'group');
    const noPlaces = () => ({ ...grouped(() => ['unknown']), note: 'no country database: the mock server has none' });
    const answers = {
      interfaces: () => (one ? single(this.#interfaceRows().find((row) => row.id === one)) : this.#list(within(this.#interfaceRows()), parameters, time, 'interface')),
      hosts: () => (one ? single(within(this.hosts).find((host) => host.key === one || host.address === one)) : this.#list(within(this.hosts), parameters, time, 'host')),
      flows: () => (one ? single(this.flows.find((flow) => flow.row.id === one)?.row) : parameters.group_by ? this.#grouped(flows, parameters, time) : this.#list(flows, parameters, time, 'flow')),
      peers: () => this.#peers(flows, parameters, time),
      ports: () => this.#grouped(flows, { ...parameters, group_by: 'protocol_name,server_port' }, time),
      applications: () => this.#list(this.#applicationRows(flows), parameters, time, 'application'),
      networks: () => grouped((row) => [row.client_network, row.server_network]),
      vlans: () => grouped((row) => [row.vlan.join('.') || 'untagged']),
      macs: () => grouped((row) => [row.client_mac]),
      countries: noPlaces,
      asns: noPlaces,
      transactions: () => this.#list(this.flows.length === 0 ? [] : this.#transactionRows(), parameters, time, 'transaction'),
      exporters: () => this.#list([], parameters, time, 'exporter'),
      alerts: () => ({ ...this.#list(this.#alertRows(), parameters, time, 'host'), left_out: 0 }),
      hours: () => this.#list(this.#hourRows(parameters), { sort: 'time', ...parameters }, time, 'hour'),
      distributions: () => this.#distributions(flows, time),
      complete: () => ({ from: 1, to: 1, items: kCompletions.map((text) => ({ text, kind: 'field', doc: `The ${text}.` })) }),
      scripts: () => ({ total: 1, offset: 0, rows: [{ script: 'rest/hosts', file: 'rest/hosts.lua', about: 'hosts: who sends and receives.', state: 'good', runs: 12, errors: 0, last_ms: 0.4, longest_ms: 2, changed: this.startedAt }] }),
      event_counts: () => this.#eventCounts(flows, parameters, time),
      series: () => this.#seriesAnswer(parameters, time),
      health: () => this.#health(time),
    };
    return Object.hasOwn(answers, resource) ? answers[resource]() : { problem: { title: 'Not Found', status: 404, detail: `no resource "${resource}"` } };
  }

  // Office hours, with a night in which nobody watched, an hour without traffic and one that weir was started in.
  #hourRows({ interface: id = '', days = 7 }) {
    const running = Math.floor(this.second / 3600);
    const rows = [];
    for (let hour = running - 24 * Number(days); hour <= running && this.flows.length > 0; hour += 1) {
      const back = running - hour;
      if (back >= 30 && back < 36) continue;
      const { interfaces, startedAt } = this;
      const seconds = back === 0 ? Math.max(1, Math.min(this.second - startedAt, this.second % 3600)) : back === 29 ? 1500 : 3600;
      const local = new Date(hour * 3_600_000);
      const busy = (1 + 9 * Math.exp(-(((local.getHours() - 14) / 5) ** 2))) * ([0, 6].includes(local.getDay()) ? 0.2 : 1) * (1 + ((hour * 7919) % 13) / 26);
      interfaces.forEach((name, place) => {
        if (id !== '' && id !== name) return;
        const bytes = back === 50 ? 0 : Math.floor((busy * seconds * 4e6) / (place + 1));
        rows.push({ time: hour * 3600, interface: name, bytes, packets: Math.ceil(bytes / 800), seconds, bits_per_second: Math.round((bytes * 8) / seconds) });
      });
    }
    return rows;
  }

  // What was told bears the names of applications, so that hostile ones are among them.
  #eventCounts(flows, parameters, time) {
    const step = Number(parameters.step ?? 60);
    const steps = Math.ceil(Number(parameters.seconds ?? 3600) / step);
    const values = [...new Set(flows.map((flow) => flow.application))].slice(0, Number(parameters.limit ?? 10));
    const rows = values.map((value, index) => ({ value, count: steps * (index + 1), counts: Array(steps).fill(index + 1) }));
    const total = rows.reduce((sum, { count }) => sum + count, 0);
    return {
      time, start: Math.ceil(time / step) * step - steps * step, step, since: this.startedAt, total, without: 0,
      fields: ['event', ...values].map((name) => ({ name, events: total })), rows, other: { values: 0, count: 0, counts: Array(steps).fill(0) },
    };
  }

  #grouped(flows, parameters, time) {
    const parsed = parseFilter(parameters.filter ?? '', 'flow');
    if (parsed.problem !== undefined) return parsed;
    return this.#list(grouped(flows.filter(parsed.test), parameters.group_by.split(',')), { ...parameters, filter: '' }, time, 'flow');
  }

  #peers(flows, parameters, time) {
    const parsed = parseFilter(parameters.filter ?? '', 'flow');
    if (parsed.problem !== undefined) return parsed;
    return this.#list(this.#peerRows(flows.filter(parsed.test), parameters.host ?? ''), { ...parameters, filter: '' }, time, 'flow');
  }

  watched(preferences) {
    const rows = preferences.map(([name, text]) => {
      const { list, filter } = JSON.parse(text);
      const found = (list === 'hosts' ? this.hosts : this.flows.map((flow) => flow.row)).filter(parseFilter(filter, list.slice(0, -1)).test);
      const lastSeen = Math.max(0, ...found.map((row) => row.last_seen));
      const sum = (field) => found.reduce((all, row) => all + row[field], 0);
      return {
        id: name.slice('watch/'.length), list, filter, entity: filter, count: found.length, bits_per_second: sum('bits_per_second'), bytes: sum('bytes'), ...(lastSeen > 0 ? { last_seen: lastSeen } : {}), is_there: lastSeen > this.second - 60,
      };
    });
    return { time: this.second + 0.004, total: rows.length, offset: 0, left_out: 0, rows };
  }

  // A host that asks too much, and one that did.
  #alertRows() {
    return this.hosts.slice(0, 2).map((host, index) => ({
      check: 'many flows', entity: host.key, severity: index === 0 ? 'error' : 'warning', text: `${1200 - index} active flows`, since: this.startedAt + index, ...(index === 0 ? {} : { ended: this.startedAt + 60 }), state: index === 0 ? 'active' : 'over',
    }));
  }

  #groupRows(flows, keysOf) {
    const groups = new Map();
    for (const flow of flows) {
      keysOf(flow).forEach((key, end) => {
        const row = groups.get(key) ?? { key, hosts: 0, flows: 0, flows_total: 0, packets: 0, bytes: 0, bytes_sent: 0, bytes_received: 0, bytes_to_server: 0, bytes_to_client: 0, bits_per_second: 0, first_seen: flow.first_seen, last_seen: 0 };
        row.flows += 1; row.flows_total += 1; row.hosts += 1; row.bytes += flow.bytes; row.packets += flow.packets; row.bits_per_second += flow.bits_per_second;
        row.bytes_to_server += flow.bytes_to_server; row.bytes_to_client += flow.bytes_to_client;
        row.bytes_sent += end === 0 ? flow.bytes_to_server : flow.bytes_to_client; row.bytes_received += end === 0 ? flow.bytes_to_client : flow.bytes_to_server;
        row.last_seen = Math.max(row.last_seen, flow.last_seen);
        groups.set(key, row);
      });
    }
    return [...groups.values()];
  }

  #peerRows(flows, key) {
    const own = key.split('@')[0];
    const peers = new Map();
    for (const flow of flows) {
      const isClient = flow.client_ip === own;
      if (!isClient && flow.server_ip !== own) continue;
      const address = isClient ? flow.server_ip : flow.client_ip;
      const row = peers.get(address) ?? { address, flows: 0, flows_as_client: 0, flows_as_server: 0, bytes: 0, bytes_sent: 0, bytes_received: 0, bits_per_second: 0, first_seen: flow.first_seen, last_seen: 0 };
      row.flows += 1; row[isClient ? 'flows_as_client' : 'flows_as_server'] += 1; row.bytes += flow.bytes; row.bits_per_second += flow.bits_per_second;
      row.bytes_sent += isClient ? flow.bytes_to_server : flow.bytes_to_client; row.bytes_received += isClient ? flow.bytes_to_client : flow.bytes_to_server;
      row.last_seen = Math.max(row.last_seen, flow.last_seen);
      peers.set(address, row);
    }
    return [...peers.values()];
  }

  #transactionRows() {
    const seconds = this.second - this.startedAt;
    return ['/', '/login', '/shop/{id}', '/slow', '/images/{id}'].map((path, index) => {
      const slow = (index + 1) ** 3;
      return {
        protocol: 'HTTP', key: `GET www.example.org${path}`, interface: 'eth0', server_ip: '10.0.0.1', server_port: 80, servers: 1, transactions: seconds * (6 - index), errors: index === 3 ? seconds : 0, unanswered: 0,
        mean_ms: slow, min_ms: slow / 2, max_ms: slow * 3, p50_ms: slow, p95_ms: slow * 2, p99_ms: slow * 2.8, recent_p50_ms: slow, recent_p95_ms: slow * 2.1, recent_p99_ms: slow * 2.9, total_s: (slow * seconds) / 1000,
        slowest_part: 'server_thinking', client_network_ms: 1, server_network_ms: 2, server_thinking_ms: slow + 3, loss_recovery_ms: index, zero_window_ms: 0, sender_idle_ms: 0.5, last_seen: this.second,
      };
    });
  }

  #distributions(flows, time) {
    const shape = (length, peak) => Array.from({ length }, (_, index) => Math.round(flows.length * Math.exp(-((index - peak) ** 2) / 4)));
    return {
      time, total: flows.length, flows: Math.min(5000, flows.length), rtt: { bounds_ms: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], to_server: shape(14, 6), to_client: shape(14, 3) },
      sizes: { bounds_bytes: [64, 128, 256, 512, 1024, 1280, 1518], to_server: shape(8, 2), to_client: shape(8, 6) },
    };
  }

  #list(rows, { filter = '', sort: sorted = '', order: asked, offset = 0, limit = 100, columns = '' }, time, entity) {
    const [order, sort] = [asked ?? (sorted.startsWith('+') ? 'asc' : 'desc'), sorted.replace(/^[-+]/, '')];
    const parsed = parseFilter(filter, entity);
    if (parsed.problem !== undefined) return parsed;
    const found = rows.filter(parsed.test);
    if (sort) {
      const sign = order === 'asc' ? 1 : -1;
      const key = (row) => (Array.isArray(row[sort]) ? row[sort].join('.') : row[sort] ?? 0);
      const tie = (row) => row.id ?? row.key ?? row.name ?? '';
      found.sort((a, b) => { const [x, y] = [key(a), key(b)]; return x < y ? -sign : x > y ? sign : tie(a) < tie(b) ? -1 : 1; });
    }
    const names = columns === '' ? null : columns.split(',');
    const window = found.slice(Number(offset), Number(offset) + Number(limit));
    const cut = names === null ? window : window.map((row) => Object.fromEntries(names.filter((name) => row[name] !== undefined).map((name) => [name, row[name]])));
    return { time, total: found.length, offset: Number(offset), rows: cut };
  }

  #interfaceRows() {
    return this.interfaces.map((id) => {
      const flows = this.flows.filter((flow) => flow.row.interface === id);
      const last = this.series.at(-1)?.byInterface.get(id) ?? { bytes: [0], packets: [0] };
      const total = (field) => this.series.reduce((sums, slot) => sums.map((sum, kind) => sum + slot.byInterface.get(id)[field][kind]), [0, 0, 0, 0, 0]);
      const [bytes, packets] = [total('bytes'), total('packets')];
      const add = (values) => values.reduce((sum, value) => sum + value, 0);
      const hosts = this.hosts.filter((host) => host.interface === id).length;
      return {
        id, name: id, state: 'running', first_seen: this.startedAt, last_seen: this.second, packets: add(packets), bytes: add(bytes), captured_bytes: Math.floor(add(bytes) * 0.8),
        bits_per_second: add(last.bytes) * 8, packets_per_second: add(last.packets), flows: flows.length, hosts, flows_total: flows.length + 812, hosts_total: hosts + 31,
        kernel_drops: id === 'eth0' ? this.drops : 0, interface_drops: 0, protocols: kClasses.map((name, kind) => ({ name, bytes: bytes[kind], packets: packets[kind] })),
        ethertypes: [['IPv4', 0.87], ['IPv6', 0.125], ['ARP', 0.004], ['LLDP', 0.001]].map(([name, share]) => ({ name, bytes: Math.floor(add(bytes) * share), packets: Math.floor(add(packets) * share) })),
        not_decoded: { truncated: 12, bad_length: 3 }, other: { packets: 0, bytes: 0 },
      };
    });
  }

  #applicationRows(flows) {
    const rows = new Map();
    for (const flow of flows) {
      const row = rows.get(flow.application) ?? { name: flow.application, category: flow.category, packets: 0, bytes: 0, flows: 0, bits_per_second: 0 };
      row.packets += flow.packets; row.bytes += flow.bytes; row.flows += 1; row.bits_per_second += flow.bits_per_second;
      rows.set(flow.application, row);
    }
    return [...rows.values()].map((row) => ({ ...row, application: row.name }));
  }

  #seriesAnswer({ interface: id = '', seconds = 300, by = 'class', top = 8 }, time) {
    if (!['class', 'direction', 'application'].includes(by)) return { problem: { title: 'Bad Request', status: 400, detail: `by must be class, direction or application, not ${by}`, parameter: 'by' } };
    const start = this.second - Number(seconds) + 1;
    const at = new Map(this.series.map((slot) => [slot.second, slot]));
    const chosen = id === '' ? this.interfaces : [id];
    // A few seconds now and then were not measured, so that a gap is seen.
    const value = (second, of) => {
      const slot = at.get(second);
      if (slot === undefined || (second % 200 >= 100 && second % 200 < 107)) return null;
      return chosen.reduce((sum, name) => sum + of(slot.byInterface.get(name), name), 0);
    };
    const all = Array.from({ length: Number(seconds) }, (_, index) => start + index);
    const line = (name, of) => ({ name, ...Object.fromEntries(['bytes', 'packets'].map((field) => [field, all.map((second) => value(second, (sums) => of(sums, field)))])) });
    const lines = (names, of) => names.map((name, kind) => line(name, (sums, field) => of(sums)[field][kind]));
    // The traffic of the first interface is smooth, that of the second has a burst now and then.
    const peak = (second) => value(second, (sums, name) => {
      const noise = (Math.imul(second, 2654435761) >>> 16 & 255) / 255;
      return Math.floor((sums.bytes.reduce((sum, bytes) => sum + bytes, 0) / 100) * (name === 'eth0' ? 1.2 + 0.9 * noise ** 3 : second % 90 === 0 ? 30 : 2 + noise));
    });
    const kinds = {
      class: () => lines(kClasses, (sums) => sums), direction: () => lines(kWays, (sums) => sums.ways),
      application: () => this.#topApplications(all.flatMap((second) => at.get(second) ?? []), chosen, Number(top), line),
    };
    return { time, start, step: 1, series: kinds[by](), peaks: { window_ms: 10, bytes: all.map(peak) } };
  }

  // The applications with the most bytes, and all else as one more line.
  #topApplications(slots, chosen, top, line) {
    const sums = new Map();
    for (const { byInterface } of slots) {
      for (const face of chosen) for (const [name, { bytes }] of byInterface.get(face).applications) sums.set(name, (sums.get(name) ?? 0) + bytes);
    }
    const named = [...sums].sort((a, b) => b[1] - a[1]).slice(0, top).map(([name]) => name);
    const of = (name) => ({ applications }, field) => applications.get(name)?.[field] ?? 0;
    const rest = (counted, field) => counted[field].reduce((sum, one) => sum + one, 0) - named.reduce((sum, name) => sum + of(name)(counted, field), 0);
    return [...named.map((name) => line(name, of(name))), line('Other', rest)];
  }

  #health(time) {
    return {
      time, version: '0.1.0-mock', uptime_s: this.second - this.startedAt, peak_memory_bytes: 187_654_321,
      interfaces: this.#interfaceRows().map((row) => ({
        id: row.id, packets: row.packets, kernel_drops: row.kernel_drops, interface_drops: row.interface_drops, ring_freezes: 0, not_decoded: row.not_decoded,
        flow_table: { used: row.flows, capacity: 131072, memory_bytes: 25_165_824, refused: 0 }, host_table: { used: row.hosts, capacity: 32768, memory_bytes: 6_291_456 },
      })),
      http: { clients: 1, requests: 42 },
    };
  }
}
