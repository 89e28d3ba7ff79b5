// SPDX-License-Identifier: GPL-3.0-or-later
// Completion of filters. weir counts columns in bytes of UTF-8 from 1, the page in characters of its own from 0.
import { groupOf, kExporters } from './groups';
import type { PageName, RouteName } from './router';

export interface Suggestion {
  text: string;
  kind: string; // field, operator, keyword, value, unit or network
  doc?: string;
  count?: number;
}

export interface Completion {
  from: number;
  to: number;
  items: Suggestion[];
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

export function columnAt(text: string, index: number): number {
  return bytesOf(text.slice(0, index)) + 1;
}

// The character at which the byte column lies; the end where the text is shorter.
export function indexAt(text: string, column: number): number {
  let bytes = 1;
  let index = 0;
  for (const character of text) {
    if (bytes >= column) return index;
    bytes += bytesOf(character);
    index += character.length;
  }
  return index;
}

// `text` with the suggestion in its place, and where the cursor stands then. Words are followed by a space, so that the next one can be written.
export function completed(text: string, { from, to }: Completion, suggestion: Suggestion): { text: string; cursor: number } {
  const [start, end] = [indexAt(text, from), indexAt(text, to)];
  const rest = text.slice(end);
  const isOver = suggestion.kind === 'unit' || rest.startsWith(' ') || suggestion.text === '(';
  const written = suggestion.text + (isOver ? '' : ' ');
  return { text: text.slice(0, start) + written + rest, cursor: start + written.length + (rest.startsWith(' ') ? 1 : 0) };
}

const kLists: Partial<Record<PageName, string>> = {
  hosts: 'hosts', apps: 'applications', transactions: 'transactions', interfaces: 'interfaces',
};

// The list that a page's filter is about.
export function listOf(route: RouteName, tab: string): string {
  if (route === 'networks') return tab === kExporters ? kExporters : groupOf(tab).resource;
  if (route === 'map') return tab === 'services' ? 'flows' : 'countries';
  return (route === 'unknown' ? undefined : kLists[route]) ?? 'flows';
}
