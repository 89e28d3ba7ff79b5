// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of tables: what they are, and those that several tables have.
import { ago, bitRate, byteCount, count, dateTime, packetRate, percent, type Figure } from './format';
import { pick } from './pick';
import type { Place } from './router';
import { texts } from './texts';
import { visibleText } from './visible_text';

export interface Cell {
  text: string;
  unit?: string;
  title?: string;
  href?: string;
  isMono?: boolean;
  share?: number; // 0..1, drawn as a two-sided bar
  parts?: { share: number; colour: string }[]; // drawn as a bar; `text` says the same
  isBad?: boolean;
  pick?: ReturnType<typeof pick>; // what the menu of the value is about
}

export interface Column<Row> {
  field: string;  // of the resource: what a click on the header sorts by
  with?: readonly string[]; // further fields that it shows
  label: string;
  least: number;  // px
  grow: number;   // its part of the room that is left
  isNumber?: boolean;
  unitWidth?: string; // room for the longest unit, so that numbers stand below each other; 1em where it does not say
  startsAscending?: boolean; // the order of the first click
  isUnsorted?: boolean; // the resource cannot be sorted by it
  isExtra?: boolean; // shown when it is chosen only
  isWide?: boolean; // so where the window is not wide
  trendOf?: string; // it draws how this field of the resource went; `field` is none then
  cell(row: Row, now: number, place: Place): Cell;
}

export const kUnknown = '\u2013';

export function figureCell(figure: Figure): Cell {
  return { text: figure.text, unit: figure.unit, title: figure.exact };
}

export function timeCell(when: number | undefined, now: number): Cell {
  return { text: ago(when, now), title: dateTime(when) };
}

// A text that a filter may name by the field `term`.
export function textCell(value: string | undefined, term: string, open?: string): Cell {
  if (value === undefined || value === '') return { text: kUnknown };
  return { text: visibleText(value), title: visibleText(value), pick: pick(term, value, open), ...(open === undefined ? {} : { href: open }) };
}

// Bytes with what part of them went one way: [the fields of both ways, their names].
type Ways = readonly [readonly [string, string], readonly [string, string]];
export const kServerClient: Ways = [['bytes_to_server', 'bytes_to_client'], [texts.flow.toServer, texts.flow.toClient]];
export const kSentReceived: Ways = [['bytes_sent', 'bytes_received'], [texts.hosts.sent, texts.hosts.received]];

export function bytesColumn<Row extends { bytes?: number }>([fields, names]: Ways): Column<Row> {
  return {
    field: 'bytes', with: fields, label: texts.fields.bytes, least: 128, grow: 1.1, isNumber: true, unitWidth: '1.7em',
    cell: (row) => {
      const cell = figureCell(byteCount(row.bytes));
      const [one, other] = fields.map((field) => (row as Record<string, unknown>)[field]);
      if (typeof one !== 'number' || typeof other !== 'number') return cell;
      const whole = one + other;
      return { ...cell, share: whole > 0 ? one / whole : 0, title: `${cell.title}: ${names[0]} ${percent(one, whole)}, ${names[1]} ${percent(other, whole)}` };
    },
  };
}

export function rateColumn<Row extends object>(field: keyof Row & string, label: string): Column<Row> {
  return { field, label, least: 98, grow: 1, isNumber: true, unitWidth: '3.9em', cell: (row) => figureCell(bitRate(row[field] as number | undefined)) };
}

// How the rate went in the last minute.
export function trendColumn<Row extends object>(of: keyof Row & string): Column<Row> {
  return { field: 'trend', trendOf: of, label: texts.trend.label, least: 92, grow: 0.5, isUnsorted: true, isWide: true, cell: () => ({ text: '' }) };
}

export function countColumn<Row extends object>(field: keyof Row & string, label: string, what: string, least = 72): Column<Row> {
  return { field, label, least, grow: 0.7, isNumber: true, cell: (row) => figureCell(count(row[field] as number | undefined, what)) };
}

export function timeColumn<Row extends object>(field: keyof Row & string, label: string): Column<Row> {
  return { field, label, least: 92, grow: 0.8, isNumber: true, cell: (row, now) => timeCell(row[field] as number | undefined, now) };
}

export function textColumn<Row extends object>(field: keyof Row & string, label: string, term: string, least = 110): Column<Row> {
  return {
    field, label, least, grow: 1, startsAscending: true,
    cell: (row) => {
      const all = [(row[field] ?? []) as string | string[]].flat();
      return { ...textCell(all.join(', '), ''), pick: pick(term, all[0]) }; // of several the first has the menu
    },
  };
}

export const packetRateColumn: Column<{ packets_per_second?: number }> = {
  field: 'packets_per_second', label: texts.fields.packets_per_second, least: 92, grow: 1, isNumber: true, unitWidth: '2.4em', cell: (row) => figureCell(packetRate(row.packets_per_second)),
};
export const lastSeenColumn: Column<{ last_seen?: number }> = timeColumn('last_seen', texts.fields.last_seen);

const isShown = <Row>(column: Column<Row>): boolean => column.isExtra !== true;

// The columns that `cols=` of an address chooses, in the order of the table; where it chooses none that there is, those that stand there
// without a choice.
export function chosenColumns<Row>(all: readonly Column<Row>[], chosen: string): readonly Column<Row>[] {
  const wanted = chosen.split(',');
  const found = all.filter((column) => wanted.includes(column.field));
  return found.length > 0 ? found : all.filter(isShown);
}

// What the address says when `field` is shown, or not any more; '' for the columns that stand there without a choice.
export function withColumn<Row>(all: readonly Column<Row>[], chosen: string, field: string, isWanted: boolean): string {
  const before = new Set(chosenColumns(all, chosen).map((column) => column.field));
  const after = all.filter((column) => (column.field === field ? isWanted : before.has(column.field)));
  return after.every(isShown) && after.length === all.filter(isShown).length ? '' : after.map((column) => column.field).join(',');
}

// The fields that columns show, after `keys`, as `columns=` of a resource takes them.
export function fieldsOf<Row>(columns: readonly Column<Row>[], keys: readonly string[] = []): string {
  return [...new Set([...keys, ...columns.flatMap((column) => [column.trendOf ?? column.field, ...(column.with ?? [])])])].join(',');
}
