// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { Colours, givenIn, kColours, type Given } from './palette';

const kNames = ['TLS', 'QUIC', 'DNS', 'HTTP', 'SSH', 'TLS.Google', 'TLS.YouTube', 'NTP'];

describe('Colours', () => {
  it('are bound to names, and the same for who comes later', () => {
    const [one, other] = [new Colours(), new Colours()];
    for (const name of kNames) expect(one.of(name)).toBe(other.of(name));
    expect(one.of('TCP')).toBe('--blue');
    expect(one.of('Other')).toBe('--other');
    expect(one.of('constructor')).toMatch(/^--[a-z]+$/);
  });

  it('of the largest eight of any applications differ from each other and from the rest', () => {
    for (let first = 0; first < 50; first += 1) {
      const names = Array.from({ length: 8 }, (_, at) => `application ${first * 8 + at}`);
      const found = new Colours().beside(['Other', ...names], true);
      expect(new Set(found.values()).size).toBe(9);
    }
  });

  it('of more names than there are colours differ for the first of them', () => {
    const names = Array.from({ length: 20 }, (_, at) => `category ${at}`);
    const found = new Colours().beside(names);
    expect(new Set(names.slice(0, 8).map((name) => found.get(name))).size).toBe(8);
    expect(found.size).toBe(20);
  });

  it('are those of their hash while they are free', () => {
    const alone = new Colours();
    const name = kNames[0] ?? '';
    const colour = alone.of(name);
    expect(alone.beside([name], true).get(name)).toBe(colour);
  });

  it('stay when others come and go, and after a reload', () => {
    let kept: readonly Given[] = [];
    const colours = new Colours([], (given) => { kept = given; });
    const before = colours.beside(kNames, true);
    const without = kNames.slice(1);
    expect([...colours.beside([...without].reverse(), true)].sort()).toEqual([...before].filter(([name]) => name !== kNames[0]).sort());
    expect([...colours.beside(['new', ...without], true)].filter(([name]) => name !== 'new').sort()).toEqual([...before].filter(([name]) => name !== kNames[0]).sort());
    const reloaded = new Colours(givenIn(JSON.stringify(kept)));
    for (const name of kNames) expect(reloaded.of(name)).toBe(before.get(name));
  });

  it('of two that meet, the later gives way: for good only in a leading chart', () => {
    const given: Given[] = [['old', 'pink'], ['young', 'pink']];
    const colours = new Colours(given);
    const beside = colours.beside(['young', 'old']);
    expect(beside.get('old')).toBe('--pink');
    expect(beside.get('young')).not.toBe('--pink');
    expect(colours.of('young')).toBe('--pink');
    const leading = colours.beside(['young', 'old'], true);
    expect(leading.get('old')).toBe('--pink');
    expect(colours.of('young')).toBe(leading.get('young'));
  });

  it('remember a bounded number of names, and never forget those that are shown', () => {
    let kept: readonly Given[] = [];
    const colours = new Colours([], (given) => { kept = given; });
    for (let at = 0; at < 300; at += 1) colours.beside(['shown', `application ${at}`], true);
    expect(kept.length).toBe(200);
    expect(kept[0]?.[0]).toBe('shown');
  });

  it('of two tabs are all kept, and a name has the same in both', () => {
    let kept: readonly Given[] = [];
    const tab = (): Colours => new Colours(kept, (given) => { kept = given; }, () => kept);
    const [one, other] = [tab(), tab()];
    const before = one.beside(kNames, true);
    const beside = other.beside(['new', ...[...kNames].reverse()], true);
    for (const name of kNames) expect(beside.get(name)).toBe(before.get(name));
    expect(new Set(kept.map(([name]) => name))).toEqual(new Set(['new', ...kNames]));
    one.beside(['newer'], true);
    expect(kept.map(([name]) => name)).toContain('new');
  });

  it('of two tabs are no more than those of one', () => {
    let kept: readonly Given[] = [];
    const tabs = [0, 1].map(() => new Colours([], (given) => { kept = given; }, () => kept));
    for (let at = 0; at < 300; at += 1) tabs.forEach((tab, index) => tab.beside([`shown ${index}`, `application ${index} ${at}`], true));
    expect(kept.length).toBe(200);
    expect(kept.map(([name]) => name)).toContain('shown 1');
  });

  it('take from the storage what they wrote, and nothing else', () => {
    expect(givenIn('[["TLS","pink"],["x","url(y)"],[1,"pink"],"z"]')).toEqual([['TLS', 'pink']]);
    for (const text of [null, '', '{', '{"a":1}', '7']) expect(givenIn(text)).toEqual([]);
  });
});

type Rgb = readonly [number, number, number]; // linear, 0 to 1

const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255)) as unknown as Rgb;
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (one: Rgb, other: Rgb): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

// What who lacks a kind of cone sees: Machado, Oliveira and Fernandes 2009, severity 1.
const kSeen: Record<string, readonly Rgb[]> = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const times = (rows: readonly Rgb[], [r, g, b]: Rgb): Rgb => rows.map((row) => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b))) as unknown as Rgb;

// Björn Ottosson's Oklab, whose distances are as large as differences look.
function oklab(rgb: Rgb): Rgb {
  const roots = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], rgb).map(Math.cbrt);
  const [l = 0, m = 0, s = 0] = roots;
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

describe('the colours of bands', () => {
  const css = readFileSync(new URL('../styles/console.css', import.meta.url), 'utf8');
  const token = (name: string, theme: 0 | 1): Rgb => rgbOf(new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css)?.[1 + theme] ?? '');

  for (const [theme, name] of [[0, 'light'], [1, 'dark']] as const) {
    it(`stand out from the card when it is ${name}`, () => {
      for (const colour of [...kColours, 'other']) expect(contrast(token(colour, theme), token('card', theme)), colour).toBeGreaterThan(3);
    });

    it(`differ for everybody when it is ${name}`, () => {
      const all = [...kColours, 'other'];
      for (const [sight, rows] of Object.entries(kSeen)) {
        const seen = all.map((colour) => oklab(times(rows, token(colour, theme))));
        seen.forEach((one, at) => seen.slice(0, at).forEach((other, before) => {
          expect(Math.hypot(...one.map((part, axis) => part - (other[axis] ?? 0))), `${all[at]} and ${all[before]}, ${sight}`).toBeGreaterThan(0.09);
        }));
      }
    });
  }
});
