// SPDX-License-Identifier: GPL-3.0-or-later

// FNV-1a, 32 bits.
export function hashOf(text: string, start = 2166136261): number {
  let hash = start;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  return hash;
}
