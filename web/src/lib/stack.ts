// SPDX-License-Identifier: GPL-3.0-or-later
// Stacking of series on top of each other.

export type Values = (number | null)[];

// Running sums from the first series upwards: result[i] is the top edge of series i. A second in which no series has a
// value is null in all of them, so that the chart shows a gap; a series without a value beside others that have one adds nothing.
export function stacked(series: readonly Values[]): Values[] {
  const length = series.reduce((longest, values) => Math.max(longest, values.length), 0);
  const result: Values[] = series.map(() => new Array<number | null>(length).fill(null));
  for (let at = 0; at < length; at += 1) {
    if (series.every((values) => (values[at] ?? null) === null)) continue;
    let sum = 0;
    series.forEach((values, index) => {
      sum += values[at] ?? 0;
      (result[index] as Values)[at] = sum;
    });
  }
  return result;
}

export const highestOf = (values: Values): number => values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);

// What a series comes to over the seconds that have a value.
export interface Totals {
  last: number | null;
  mean: number | null;
  max: number | null;
  maxAt: number; // index of the maximum; -1 where there is none
  sum: number;
}

export function totalsOf(values: Values): Totals {
  const totals: Totals = { last: values.at(-1) ?? null, mean: null, max: null, maxAt: -1, sum: 0 };
  let known = 0;
  values.forEach((value, index) => {
    if (value === null) return;
    known += 1;
    totals.sum += value;
    if (totals.max === null || value > totals.max) {
      totals.max = value;
      totals.maxAt = index;
    }
  });
  if (known > 0) totals.mean = totals.sum / known;
  return totals;
}
