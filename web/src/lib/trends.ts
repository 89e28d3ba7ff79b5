// SPDX-License-Identifier: GPL-3.0-or-later
// How rates of rows went in the last minute, from the answers that tables get anyway.
import { bitRate, spoken } from './format';
import type { Values } from './stack';
import { texts } from './texts';

const kSeconds = 60;
const kMostKeys = 3000;
const kClear = 0.1; // less than such a part is no change

interface Course {
  last: number; // the second of the newest value
  values: Float64Array; // by second; NaN: not known
}

// Courses by keys of rows. One that had no value for a minute is forgotten, and the oldest of too many.
export class Trends {
  private readonly courses = new Map<string, Course>(); // those without a value for longest first

  note(time: number, rates: Iterable<readonly [string, number]>): void {
    const second = Math.round(time); // answers come at full seconds
    for (const [key, rate] of rates) {
      let course = this.courses.get(key);
      if (course === undefined || second < course.last || second - course.last >= kSeconds) course = { last: second, values: new Float64Array(kSeconds).fill(Number.NaN) };
      for (let missed = course.last + 1; missed < second; missed += 1) course.values[missed % kSeconds] = Number.NaN;
      course.values[second % kSeconds] = rate;
      course.last = second;
      this.courses.delete(key);
      this.courses.set(key, course);
    }
    for (const [key, { last }] of this.courses) {
      if (this.courses.size <= kMostKeys && Math.abs(second - last) < kSeconds) break;
      this.courses.delete(key);
    }
  }

  get size(): number { return this.courses.size; }

  // The minute up to the newest value of a row, oldest first.
  of(key: string): Values {
    const course = this.courses.get(key);
    if (course === undefined) return [];
    return Array.from({ length: kSeconds }, (_, at) => {
      const value = course.values[(course.last + 1 + at) % kSeconds] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    });
  }
}

export const trends = new Trends(); // of all tables of the page

// A course in words: rising, 1.20 Mbit/s a minute ago.
export function trendText(values: Values): string {
  const from = values.findIndex((value) => value !== null);
  const [then, now] = [values[from] ?? 0, values.at(-1) ?? 0];
  if (from < 0 || from >= values.length - 1) return texts.trend.none;
  const way = now > then * (1 + kClear) ? 'rising' : now < then * (1 - kClear) ? 'falling' : 'steady';
  return texts.trend.text(way, spoken(bitRate(then)), values.length - 1 - from);
}
