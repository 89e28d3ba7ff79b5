// SPDX-License-Identifier: GPL-3.0-or-later
// Two courses on one scale: what comes in above the line, what goes out below it.
import { highestOf, type Values } from './stack';

// What is drawn of a course, and how.
export interface Way { name: string; colour: string; values: Values }

export interface Scale {
  high: number; // of what is above the line
  low: number;  // of what is below it, as a positive number
  ticks: number[]; // below the line they are negative
}

const kLeastShare = 0.12; // of the height that either side has, so that a small one is seen to be there

// One, two or five of a power of ten, so that about `count` of them come to `span`.
function stepOf(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
}

export function mirrorScale(above: Values, below: Values, count = 5): Scale {
  const most = Math.max(1, highestOf(above), highestOf(below)) * 1.06;
  const [high, low] = [Math.max(highestOf(above) * 1.06, most * kLeastShare), Math.max(highestOf(below) * 1.06, most * kLeastShare)];
  const step = stepOf(high + low, count);
  const ticks: number[] = [];
  for (let tick = 0 - Math.floor(low / step); tick <= Math.floor(high / step); tick += 1) ticks.push(tick * step);
  return { high, low, ticks };
}

// The stretches of seconds that have a value: the first of each and one past its last.
function stretchesOf(values: Values): [number, number][] {
  const found: [number, number][] = [];
  values.forEach((value, second) => {
    const last = found.at(-1);
    if (value === null) return;
    if (last?.[1] === second) last[1] = second + 1;
    else found.push([second, second + 1]);
  });
  return found;
}

type Place = (value: number) => number;
const round = (place: number): string => place.toFixed(1);
const step = (second: number, value: number | null | undefined, x: Place, y: Place): string => `L${round(x(second))} ${round(y(value ?? 0))}H${round(x(second + 1))}`;

// The outline of values that hold for a second each, down to `floor` or else to the line; where there is none it is interrupted.
export function outlineOf(values: Values, x: Place, y: Place, floor?: Values): string {
  return stretchesOf(values).map(([from, to]) => {
    let outline = `M${round(x(from))} ${round(y(floor?.[from] ?? 0))}`;
    for (let second = from; second < to; second += 1) outline += step(second, values[second], x, y);
    if (floor === undefined) return `${outline}L${round(x(to))} ${round(y(0))}Z`;
    for (let second = to - 1; second >= from; second -= 1) outline += `L${round(x(second + 1))} ${round(y(floor[second] ?? 0))}H${round(x(second))}`;
    return `${outline}Z`;
  }).join('');
}

// A line over values that hold for a second each. What is higher than `most` goes along there.
export function lineOf(values: Values, x: Place, y: Place, most = Number.POSITIVE_INFINITY): string {
  return stretchesOf(values).map(([from, to]) => {
    let line = '';
    for (let second = from; second < to; second += 1) line += step(second, Math.min(values[second] ?? 0, most), x, y);
    return `M${line.slice(1)}`;
  }).join('');
}
