// SPDX-License-Identifier: GPL-3.0-or-later
// Single keys that work wherever nothing is being typed.
import type { PageName } from './router';

// After g: the page to go to.
export const kGoKeys: Readonly<Record<string, PageName>> = {
  l: 'live', h: 'hosts', f: 'flows', a: 'apps', t: 'transactions', b: 'alerts', i: 'interfaces', n: 'networks', m: 'map', s: 'settings', w: 'health',
};

// In a table: the key that does the same.
export const kMoveKeys: Readonly<Record<string, string>> = { j: 'ArrowDown', k: 'ArrowUp' };

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, textarea, [contenteditable]') !== null;
}

export function isPlain(event: KeyboardEvent): boolean {
  return !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
}
