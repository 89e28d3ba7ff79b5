// SPDX-License-Identifier: GPL-3.0-or-later
// Colours that are bound to names, so that a name has the same colour on every page and at every time.
import { createSubscriber } from 'svelte/reactivity';

import { hashOf } from './hash';
import { store, stored } from './stored';

const kFixed: Record<string, string> = {
  TCP: 'blue', UDP: 'green', ICMP: 'orange', 'IPv6-ICMP': 'orange', 'Other IP': 'violet', 'Non-IP': 'other', Other: 'other',
};
export const kColours = ['blue', 'orange', 'green', 'pink', 'yellow', 'sky', 'violet', 'brown'] as const; // red is not among them: it means alerts
const kRemembered = 200; // names
const kStored = 'weir.colours';

const isFixed = (name: string): boolean => Object.hasOwn(kFixed, name);

export type Given = readonly [name: string, colour: string];

// Which colour a name has. The CSS custom property with it is what all of this gives.
export class Colours {
  private readonly given: Map<string, string>; // who got one first stands first

  // `kept`: what `keep` got last, by this or by another tab.
  constructor(given: readonly Given[] = [], private readonly keep: (given: readonly Given[]) => void = () => {}, private readonly kept: () => readonly Given[] = () => []) {
    this.given = new Map(given);
  }

  of(name: string): string {
    return `--${this.colour(name)}`;
  }

  // The colours of names that lie side by side: no two have the same while there are enough. A new name takes the next that is free
  // where that of its hash is not, and keeps it. Of two old ones the later gives way: for good where the chart is a `leading` one, else in it alone,
  // so that two charts never move a name to and fro.
  beside(names: readonly string[], isLeading = false): ReadonlyMap<string, string> {
    if (names.some((name) => !isFixed(name) && !this.given.has(name))) this.learn();
    const old = new Map([...this.given.keys()].map((name, age) => [name, age]));
    const age = (name: string): number => (isFixed(name) ? -1 : old.get(name) ?? Infinity);
    const found = new Map<string, string>();
    let isChanged = false;
    for (const name of [...names].sort((a, b) => (age(a) === age(b) ? 0 : age(a) - age(b)))) {
      const wanted = this.colour(name);
      const taken = [...found.values()];
      const colour = isFixed(name) ? wanted : [wanted, ...kColours].find((one) => !taken.includes(`--${one}`)) ?? wanted;
      found.set(name, `--${colour}`);
      if (isFixed(name) || this.given.get(name) === colour || (this.given.has(name) && !isLeading)) continue;
      this.given.set(name, colour);
      isChanged = true;
    }
    if (isChanged) this.learn(); // what is kept is written whole
    const others = [...this.given.keys()].filter((name) => !found.has(name));
    for (const name of others.slice(0, Math.max(0, this.given.size - kRemembered))) this.given.delete(name);
    if (isChanged) this.keep([...this.given]);
    return found;
  }

  // What other tabs gave meanwhile.
  private learn(): void {
    for (const [name, colour] of this.kept()) if (!this.given.has(name)) this.given.set(name, colour);
  }

  private colour(name: string): string {
    return (isFixed(name) ? kFixed[name] : this.given.get(name)) ?? kColours[hashOf(name) % kColours.length] ?? 'other';
  }
}

// What was stored, as far as it is what this writes.
export function givenIn(text: string | null): Given[] {
  try {
    const read: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(read) ? read.filter((one): one is Given => Array.isArray(one) && typeof one[0] === 'string' && kColours.includes(one[1])) : [];
  } catch {
    return [];
  }
}

const readGiven = (): Given[] => givenIn(stored(kStored));

let isTold = true;
let tell = (): void => {};
const follow = createSubscriber((update) => {
  tell = update;
});

// A chart gives colours while it is drawn; whoever was drawn before it is told as soon as that is done.
function keep(given: readonly Given[]): void {
  store(kStored, JSON.stringify(given));
  if (!isTold) return;
  isTold = false;
  setTimeout(() => {
    isTold = true;
    tell();
  });
}

export const colours = new Colours(readGiven(), keep, readGiven);

// Whoever asks in an effect is asked to draw anew when names get other colours.
export function colourOf(name: string): string {
  follow();
  return colours.of(name);
}

// What a custom property comes to in the present theme, for a canvas.
export function resolved(property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

// `colour` (rgb(...)) with an opacity.
export function translucent(colour: string, opacity: number): string {
  const parts = colour.match(/[\d.]+/g) ?? ['0', '0', '0'];
  return `rgba(${parts.slice(0, 3).join(', ')}, ${opacity})`;
}
