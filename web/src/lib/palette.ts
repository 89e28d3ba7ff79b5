// SPDX-License-Identifier: GPL-3.0-or-later
// Colours that are bound to names, so that a name has the same colour on every page and at every time.
import { hashOf } from './hash';

const kFixed: Record<string, string> = {
  TCP: 'blue', UDP: 'green', ICMP: 'orange', 'IPv6-ICMP': 'orange', 'Other IP': 'violet', 'Non-IP': 'other', Other: 'other',
};
const kNames = ['blue', 'orange', 'green', 'pink', 'yellow', 'sky', 'violet'];

// The CSS custom property with the colour of `name`. Red is not among them: it means alerts.
export function colourOf(name: string): string {
  const fixed = Object.hasOwn(kFixed, name) ? kFixed[name] : undefined;
  if (fixed !== undefined) return `--${fixed}`;
  return `--${kNames[hashOf(name) % kNames.length] ?? 'other'}`;
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
