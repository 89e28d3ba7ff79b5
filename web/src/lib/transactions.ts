// SPDX-License-Identifier: GPL-3.0-or-later
// Transactions: their columns, and which one an address means.
import type { TransactionRow } from './api';
import { figureCell, kUnknown, lastSeenColumn, textColumn, type Cell, type Column } from './columns';
import { condition } from './filter';
import { count, endpoint, milliseconds, percent, seconds } from './format';
import { pick } from './pick';
import { transactionsTexts } from './transactions_texts';
import { visibleText } from './visible_text';

export const kParts = ['server_thinking', 'server_network', 'client_network', 'loss_recovery', 'zero_window', 'sender_idle'] as const;
export type PartName = (typeof kParts)[number];
export const partColours: Record<PartName, string> = {
  server_thinking: '--orange', server_network: '--blue', client_network: '--sky', loss_recovery: '--pink', zero_window: '--yellow', sender_idle: '--violet',
};

export interface Part { name: PartName; ms: number; share: number }

// Where the time of a transaction goes; empty where it could not be split.
export function partsOf(row: TransactionRow): Part[] {
  const all = kParts.map((name) => ({ name, ms: row[`${name}_ms`] ?? 0 }));
  const whole = all.reduce((sum, part) => sum + part.ms, 0);
  return whole > 0 ? all.map((part) => ({ ...part, share: part.ms / whole })) : [];
}

// PROTOCOL KEY, and the server where rows are of one server each. It is both the key of the row and what stands in the address.
export function transactionId(row: TransactionRow): string {
  const server = row.server_ip === undefined ? '' : ` @${endpoint(row.server_ip, row.server_port)}`;
  return `${row.protocol} ${row.key}${server}${row.interface === undefined ? '' : ` on ${row.interface}`}`;
}

// A filter that the transaction of that id passes, with few others.
export function transactionFilter(id: string): string {
  const protocol = id.slice(0, Math.max(0, id.indexOf(' ')));
  const end = id.lastIndexOf(' @');
  const key = id.slice(protocol.length + 1, end < 0 ? id.lastIndexOf(' on ') < 0 ? undefined : id.lastIndexOf(' on ') : end);
  return `${condition('protocol', protocol)} and ${condition('key', key)}`;
}

function timeFigure(ms: number | undefined): Cell {
  return figureCell(milliseconds(ms));
}

function partsCell(row: TransactionRow): Cell {
  const parts = partsOf(row);
  if (parts.length === 0) return { text: transactionsTexts.noParts, title: transactionsTexts.noPartsWhy };
  const text = parts.filter((part) => part.share >= 0.005).map((part) => `${transactionsTexts.partNames[part.name]} ${percent(part.share, 1)}`).join(', ');
  return { text, title: text, parts: parts.map((part) => ({ share: part.share, colour: partColours[part.name] })) };
}

export const transactionColumns: readonly Column<TransactionRow>[] = [
  { ...textColumn<TransactionRow>('protocol', transactionsTexts.protocol, 'protocol', 82), grow: 0.5 },
  { field: 'key', label: transactionsTexts.key, least: 230, grow: 3.4, startsAscending: true, cell: (row) => ({ text: visibleText(row.key), title: visibleText(row.key), isMono: true, pick: pick('key', row.key) }) },
  {
    field: 'server_ip', with: ['server_port', 'servers'], label: transactionsTexts.server, least: 140, grow: 1.3, startsAscending: true,
    cell: (row) => (row.server_ip === undefined ? { text: kUnknown } : {
      text: (row.servers ?? 1) > 1 ? transactionsTexts.servers(String(row.servers)) : visibleText(endpoint(row.server_ip, row.server_port)), title: visibleText(endpoint(row.server_ip, row.server_port)), isMono: true,
      pick: pick('server', row.server_ip),
    }),
  },
  { field: 'transactions', label: transactionsTexts.transactions, least: 74, grow: 0.6, isNumber: true, cell: (row) => figureCell(count(row.transactions, 'transactions')) },
  { field: 'p95_ms', label: transactionsTexts.p95, least: 86, grow: 0.6, isNumber: true, unitWidth: '1.7em', cell: (row) => timeFigure(row.p95_ms) },
  { field: 'slowest_part', with: kParts.map((name) => `${name}_ms`), label: transactionsTexts.fault, least: 150, grow: 1, startsAscending: true, cell: (row) => ({ text: row.slowest_part === undefined ? kUnknown : transactionsTexts.partNames[row.slowest_part] ?? visibleText(row.slowest_part), title: partsCell(row).text, pick: pick('slowest_part', row.slowest_part) }) },
  { field: 'server_thinking_ms', with: kParts.map((name) => `${name}_ms`), label: transactionsTexts.parts, least: 120, grow: 1, cell: partsCell },
  { field: 'recent_p95_ms', label: transactionsTexts.recent, least: 86, grow: 0.6, isNumber: true, unitWidth: '1.7em', cell: (row) => timeFigure(row.recent_p95_ms) },
  { field: 'p50_ms', label: transactionsTexts.p50, least: 86, grow: 0.6, isNumber: true, unitWidth: '1.7em', cell: (row) => timeFigure(row.p50_ms) },
  { field: 'errors', label: transactionsTexts.errors, least: 70, grow: 0.5, isNumber: true, cell: (row) => ({ ...figureCell(count(row.errors, 'errors')), isBad: (row.errors ?? 0) > 0 }) },
  { field: 'total_s', label: transactionsTexts.total, least: 90, grow: 0.6, isNumber: true, unitWidth: '1.7em', cell: (row) => figureCell(seconds(row.total_s)) },
  lastSeenColumn,
];
export const transactionKeys = ['protocol', 'key', 'interface', 'server_ip', 'server_port'] as const; // of its id
