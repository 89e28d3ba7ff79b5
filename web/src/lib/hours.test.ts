// SPDX-License-Identifier: GPL-3.0-or-later
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dayName, extremes, highestRate, hourGrid, levelEnd, levelOf, nextHour, rateOf, shareOf, toldHours, type HourCell, type HourDay, type HourRow } from './hours';

const zone = process.env['TZ'];
beforeAll(() => { process.env['TZ'] = 'Europe/Berlin'; });
afterAll(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const at = (text: string): number => Date.parse(text) / 1000;
const row = (time: string, bytes = 450_000, seconds = 3600): HourRow => ({ time: at(time), bytes, packets: bytes / 100, seconds });
const cell = (grid: readonly HourDay[], day: number, hour: number): HourCell => grid[day]?.hours[hour] as HourCell;
const states = (day: HourDay | undefined): string[] => [...new Set(day?.hours.map((one) => one.state))];

const kNow = at('2026-11-30T14:20:00+01:00');

describe('hourGrid', () => {
  it('has the hours of the last days, today first', () => {
    const grid = hourGrid([row('2026-11-30T13:00:00+01:00'), row('2026-11-29T00:00:00+01:00', 900_000), row('2026-11-24T23:00:00+01:00', 45)], kNow, 7);
    expect(grid.map((day) => dayName(day.start))).toEqual(['Mon 2026-11-30', 'Sun 2026-11-29', 'Sat 2026-11-28', 'Fri 2026-11-27', 'Thu 2026-11-26', 'Wed 2026-11-25', 'Tue 2026-11-24']);
    expect(grid.every((day) => day.hours.length === 24)).toBe(true);
    expect(cell(grid, 0, 13)).toEqual({ name: 'Mon 2026-11-30, 13:00', state: 'whole', start: at('2026-11-30T13:00:00+01:00'), length: 3600, bytes: 450_000, packets: 4500, watched: 3600 });
    expect(rateOf(cell(grid, 0, 13))).toBe(1000);
    expect(cell(grid, 1, 0).bytes).toBe(900_000);
    expect(cell(grid, 6, 23).bytes).toBe(45);
    expect(highestRate(grid)).toBe(2000);
  });

  it('tells hours that nobody watched from those without traffic, and from those to come', () => {
    const grid = hourGrid([row('2026-11-30T12:00:00+01:00', 0)], kNow, 2);
    expect(cell(grid, 0, 12).state).toBe('whole');
    expect(rateOf(cell(grid, 0, 12))).toBe(0);
    expect(cell(grid, 0, 13).state).toBe('unknown');
    expect(rateOf(cell(grid, 0, 13))).toBeNull();
    expect(cell(grid, 0, 14).state).toBe('unknown');
    expect(cell(grid, 0, 15).state).toBe('future');
    expect(states(grid[1])).toEqual(['unknown']);
  });

  it('marks hours that were watched in part', () => {
    const grid = hourGrid([row('2026-11-30T12:00:00+01:00', 100, 900), row('2026-11-30T13:00:00+01:00', 100, 3599), row('2026-11-30T14:00:00+01:00', 100, 1200)], kNow, 1);
    expect([12, 13, 14].map((hour) => cell(grid, 0, hour).state)).toEqual(['part', 'whole', 'running']);
    expect([12, 14].map((hour) => shareOf(cell(grid, 0, hour)))).toEqual([0.25, 1 / 3]);
  });

  it('has nothing of what is older, and takes an hour that begins at half past for the one it begins in', () => {
    const grid = hourGrid([row('2026-11-28T12:00:00+01:00'), row('2026-11-30T11:30:00+01:00', 10)], kNow, 2);
    expect(grid.flatMap(({ hours }) => hours).reduce((sum, one) => sum + one.bytes, 0)).toBe(10);
    expect(cell(grid, 0, 11).bytes).toBe(10);
  });

  it('has a day of 23 hours', () => {
    const grid = hourGrid([row('2026-03-29T01:00:00+01:00', 1), row('2026-03-29T03:00:00+02:00', 3), row('2026-03-28T02:00:00+01:00', 2)], at('2026-03-29T12:00:00+02:00'), 2);
    expect(grid[0]?.hours.slice(0, 5).map((one) => [one.state, one.bytes])).toEqual([['unknown', 0], ['whole', 1], ['absent', 0], ['whole', 3], ['unknown', 0]]);
    expect(cell(grid, 0, 2).length).toBe(0);
    expect(cell(grid, 0, 3).start - cell(grid, 0, 1).start).toBe(3600);
    expect(cell(grid, 1, 2).bytes).toBe(2);
  });

  it('has a day of 25 hours, of which two are one', () => {
    const both = [row('2026-10-25T02:00:00+02:00', 100), row('2026-10-25T02:00:00+01:00', 200)];
    const now = at('2026-10-26T12:00:00+01:00');
    const grid = hourGrid([...both, row('2026-10-25T03:00:00+01:00', 7)], now, 2);
    expect(cell(grid, 1, 2)).toMatchObject({ state: 'whole', length: 7200, bytes: 300, watched: 7200 });
    expect(cell(grid, 1, 3).bytes).toBe(7);
    expect(cell(hourGrid(both.slice(0, 1), now, 2), 1, 2)).toMatchObject({ state: 'part', watched: 3600 });
  });

  it('adds up what is told twice of an hour', () => {
    const grid = hourGrid([row('2026-11-30T12:00:00+01:00', 100), row('2026-11-30T12:00:00+01:00', 50, 600)], kNow, 1);
    expect(cell(grid, 0, 12)).toMatchObject({ state: 'whole', bytes: 150, watched: 4200 });
    expect(shareOf(cell(grid, 0, 12))).toBe(1);
  });

  it('is there without rows', () => {
    const grid = hourGrid([], kNow, 28);
    expect(grid).toHaveLength(28);
    expect(highestRate(grid)).toBe(0);
    expect(extremes(grid)).toBeNull();
    expect(toldHours(grid)).toEqual([]);
  });
});

describe('extremes', () => {
  it('are of hours that were watched to their end', () => {
    const rows = [row('2026-11-30T10:00:00+01:00', 4500), row('2026-11-30T11:00:00+01:00', 9000), row('2026-11-30T12:00:00+01:00', 999_999, 60), row('2026-11-30T14:00:00+01:00', 0, 1200)];
    const found = extremes(hourGrid(rows, kNow, 1));
    expect([found?.busiest.name, found?.quietest.name]).toEqual(['Mon 2026-11-30, 11:00', 'Mon 2026-11-30, 10:00']);
    expect(extremes(hourGrid(rows.slice(3), kNow, 1))?.busiest.name).toBe('Mon 2026-11-30, 14:00');
  });
});

describe('toldHours', () => {
  it('go from now to the first one that was watched', () => {
    const told = toldHours(hourGrid([row('2026-11-30T14:00:00+01:00', 5, 60), row('2026-11-29T22:00:00+01:00')], kNow, 7));
    expect(told[0]?.name).toBe('Mon 2026-11-30, 14:00');
    expect(told.at(-1)?.name).toBe('Sun 2026-11-29, 22:00');
    expect(told).toHaveLength(17);
    expect(told.filter((one) => one.state === 'unknown')).toHaveLength(15);
  });
});

describe('levels', () => {
  it('go from nothing to the most, by squares', () => {
    expect([0, 1, 4, 5, 36, 64, 65, 100].map((rate) => levelOf(rate, 100))).toEqual([0, 1, 1, 2, 3, 4, 5, 5]);
    expect([1, 2, 5].map((level) => Math.round(levelEnd(level, 100)))).toEqual([4, 16, 100]);
    expect(levelOf(0, 0)).toBe(0);
  });
});

describe('nextHour', () => {
  it('is a clock', () => {
    expect(nextHour(kNow)).toBe('15:00');
    expect(nextHour(at('2026-11-30T23:59:00+01:00'))).toBe('00:00');
  });
});
