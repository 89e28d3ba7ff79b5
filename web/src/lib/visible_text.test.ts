// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { kMaxTextLength, visibleText } from './visible_text';

describe('visibleText', () => {
  it('leaves ordinary names alone', () => {
    expect(visibleText('TLS.YouTube')).toBe('TLS.YouTube');
    expect(visibleText('münchen.例え')).toBe('münchen.例え');
    expect(visibleText('')).toBe('');
  });

  it('keeps markup as text, for the page to show as text', () => {
    expect(visibleText('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
  });

  it('shows control characters as pictures', () => {
    expect(visibleText('a\u0000b\tc\nd\u007f')).toBe('a\u2400b\u2409c\u240ad\u2421');
    expect(visibleText('\u009b')).toBe('\u2039U+009B\u203a');
  });

  it('spells out what reorders or hides text', () => {
    expect(visibleText('evil\u202egnp.exe')).toBe('evil\u2039U+202E\u203agnp.exe');
    expect(visibleText('\u2066x\u2069')).toBe('\u2039U+2066\u203ax\u2039U+2069\u203a');
    expect(visibleText('pay\u200bpal')).toBe('pay\u2039U+200B\u203apal');
    expect(visibleText('\u{e0041}')).toBe('\u2039U+E0041\u203a');
    expect(visibleText('\u2028')).toBe('\u2039U+2028\u203a');
  });

  it('spells out half of a surrogate pair and keeps whole ones', () => {
    expect(visibleText('a\ud800b')).toBe('a\u2039U+D800\u203ab');
    expect(visibleText('🌊')).toBe('🌊');
  });

  it('cuts at the limit and says so', () => {
    const longest = 'x'.repeat(kMaxTextLength);
    expect(visibleText(longest)).toBe(longest);
    const cut = visibleText('x'.repeat(4096));
    expect(cut).toHaveLength(kMaxTextLength);
    expect(cut.endsWith('\u2026')).toBe(true);
  });

  it('never cuts through a character', () => {
    const cut = visibleText('🌊'.repeat(300));
    expect(Array.from(cut)).toHaveLength(kMaxTextLength);
    expect(cut).not.toContain('U+D');
  });

  it('turns numbers and booleans into text, anything else into nothing', () => {
    expect(visibleText(443)).toBe('443');
    expect(visibleText(false)).toBe('false');
    expect(visibleText(null)).toBe('');
    expect(visibleText({ toString: () => 'x' })).toBe('');
  });
});
