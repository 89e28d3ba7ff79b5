// SPDX-License-Identifier: GPL-3.0-or-later
// Values that have a menu. Their elements carry what it needs; one menu serves the whole page.

export interface Pick {
  'data-term'?: string;  // field of the filter language; absent: the value can only be copied
  'data-value': string;
  'data-open'?: string;  // address of the value's own page
}

export function pick(field: string, value: string | number | undefined, open?: string): Pick | Record<string, never> {
  if (value === undefined || value === '') return {};
  return { 'data-value': String(value), ...(field === '' ? {} : { 'data-term': field }), ...(open === undefined ? {} : { 'data-open': open }) };
}

export interface Picked {
  element: HTMLElement;
  field: string;
  value: string;
  open: string;
}

// The value at or around an element.
export function pickedAt(target: EventTarget | null): Picked | null {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-value]') : null;
  if (element === null) return null;
  return { element, field: element.dataset['term'] ?? '', value: element.dataset['value'] ?? '', open: element.dataset['open'] ?? '' };
}
