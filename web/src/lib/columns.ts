// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in the columns of the tables of hosts and flows.
import type { FlowRow, HostRow } from './api';
import { condition, narrowed } from './filter';
import { ago, bitRate, byteCount, count, dateTime, duration, endpoint, packetRate, percent, type Figure } from './format';
import { formatPlace, pageFrom, type Place } from './router';
import { texts } from './texts';
import { visibleText } from './visible_text';

export interface Cell {
  text: string;
  unit?: string;
  title?: string;
  href?: string;
  isMono?: boolean;
  share?: number; // 0..1, drawn as a two-sided bar
}

export interface Column<Row> {
  field: string;  // of the resource: what a click on the header sorts by
  label: string;
  least: number;  // px
  grow: number;   // its part of the room that is left
  isNumber?: boolean;
  startsAscending?: boolean; // the order of the first click
  cell(row: Row, now: number, place: Place): Cell;
}

function figureCell(figure: Figure): Cell {
  return { text: figure.text, unit: figure.unit, title: figure.exact };
}

function timeCell(when: number | undefined, now: number): Cell {
  return { text: ago(when, now), title: dateTime(when) };
}

export function vlanText(vlan?: readonly number[]): string {
  return vlan === undefined || vlan.length === 0 ? '' : vlan.map(visibleText).join('.');
}

// A host's key as `hosts/{key}` takes it: ADDRESS or ADDRESS@VLAN.VLAN.
export function hostKey(address: string, vlan?: readonly number[]): string {
  return vlan === undefined || vlan.length === 0 ? address : `${address}@${vlan.join('.')}`;
}

export function hostLink(place: Place, key: string, from?: string): string {
  return formatPlace(pageFrom(place, 'host', { key, interface: from ?? place.interface, filter: '' }));
}

// The same page, narrowed to a value.
export function filterLink(place: Place, field: string, value: string | number): string {
  return formatPlace({ ...place, filter: narrowed(place.filter, condition(field, value)), flow: '' });
}

export const hostColumns: readonly Column<HostRow>[] = [
  {
    field: 'address', label: texts.fields.address, least: 140, grow: 2.2, startsAscending: true,
    cell: (row, _now, place) => ({
      text: visibleText(row.address ?? row.key), href: hostLink(place, row.key, row.interface), isMono: true,
      title: [visibleText(row.key), row.is_local === true ? texts.hosts.local : ''].filter(Boolean).join(', '),
    }),
  },
  { field: 'vlan', label: texts.fields.vlan, least: 62, grow: 0.5, startsAscending: true, cell: (row) => ({ text: vlanText(row.vlan) }) },
  { field: 'bits_per_second', label: texts.fields.bits_per_second, least: 98, grow: 1, isNumber: true, cell: (row) => figureCell(bitRate(row.bits_per_second)) },
  { field: 'bits_per_second_sent', label: texts.fields.bits_per_second_sent, least: 98, grow: 1, isNumber: true, cell: (row) => figureCell(bitRate(row.bits_per_second_sent)) },
  { field: 'bits_per_second_received', label: texts.fields.bits_per_second_received, least: 98, grow: 1, isNumber: true, cell: (row) => figureCell(bitRate(row.bits_per_second_received)) },
  { field: 'packets_per_second', label: texts.fields.packets_per_second, least: 92, grow: 1, isNumber: true, cell: (row) => figureCell(packetRate(row.packets_per_second)) },
  {
    field: 'bytes', label: texts.fields.bytes, least: 128, grow: 1.2, isNumber: true,
    cell: (row) => {
      const cell = figureCell(byteCount(row.bytes));
      if (row.bytes_sent === undefined || row.bytes_received === undefined) return cell;
      const whole = row.bytes_sent + row.bytes_received;
      return {
        ...cell, share: whole > 0 ? row.bytes_sent / whole : 0,
        title: `${cell.title}: ${texts.hosts.sent} ${percent(row.bytes_sent, whole)}, ${texts.hosts.received} ${percent(row.bytes_received, whole)}`,
      };
    },
  },
  { field: 'flows', label: texts.fields.flows, least: 72, grow: 0.7, isNumber: true, cell: (row) => figureCell(count(row.flows, 'flows')) },
  { field: 'last_seen', label: texts.fields.last_seen, least: 88, grow: 0.8, isNumber: true, cell: (row, now) => timeCell(row.last_seen, now) },
];

