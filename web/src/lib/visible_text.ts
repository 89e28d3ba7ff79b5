// SPDX-License-Identifier: GPL-3.0-or-later
// Text from the network, made safe to look at.

export const kMaxTextLength = 256;

// Characters that can hide, reorder or break text: C0 and C1 controls, soft hyphen, Arabic letter mark, zero width and
// bidirectional controls, line and paragraph separators, invisible operators, variation selectors, tag characters,
// interlinear marks, byte order mark, and surrogates without their partner.
const kUnsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `\u2039U+${code.toString(16).toUpperCase().padStart(4, '0')}\u203a`;
}

// `value` as text of at most kMaxTextLength characters (a cut is marked by an ellipsis), every character of it visible.
// Anything that is no string, number or boolean gives an empty text.
export function visibleText(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return '';
  // Cut first, by code units, so that the work is bounded by the limit and not by what the network sent.
  let text = value.length > 2 * kMaxTextLength ? value.slice(0, 2 * kMaxTextLength) : value;
  const characters = Array.from(text);
  const isCut = characters.length > kMaxTextLength || text.length < value.length;
  if (isCut) text = characters.slice(0, kMaxTextLength - 1).join('');
  return text.replace(kUnsafe, spelled) + (isCut ? '\u2026' : '');
}
