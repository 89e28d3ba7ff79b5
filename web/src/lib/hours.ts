// SPDX-License-Identifier: GPL-3.0-or-later
// What an interface carried, as a map of days and hours in the browser's time zone.
import { hoursTexts } from './hours_texts';

// A row of /api/v1/hours.
export interface HourRow {
  time: number; // when it began, seconds since 1970
  bytes: number;
  packets: number;
  seconds: number; // of it that were watched
}

// absent: the clock was put forward over it; future: it has not begun; unknown: nobody watched.
export type HourState = 'absent' | 'future' | 'unknown' | 'running' | 'part' | 'whole';

export interface HourCell {
  name: string; // Mon 2026-11-30, 14:00
  state: HourState;
  start: number; // seconds since 1970; of an absent hour the one after it
  length: number; // seconds: 3600, and 7200 where the clock was put back
  bytes: number;
  packets: number;
  watched: number; // seconds
}

export interface HourDay {
  start: number; // its first moment
  hours: readonly HourCell[]; // 24
}

export const kHours = 24;
export const kLevels = 5;
const kSlot = 1800; // s: clocks are put forward and back by hours or half hours
const kWhole = 0.99; // of an hour: cron is never quite on time

const dateOf = (time: number): Date => new Date(time * 1000);

const two = (value: number): string => String(value).padStart(2, '0');

// Mon 2026-11-30
export function dayName(start: number): string {
  const date = dateOf(start);
  return `${hoursTexts.weekdays[date.getDay()] ?? ''} ${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

// The first moment of the day which is so many days before that of `time`.
function dayStart(time: number, back = 0): number {
  const date = dateOf(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - back).getTime() / 1000;
}

function emptyDay(start: number, end: number): HourDay {
  const hours = Array.from({ length: kHours }, (_, hour): HourCell => ({ name: `${dayName(start)}, ${two(hour)}:00`, state: 'absent', start: 0, length: 0, bytes: 0, packets: 0, watched: 0 }));
  for (let slot = start; slot < end; slot += kSlot) {
    const cell = hours[dateOf(slot).getHours()];
    if (cell === undefined) continue;
    if (cell.length === 0) cell.start = slot;
    cell.length += kSlot;
  }
  for (let hour = kHours - 1, next = end; hour >= 0; hour -= 1) {
    const cell = hours[hour] as HourCell;
    if (cell.length === 0) cell.start = next;
    next = cell.start;
  }
  return { start, hours };
}

function stateOf(cell: HourCell, now: number): HourState {
  if (cell.watched === 0) return cell.length === 0 ? 'absent' : cell.start >= now ? 'future' : 'unknown';
  if (cell.start + cell.length > now) return 'running';
  return cell.watched < kWhole * cell.length ? 'part' : 'whole';
}

// `days` days, today first. A row belongs to the hour in which it begins; several of one hour (the clock was put back) are added up.
export function hourGrid(rows: readonly HourRow[], now: number, days: number): readonly HourDay[] {
  const grid = Array.from({ length: days }, (_, back) => emptyDay(dayStart(now, back), dayStart(now, back - 1)));
  const byStart = new Map(grid.map((day) => [day.start, day]));
  for (const row of rows) {
    const cell = byStart.get(dayStart(row.time))?.hours[dateOf(row.time).getHours()];
    if (cell === undefined) continue;
    cell.bytes += row.bytes;
    cell.packets += row.packets;
    cell.watched += row.seconds;
  }
  for (const { hours } of grid) for (const cell of hours) cell.state = stateOf(cell, now);
  return grid;
}

// Bits per second while it was watched, rounded as weir does; null where it was not.
export function rateOf(cell: HourCell): number | null {
  return cell.watched > 0 ? Math.round((cell.bytes * 8) / cell.watched) : null;
}

// The part of the hour that was watched, 0 to 1.
export function shareOf(cell: HourCell): number {
  return cell.length > 0 ? Math.min(1, cell.watched / cell.length) : 0;
}

export function highestRate(grid: readonly HourDay[]): number {
  return grid.reduce((most, { hours }) => hours.reduce((one, cell) => Math.max(one, rateOf(cell) ?? 0), most), 0);
}

// How strong the colour of a rate is: 0 for none, 1 to kLevels. The steps are those of squares, so that quiet hours differ, too.
export function levelOf(rate: number, most: number): number {
  if (rate <= 0 || most <= 0) return 0;
  return Math.min(kLevels, Math.max(1, Math.ceil(kLevels * Math.sqrt(rate / most) - 1e-9)));
}

// The highest rate of a level.
export function levelEnd(level: number, most: number): number {
  return most * (level / kLevels) ** 2;
}

// The hours with the most and the least, of those that were watched to their end or, without any, of all; null where there are none.
export function extremes(grid: readonly HourDay[]): { busiest: HourCell; quietest: HourCell } | null {
  const known = grid.flatMap(({ hours }) => hours).filter((cell) => cell.watched > 0);
  const whole = known.filter((cell) => cell.state === 'whole');
  const cells = whole.length > 0 ? whole : known;
  const [first, ...others] = cells;
  if (first === undefined) return null;
  const rate = (cell: HourCell): number => rateOf(cell) ?? 0;
  return {
    busiest: others.reduce((one, cell) => (rate(cell) > rate(one) ? cell : one), first),
    quietest: others.reduce((one, cell) => (rate(cell) < rate(one) ? cell : one), first),
  };
}

// What there is to tell of, the newest first: all hours from the first that was watched up to now.
export function toldHours(grid: readonly HourDay[]): readonly HourCell[] {
  const cells = grid.flatMap(({ hours }) => [...hours].reverse()).filter((cell) => cell.state !== 'absent' && cell.state !== 'future');
  return cells.slice(0, 1 + cells.reduce((first, cell, index) => (cell.watched > 0 ? index : first), -1));
}

// The clock at the end of the hour that runs: 15:00
export function nextHour(now: number): string {
  return `${two((dateOf(now).getHours() + 1) % kHours)}:00`;
}
