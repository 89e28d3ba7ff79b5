// SPDX-License-Identifier: GPL-3.0-or-later
// Filter expressions built from clicks. weir's parser, not this file, decides what a filter means.

// True where `text` has the word `or` outside quotes and brackets, so that it must be bracketed before `and`.
function hasOpenOr(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[()]|[^\s()"]+/g)) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (depth === 0 && token.toLowerCase() === 'or') return true;
  }
  return false;
}

// A value as the filter language writes it: numbers and addresses bare, anything else in quotes.
export function filterValue(value: string | number): string {
  const text = String(value);
  if (/^[0-9]+$/.test(text) || /^[0-9a-fA-F:]*[.:][0-9a-fA-F.:]*$/.test(text)) return text;
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

export function condition(field: string, value: string | number): string {
  return `${field} = ${filterValue(value)}`;
}

// `filter` narrowed by `term`. A term that is there already is not added again.
export function narrowed(filter: string, term: string): string {
  const old = filter.trim();
  if (old === '') return term;
  const terms = hasOpenOr(old) ? [] : old.split(/\s+and\s+/i);
  if (terms.includes(term)) return old;
  return `${hasOpenOr(old) ? `(${old})` : old} and ${term}`;
}
