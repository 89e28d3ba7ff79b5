// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in the columns of applications, groups, peers and ports.
import type { ApplicationRow, FlowGroup, GroupRow, PeerRow } from './api';
import { bytesColumn, countColumn, figureCell, kSentReceived, kServerClient, lastSeenColumn, rateColumn, textColumn, timeColumn, type Cell, type Column } from './columns';
import { condition, narrowed } from './filter';
import { count } from './format';
import type { GroupKind } from './groups';
import { appLink, hostLink, namedHost } from './links';
import { pick } from './pick';
import { formatPlace, pageFrom, type Place } from './router';
import type { Question } from './stream';
import { texts } from './texts';
import { visibleText } from './visible_text';

// The hosts whose open flows are of an application.
export const appHostsLink = (place: Place, name: string): string => formatPlace(pageFrom(place, 'app', { key: name, tab: 'hosts', filter: '' }));

export const appColumns: readonly Column<ApplicationRow>[] = [
  {
    field: 'name', label: texts.fields.application, least: 150, grow: 2, startsAscending: true,
    cell: (row, _now, place) => ({ text: visibleText(row.name), href: appLink(place, row.name), title: visibleText(row.name), pick: pick('app', row.name, appLink(place, row.name)) }),
  },
  textColumn('category', texts.fields.category, 'category'),
  rateColumn('bits_per_second', texts.fields.bits_per_second),
  bytesColumn(kServerClient),
  countColumn('packets', texts.fields.packets, 'packets', 78),
  countColumn('active_flows', texts.apps.flowsNow, 'flows', 92),
  countColumn('flows', texts.apps.flowsAll, 'flows'),
  { ...countColumn<ApplicationRow>('hosts', texts.apps.hosts, 'hosts'), cell: (row, _now, place) => ({ ...figureCell(count(row.hosts, 'hosts')), href: appHostsLink(place, row.name) }) },
];
export const appKeys = ['name'] as const;

// A group's key as people read it.
export function groupText(key: string): string {
  if (key === 'unknown') return texts.networks.unknown;
  if (key === 'other') return texts.networks.other;
  return visibleText(key);
}

export function groupLink(place: Place, kind: GroupKind, key: string): string {
  return formatPlace(pageFrom(place, 'group', { tab: kind.tab, key, filter: '' }));
}

export function groupColumns(kind: GroupKind): readonly Column<GroupRow>[] {
  const name: Column<GroupRow> = { ...textColumn<GroupRow>('name', texts.networks.names[kind.tab], 'name', 150), grow: 1.8 };
  return [
    {
      field: 'key', label: texts.networks.keys[kind.tab], least: 130, grow: kind.isNamed ? 1.2 : 2, startsAscending: true,
      cell: (row, _now, place) => ({
        text: groupText(row.key), href: groupLink(place, kind, row.key), isMono: kind.isKeyMono, pick: pick(kind.term, row.key, groupLink(place, kind, row.key)),
        title: row.key === 'other' ? texts.networks.otherTitle : row.key === 'unknown' ? texts.networks.unknownTitle : visibleText(row.key),
      }),
    },
    ...(kind.isNamed ? [name] : []),
    rateColumn('bits_per_second', texts.fields.bits_per_second),
    bytesColumn(kind.hasEnds ? kSentReceived : kServerClient),
    countColumn('hosts', texts.networks.hosts, 'hosts'),
    countColumn('flows', texts.networks.openFlows, 'flows', 92),
    countColumn('flows_total', texts.networks.allFlows, 'flows'),
    lastSeenColumn,
  ];
}
export const groupKeys = ['key'] as const;

function addressCell(place: Place, address: string): Cell {
  const href = hostLink(place, address);
  return { text: namedHost(address), href, isMono: true, title: visibleText(address), pick: pick('host', address, href) };
}

// A peer that was never called has no number of it.
function callsColumn(field: 'flows_as_client' | 'flows_as_server', label: string): Column<PeerRow> {
  return { ...countColumn<PeerRow>(field, label, 'flows', 86), cell: (row) => figureCell(count(row[field] ?? 0, 'flows')) };
}

export const peerColumns: readonly Column<PeerRow>[] = [
  {
    field: 'address', label: texts.fields.address, least: 160, grow: 2.2, startsAscending: true,
    cell: (row, _now, place) => addressCell(place, row.address),
  },
  rateColumn('bits_per_second', texts.fields.bits_per_second),
  bytesColumn(kSentReceived),
  callsColumn('flows_as_client', texts.host.called),
  callsColumn('flows_as_server', texts.host.calledBy),
  timeColumn('first_seen', texts.fields.first_seen),
  lastSeenColumn,
];
export const peerKeys = ['address'] as const;

export const portKey = (row: FlowGroup): string => `${row.protocol_name ?? ''}/${row.server_port ?? 0}`;

export function portCondition(row: FlowGroup): string {
  return `${condition('proto', row.protocol_name ?? '')} and ${condition('server_port', row.server_port ?? 0)}`;
}

// Flows put together by what they have in common, as a list.
export interface FlowGrouping {
  topic: string;
  more: Partial<Question>;
  keys: readonly string[];
  columns: readonly Column<FlowGroup>[];
  keyOf: (row: FlowGroup) => string;
  placeOf: (row: FlowGroup, place: Place, of: string) => Place; // where a row leads; `of`: the condition for all
  emptyWhy: string;
}

const groupFigures: readonly Column<FlowGroup>[] = [
  rateColumn('bits_per_second', texts.fields.bits_per_second), bytesColumn(kServerClient), countColumn('count', texts.fields.flows, 'flows', 80),
];

export const byPort: FlowGrouping = {
  topic: 'ports', more: {}, keys: ['server_port', 'protocol_name'], keyOf: portKey, emptyWhy: texts.empty.ports,
  columns: [
    { field: 'server_port', label: texts.fields.port, least: 90, grow: 1, isNumber: true, startsAscending: true, cell: (row) => ({ text: String(row.server_port ?? 0), pick: pick('server_port', row.server_port) }) },
    textColumn('protocol_name', texts.fields.protocol, 'proto', 90),
    ...groupFigures,
  ],
  placeOf: (row, place, of) => pageFrom(place, 'flows', { filter: narrowed(of, portCondition(row)) }),
};

function byEnd(end: 'client_ip' | 'server_ip'): FlowGrouping {
  const placeOf = (row: FlowGroup, place: Place, of: string): Place => (row[end] === undefined ? pageFrom(place, 'flows', { filter: of }) : pageFrom(place, 'host', { key: row[end], filter: '' }));
  return {
    topic: 'flows', more: { group_by: end }, keys: [end], keyOf: (row) => row[end] ?? '', placeOf, emptyWhy: texts.empty.flows,
    columns: [
      {
        field: end, label: texts.fields.address, least: 160, grow: 2.2, startsAscending: true,
        cell: (row, _now, place) => (row[end] === undefined ? { text: texts.scope.unknown } : addressCell(place, row[end])),
      },
      ...groupFigures,
    ],
  };
}
export const byClient = byEnd('client_ip');
export const byServer = byEnd('server_ip');