export const hostFields = 'key,interface,address,vlan,is_local,bits_per_second,bits_per_second_sent,bits_per_second_received,packets_per_second,bytes,bytes_sent,bytes_received,flows,last_seen';

function endpointCell(row: FlowRow, place: Place, address?: string, port?: number): Cell {
  if (address === undefined) return { text: '\u2013' };
  const text = visibleText(endpoint(address, port));
  return { text, title: text, href: hostLink(place, hostKey(address, row.vlan), row.interface), isMono: true };
}

function valueCell(place: Place, field: string, value?: string): Cell {
  if (value === undefined || value === '') return { text: '\u2013' };
  return { text: visibleText(value), href: filterLink(place, field, value), title: texts.filter.by(visibleText(condition(field, value))) };
}

export const flowColumns: readonly Column<FlowRow>[] = [
  { field: 'application', label: texts.fields.application, least: 104, grow: 1.1, startsAscending: true, cell: (row, _now, place) => valueCell(place, 'app', row.application) },
  { field: 'client_ip', label: texts.fields.client, least: 170, grow: 1.8, startsAscending: true, cell: (row, _now, place) => endpointCell(row, place, row.client_ip, row.client_port) },
  { field: 'server_ip', label: texts.fields.server, least: 170, grow: 1.8, startsAscending: true, cell: (row, _now, place) => endpointCell(row, place, row.server_ip, row.server_port) },
  { field: 'protocol_name', label: texts.fields.protocol, least: 88, grow: 0.6, startsAscending: true, cell: (row, _now, place) => valueCell(place, 'proto', row.protocol_name) },
  { field: 'bits_per_second', label: texts.fields.bits_per_second, least: 98, grow: 0.9, isNumber: true, cell: (row) => figureCell(bitRate(row.bits_per_second)) },
  {
    field: 'bytes', label: texts.fields.bytes, least: 128, grow: 1.1, isNumber: true,
    cell: (row) => {
      const cell = figureCell(byteCount(row.bytes));
      if (row.bytes_to_server === undefined || row.bytes_to_client === undefined) return cell;
      const whole = row.bytes_to_server + row.bytes_to_client;
      return {
        ...cell, share: whole > 0 ? row.bytes_to_server / whole : 0,
        title: `${cell.title}: ${texts.flows.split(percent(row.bytes_to_server, whole), percent(row.bytes_to_client, whole))}`,
      };
    },
  },
  { field: 'packets', label: texts.fields.packets, least: 78, grow: 0.7, isNumber: true, cell: (row) => figureCell(count(row.packets, 'packets')) },
  { field: 'duration_s', label: texts.fields.duration, least: 82, grow: 0.7, isNumber: true, cell: (row) => ({ text: duration(row.duration_s), ...(row.duration_s === undefined ? {} : { title: `${row.duration_s.toFixed(6)} s` }) }) },
  { field: 'state', label: texts.fields.state, least: 92, grow: 0.8, startsAscending: true, cell: (row) => ({ text: visibleText(row.state), title: visibleText(row.state) }) },
  { field: 'last_seen', label: texts.fields.last_seen, least: 88, grow: 0.7, isNumber: true, cell: (row, now) => timeCell(row.last_seen, now) },
];

export const flowFields = 'id,interface,vlan,protocol,protocol_name,client_ip,client_port,server_ip,server_port,application,bits_per_second,bytes,bytes_to_server,bytes_to_client,packets,duration_s,state,last_seen';
