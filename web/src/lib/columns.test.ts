// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { bytesColumn, chosenColumns, fieldsOf, kSentReceived, textColumn, withColumn, type Column } from './columns';
import { exporterColumns, exporterKeys } from './exporters';
import { appColumns, appKeys, groupColumns, groupKeys } from './group_columns';
import { groupKinds } from './groups';
import { parsePlace } from './router';
import { flowColumns, flowKeys, hostColumns, hostKeys } from './traffic_columns';
import { transactionColumns, transactionKeys } from './transactions';

interface Row { a?: string; b?: string; c?: string }
const column = (field: keyof Row, isExtra = false): Column<Row> => ({ field, label: field, least: 10, grow: 1, isExtra, cell: () => ({ text: '' }) });
const all = [column('a'), column('b', true), column('c')];
const fields = (chosen: string): string[] => chosenColumns(all, chosen).map((one) => one.field);

describe('the columns that an address chooses', () => {
  it('are the usual ones without a choice, and where it names none that there is', () => {
    expect(fields('')).toEqual(['a', 'c']);
    expect(fields('nonsense')).toEqual(['a', 'c']);
  });

  it('stand in the order of the table', () => {
    expect(fields('c,b')).toEqual(['b', 'c']);
    expect(fields('b,nonsense')).toEqual(['b']);
  });

  it('change one by one, and the usual ones are no choice', () => {
    expect(withColumn(all, '', 'b', true)).toBe('a,b,c');
    expect(withColumn(all, '', 'a', false)).toBe('c');
    expect(withColumn(all, 'a,b,c', 'b', false)).toBe('');
  });

  it('are asked for with all that they show', () => {
    expect(fieldsOf<Row & { bytes?: number }>([column('a'), bytesColumn(kSentReceived)], ['key', 'a'])).toBe('key,a,bytes,bytes_sent,bytes_received');
  });
});

it('a column of texts shows all and has the first in its menu', () => {
  const cell = (row: { a?: string | string[] }) => textColumn<typeof row>('a', '', 'server_name').cell(row, 0, parsePlace('/flows', ''));
  expect(cell({ a: ['one', 'tw\u202eo'] })).toMatchObject({ text: 'one, tw\u2039U+202E\u203ao', pick: { 'data-value': 'one', 'data-term': 'server_name' } });
  expect(cell({})).toEqual({ text: '\u2013', pick: {} });
});

// What weir would answer with an error.
describe('the columns', () => {
  const { entities } = JSON.parse(readFileSync(new URL('../../../schema/fields.json', import.meta.url), 'utf8')) as { entities: Record<string, { fields: { name: string; sortable?: boolean }[] }> };
  const tables: readonly (readonly [string, readonly Column<never>[], readonly string[]])[] = [
    ['host', hostColumns, hostKeys], ['flow', flowColumns, flowKeys], ['application', appColumns, appKeys], ['transaction', transactionColumns, transactionKeys], ['exporter', exporterColumns, exporterKeys],
    ...groupKinds.map((kind) => ['group', groupColumns(kind), groupKeys] as const),
  ];
  it.each(tables)('of %ss are fields that there are, and can be sorted by', (entity, columns, keys) => {
    const known = entities[entity]?.fields ?? [];
    for (const field of fieldsOf(columns, keys).split(',')) expect(known.map((one) => one.name)).toContain(field);
    for (const { field } of columns.filter((one) => one.isUnsorted !== true)) expect(known.find((one) => one.name === field)?.sortable, field).toBe(true);
    expect(new Set(columns.map((one) => one.field)).size).toBe(columns.length);
  });
});
