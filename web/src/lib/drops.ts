// SPDX-License-Identifier: GPL-3.0-or-later
// Packets that the kernel or an interface dropped. weir tells how many since it started; when it was tells who listens.
import type { InterfaceRow } from './api';

interface Told { time: number; rows: readonly InterfaceRow[] }
export interface Drop { interface: string; from: number; to: number; packets: number } // in the seconds from `from` to `to`

const kKept = 300; // s

const totalOf = (row: InterfaceRow): number => (row.kernel_drops ?? 0) + (row.interface_drops ?? 0);

// What is known after `now` was told, `before` it. Of an interface that was not there, or that counts anew, its count is where it begins.
export function dropsAfter(known: readonly Drop[], before: Told | null, now: Told): readonly Drop[] {
  const totals = new Map(before?.rows.map((row) => [row.id, totalOf(row)]));
  const from = Math.floor(before?.time ?? 0);
  const found = now.rows.map((row): Drop => ({ interface: row.id, from, to: Math.max(from, Math.floor(now.time) - 1), packets: totalOf(row) - (totals.get(row.id) ?? Infinity) }));
  return [...known, ...found].filter((drop) => drop.packets > 0 && drop.to >= now.time - kKept);
}

// Those of an interface ('': of all) in the seconds from `first` to before `end`.
export function dropsWithin(drops: readonly Drop[], id: string, first: number, end: number): Drop[] {
  return drops.filter((drop) => drop.to >= first && drop.to < end && (id === '' || drop.interface === id));
}

// Packets that were dropped in a second; null where it was before `since`, from which on it is known.
export function droppedAt(drops: readonly Drop[], second: number, since: number): number | null {
  return second < since ? null : drops.reduce((sum, drop) => (drop.to === second ? sum + drop.packets : sum), 0);
}
