// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in the columns of the tables of hosts and flows.
import type { FlowRow, HostRow } from './api';
import { bytesColumn, countColumn, figureCell, kSentReceived, kServerClient, kUnknown, lastSeenColumn, packetRateColumn, rateColumn, textCell, textColumn, timeColumn, trendColumn, type Cell, type Column } from './columns';
import { condition } from './filter';
import { duration, endpoint, milliseconds } from './format';
import { appLink, filterLink, hostKey, hostLink, namedHost, nameOf, vlanText } from './links';
import { pick } from './pick';
import { sortOf, type Place } from './router';
import { texts } from './texts';
import { visibleText } from './visible_text';

const extra = <Row>(...columns: Column<Row>[]): Column<Row>[] => columns.map((column) => ({ ...column, isExtra: true }));

function vlanColumn<Row extends { vlan?: number[] }>(): Column<Row> {
  return { field: 'vlan', label: texts.fields.vlan, least: 64, grow: 0.4, startsAscending: true, cell: (row) => ({ text: vlanText(row.vlan), pick: pick('vlan', row.vlan?.[0]) }) };
}

function timesColumn(field: 'client_rtt_ms' | 'server_rtt_ms' | 'application_latency_ms', label: string): Column<FlowRow> {
  return { field, label, least: 92, grow: 0.7, isNumber: true, unitWidth: '1.7em', cell: (row) => figureCell(milliseconds(row[field])) };
}

// Whatever is shown, a row is known by these.
export const hostKeys = ['key', 'interface', 'address'] as const;
export const hostColumns: readonly Column<HostRow>[] = [
  {
    field: 'address', with: ['is_local'], label: texts.fields.address, least: 140, grow: 2.2, startsAscending: true,
    cell: (row, _now, place) => ({
      text: visibleText(row.address ?? row.key), href: hostLink(place, row.key, row.interface), isMono: true,
      pick: pick('host', row.address ?? row.key, hostLink(place, row.key, row.interface)),
      title: [visibleText(row.key), row.is_local === true ? texts.hosts.local : ''].filter(Boolean).join(', '),
    }),
  },
  { field: 'name', label: texts.fields.name, least: 96, grow: 1.6, startsAscending: true, cell: (row) => ({ text: nameOf(row.address, row.name) || kUnknown, title: nameOf(row.address, row.name), pick: pick('name', row.name) }) },
  vlanColumn(),
  {
    field: 'application', label: texts.fields.application, least: 92, grow: 0.9, isUnsorted: true,
    cell: (row, _now, place) => textCell(row.application, 'app', row.application === undefined ? undefined : appLink(place, row.application)),
  },
  rateColumn('bits_per_second', texts.fields.bits_per_second),
  trendColumn('bits_per_second'),
  rateColumn('bits_per_second_sent', texts.fields.bits_per_second_sent),
  rateColumn('bits_per_second_received', texts.fields.bits_per_second_received),
  packetRateColumn,
  bytesColumn(kSentReceived),
  countColumn('flows', texts.fields.flows, 'flows'),
  ...extra<HostRow>(
    countColumn('flows_as_client', texts.fields.flows_as_client, 'flows', 112), countColumn('flows_as_server', texts.fields.flows_as_server, 'flows', 112),
    countColumn('packets', texts.fields.packets, 'packets', 78),
    textColumn('network', texts.host.network, 'network'), textColumn('country', texts.host.country, 'country', 76), textColumn('as_name', texts.host.as, 'as_name', 140),
    textColumn('mac', texts.fields.mac, 'mac', 136), textColumn('mac_vendor', texts.host.vendor, 'vendor', 130), textColumn('os', texts.host.system, 'os', 130), textColumn('interface', texts.fields.interface, 'if'),
    timeColumn('first_seen', texts.fields.first_seen),
  ),
  lastSeenColumn,
];

function endpointCell(row: FlowRow, place: Place, address?: string, port?: number): Cell {
  if (address === undefined) return { text: kUnknown };
  const text = visibleText(endpoint(address, port));
  const href = hostLink(place, hostKey(address, row.vlan), row.interface);
  return { text: namedHost(address, text), title: text, href, isMono: true, pick: pick('host', address, href) };
}

function filterCell(place: Place, term: string, value?: string, open?: string): Cell {
  if (value === undefined || value === '') return { text: kUnknown };
  return { text: visibleText(value), href: filterLink(place, term, value), title: texts.filter.by(visibleText(condition(term, value))), pick: pick(term, value, open) };
}

export const flowKeys = ['id', 'interface', 'vlan'] as const;
export const flowSort = (place: Place): Pick<Place, 'sort' | 'descending'> => sortOf(place, 'bits_per_second');
export const flowColumns: readonly Column<FlowRow>[] = [
  { field: 'application', label: texts.fields.application, least: 104, grow: 1.1, startsAscending: true, cell: (row, _now, place) => filterCell(place, 'app', row.application, row.application === undefined ? undefined : appLink(place, row.application)) },
  { field: 'client_ip', with: ['client_port'], label: texts.fields.client, least: 152, grow: 1.8, startsAscending: true, cell: (row, _now, place) => endpointCell(row, place, row.client_ip, row.client_port) },
  { field: 'server_ip', with: ['server_port'], label: texts.fields.server, least: 152, grow: 1.8, startsAscending: true, cell: (row, _now, place) => endpointCell(row, place, row.server_ip, row.server_port) },
  { field: 'protocol_name', label: texts.fields.protocol, least: 88, grow: 0.6, startsAscending: true, cell: (row, _now, place) => filterCell(place, 'proto', row.protocol_name) },
  ...extra<FlowRow>(
    textColumn('category', texts.fields.category, 'category'), textColumn('server_name', texts.fields.server_name, 'server_name', 150), textColumn('http_host', texts.fields.http_host, 'http_host', 150), vlanColumn(),
    textColumn('client_country', texts.fields.client_country, 'client_country', 104), textColumn('server_country', texts.fields.server_country, 'server_country', 104), textColumn('server_as_name', texts.fields.server_as_name, 'server_as_name', 140),
    textColumn('interface', texts.fields.interface, 'if'), textColumn('tunnel', texts.fields.tunnel, 'tunnel', 80), textColumn('user_name', texts.fields.user_name, 'user_name'),
  ),
  rateColumn('bits_per_second', texts.fields.bits_per_second),
  trendColumn('bits_per_second'),
  bytesColumn(kServerClient),
  countColumn('packets', texts.fields.packets, 'packets', 78),
  ...extra<FlowRow>(timesColumn('client_rtt_ms', texts.fields.client_rtt_ms), timesColumn('server_rtt_ms', texts.fields.server_rtt_ms), timesColumn('application_latency_ms', texts.fields.application_latency_ms)),
  { field: 'duration_s', label: texts.fields.duration, least: 82, grow: 0.7, isNumber: true, cell: (row) => ({ text: duration(row.duration_s), ...(row.duration_s === undefined ? {} : { title: `${row.duration_s.toFixed(6)} s` }) }) },
  { field: 'state', label: texts.fields.state, least: 92, grow: 0.8, startsAscending: true, cell: (row) => ({ text: visibleText(row.state), title: visibleText(row.state), pick: pick('state', row.state) }) },
  ...extra<FlowRow>(countColumn('score', texts.fields.score, 'score'), timeColumn('first_seen', texts.fields.first_seen)),
  lastSeenColumn,
];
