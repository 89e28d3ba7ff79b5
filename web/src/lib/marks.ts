// SPDX-License-Identifier: GPL-3.0-or-later
// What a chart is made of for those who do not see it: things that its cursor can stand on, and the cells of its table.
import { appLink, hostLink, namedHost } from './links';
import { pick } from './pick';
import type { Place } from './router';
import { texts } from './texts';
import { visibleText } from './visible_text';

export interface Mark { text: string; href?: string }
export interface TwinCell { text: string; exact?: string; isNumber?: boolean; isWhole?: boolean; href?: string; isMono?: boolean; pick?: ReturnType<typeof pick> }

export function hostCell(place: Place, address: string | undefined): TwinCell {
  if (address === undefined) return { text: texts.scope.unknown };
  const href = hostLink(place, address);
  return { text: namedHost(address), href, isMono: true, pick: pick('host', address, href) };
}

export function appCell(place: Place, name: string | undefined): TwinCell {
  if (name === undefined || name === '') return { text: texts.scope.unknown };
  const href = appLink(place, name);
  return { text: visibleText(name), href, pick: pick('app', name, href) };
}
