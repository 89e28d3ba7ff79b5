// SPDX-License-Identifier: GPL-3.0-or-later
// The health answer as tables: its shape grows with weir, so its names are read, not known.
import type { HealthAnswer, Json } from './api';
import { byteCount, dateTime, duration, exactNumber, spoken } from './format';
import { visibleText } from './visible_text';

export interface Fact { name: string; text: string; title: string; isNumber: boolean }
export interface Section { name: string; facts: Fact[] }

export type Members = { [name: string]: Json };
export const isMembers = (value: Json | undefined): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

// kernel_drops: Kernel drops. The unit at the end of a name goes to the value.
export function spokenName(name: string): string {
  const words = visibleText(name).replace(/_(bytes|s)$/, '').replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function factOf(name: string, value: Json): Fact {
  const fact = (text: string, title = '', isNumber = false): Fact => ({ name: spokenName(name), text, title, isNumber });
  if (typeof value === 'number') {
    if (name === 'time' || name.endsWith('_seen') || name.endsWith('_at')) return fact(dateTime(value), '', true);
    if (name.endsWith('_s')) return fact(duration(value), `${value} s`, true);
    const bytes = name === 'bytes' || name.endsWith('_bytes') ? byteCount(value) : null;
    return bytes === null ? fact(exactNumber(value), '', true) : fact(spoken(bytes), bytes.exact, true);
  }
  if (Array.isArray(value)) return fact(visibleText(value.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one))).join(', ')));
  return fact(value === null ? '\u2013' : visibleText(value));
}

// `members` and all that is nested in it: first its own plain values, then one section for each group.
export function sectionsOf(name: string, members: Members, depth = 0): Section[] {
  const facts: Fact[] = [];
  const nested: Section[] = [];
  for (const [member, value] of Object.entries(members)) {
    if (isMembers(value) && depth < 4) nested.push(...sectionsOf(depth === 0 ? spokenName(member) : `${name}: ${spokenName(member)}`, value, depth + 1));
    else facts.push(factOf(member, value));
  }
  return facts.length > 0 ? [{ name, facts }, ...nested] : nested;
}

// One group for weir itself, one for each entry of its lists (interfaces).
export function healthGroups(answer: HealthAnswer, self: string): { name: string; sections: Section[] }[] {
  const own: Members = {};
  const groups: { name: string; sections: Section[] }[] = [];
  for (const [name, value] of Object.entries(answer)) {
    if (name === 'op' || name === 'seq' || (name === 'id' && typeof value === 'number')) continue;
    if (Array.isArray(value) && value.some(isMembers)) {
      value.filter(isMembers).forEach((entry, index) => {
        const label = visibleText(entry['id'] ?? entry['name'] ?? index + 1);
        groups.push({ name: label, sections: sectionsOf('', entry) });
      });
    } else {
      own[name] = value;
    }
  }
  return [{ name: self, sections: sectionsOf('', own) }, ...groups];
}

// What health tells of one interface: how it is captured, in how many threads, what was lost where.
export function interfaceHealth(answer: HealthAnswer | null, id: string): Members {
  const all = answer?.['interfaces'];
  return (Array.isArray(all) ? all.filter(isMembers).find((one) => one['id'] === id) : undefined) ?? {};
}
