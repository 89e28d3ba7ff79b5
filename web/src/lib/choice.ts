// SPDX-License-Identifier: GPL-3.0-or-later
// What is chosen on a page that others do not have: a parameter of the address, which goes when the page is left.
import type { Place } from './router';

export function choiceOf(place: Place, name: string): string | undefined {
  return place.others.find(([one]) => one === name)?.[1];
}

export function withChoice(place: Place, name: string, value: string): Pick<Place, 'others'> {
  return { others: [...place.others.filter(([one]) => one !== name), [name, value]] };
}

// Throughput is shown by protocol, by application, or as what comes in and what goes out.
export const kThroughput = ['protocol', 'application', 'direction'] as const;
export type ThroughputBy = (typeof kThroughput)[number];
export const throughputBy = (place: Place): ThroughputBy => kThroughput.find((by) => by === choiceOf(place, 'by')) ?? 'protocol';
