// SPDX-License-Identifier: GPL-3.0-or-later
// Two courses on one scale: what comes in above the line, what goes out below it.
import type { Values } from './stack';

export interface Scale {
  high: number; // of what is above the line
  low: number;  // of what is below it, as a positive number
  ticks: number[]; // below the line they are negative
}

const kLeastShare = 0.12; // of the height that either side has, so that a small one is seen to be there

const highestOf = (values: Values): number => values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);

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

// The outline of values that hold for a second each, down to the line; where there is none it is interrupted.
export function outlineOf(values: Values, x: (second: number) => number, y: (value: number) => number): string {
  let outline = '';
  let isOpen = false;
  const close = (second: number): void => {
    if (isOpen) outline += `L${x(second).toFixed(1)} ${y(0).toFixed(1)}Z`;
    isOpen = false;
  };
  values.forEach((value, second) => {
    if (value === null) {
      close(second);
      return;
    }
    if (!isOpen) outline += `M${x(second).toFixed(1)} ${y(0).toFixed(1)}`;
    outline += `L${x(second).toFixed(1)} ${y(value).toFixed(1)}H${x(second + 1).toFixed(1)}`;
    isOpen = true;
  });
  close(values.length);
  return outline;
}
