// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { countryCodes, countryName, countryNumber } from './countries';

interface Atlas { objects: { countries: { geometries: { id?: string; properties: { name: string } }[] } } }

describe('countries', () => {
  it('are those of the map, by their names', () => {
    const atlas = JSON.parse(readFileSync(new URL('../../node_modules/world-atlas/countries-110m.json', import.meta.url), 'utf8')) as Atlas;
    const drawn = new Map(atlas.objects.countries.geometries.flatMap(({ id, properties }) => (id === undefined ? [] : [[id, properties.name] as const])));
    const found = countryCodes.filter((code) => drawn.has(countryNumber(code) ?? ''));
    expect(found.length).toBeGreaterThan(165);
    for (const [code, name] of [['DE', 'Germany'], ['FR', 'France'], ['IT', 'Italy'], ['BR', 'Brazil'], ['JP', 'Japan'], ['ZA', 'South Africa'], ['NZ', 'New Zealand']] as const) {
      expect(drawn.get(countryNumber(code) ?? '')).toBe(name);
      expect(countryName(code)).toBe(name);
    }
    // Most names are the same in both; the others are short forms of one another.
    expect(found.filter((code) => drawn.get(countryNumber(code) ?? '') === countryName(code)).length).toBeGreaterThan(140);
  });

  it('leave alone what is none', () => {
    expect(countryNumber('XX')).toBeUndefined();
    expect(countryName('unknown')).toBe('unknown');
    expect(countryName('<b>')).toBe('<b>');
  });
});
