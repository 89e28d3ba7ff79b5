// SPDX-License-Identifier: GPL-3.0-or-later
// Filter expressions built from clicks. weir's parser, not this file, decides what a filter means.

interface Token { text: string; start: number; depth: number }

// Words, quoted texts and brackets, each with how many brackets are open around it.
function tokensOf(text: string): Token[] {
  let depth = 0;
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"?|[()]|[^\s()"]+/g)].map((found) => {
    const token = { text: found[0], start: found.index, depth };
    if (token.text === '(') depth += 1;
    if (token.text === ')') token.depth = depth -= 1;
    return token;
  });
}

// True where `text` has the word `or` outside quotes and brackets, so that it must be bracketed before `and`.
function hasOpenOr(text: string): boolean {
  return tokensOf(text).some((token) => token.depth === 0 && token.text.toLowerCase() === 'or');
}

// The conditions that all must hold. A filter with an `or` outside brackets is one condition.
export function termsOf(filter: string): string[] {
  const text = filter.trim();
  if (text === '') return [];
  if (hasOpenOr(text)) return [text];
  const terms: string[] = [];
  let start = 0;
  for (const token of tokensOf(text)) {
    if (token.depth !== 0 || token.text.toLowerCase() !== 'and') continue;
    terms.push(text.slice(start, token.start).trim());
    start = token.start + token.text.length;
  }
  return [...terms, text.slice(start).trim()].filter((term) => term !== '');
}

// The filter whose conditions are `terms`: the inverse of termsOf.
export function joined(terms: readonly string[]): string {
  return terms.length === 1 ? terms.join('') : terms.map((term) => (hasOpenOr(term) ? `(${term})` : term)).join(' and ');
}

export function isNegated(term: string): boolean {
  return /^not\s/i.test(term);
}

// What holds where `term` does not.
export function negated(term: string): string {
  if (isNegated(term)) return term.replace(/^not\s+/i, '');
  return hasOpenOr(term) ? `not (${term})` : `not ${term}`;
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

// `filter` narrowed by `term`. A term that is there already is not added again; its opposite gives way to it.
export function narrowed(filter: string, term: string): string {
  const terms = termsOf(filter);
  if (terms.includes(term)) return filter.trim();
  const opposite = negated(term);
  return joined([...terms.filter((one) => one !== opposite), term]);
}
