// SPDX-License-Identifier: GPL-3.0-or-later
// What checks found: columns of the list, and what an alert is about.
import type { AlertRow } from './api';
import { textColumn, timeColumn, type Column } from './columns';
import { hostLink } from './links';
import { isAddress } from './names.svelte';
import { pick } from './pick';
import type { Place } from './router';
import { texts } from './texts';
import { visibleText } from './visible_text';

// The key of the host that an entity names, or '' where it is something else: a check says itself what its entities are.
export function hostOf(entity: string): string {
  const [, address = ''] = /^([^@]+)(?:@\d+(?:\.\d+)*)?$/.exec(entity) ?? [];
  return isAddress(address) ? entity : '';
}

export function entityLink(place: Place, entity: string): string | undefined {
  const key = hostOf(entity);
  return key === '' ? undefined : hostLink(place, key);
}

export const alertKey = (row: AlertRow): string => JSON.stringify([row.check, row.entity, row.since]);

export const alertColumns: readonly Column<AlertRow>[] = [
  { field: 'state', label: texts.alerts.state, least: 92, grow: 0.5, startsAscending: true, cell: (row) => ({ text: texts.alerts.states[row.state] ?? visibleText(row.state) }) },
  { field: 'severity', label: texts.alerts.severity, least: 84, grow: 0.5, startsAscending: true, cell: (row) => ({ text: texts.alerts.severities[row.severity] ?? visibleText(row.severity), isBad: row.severity === 'error' && row.state === 'active' }) },
  { ...textColumn<AlertRow>('check', texts.alerts.check, '', 120), grow: 1.2 },
  {
    field: 'entity', label: texts.alerts.entity, least: 140, grow: 1.4, startsAscending: true,
    cell: (row, _now, place) => {
      const href = entityLink(place, row.entity);
      const text = visibleText(row.entity);
      return href === undefined ? { text, title: text, pick: pick('', row.entity) } : { text, title: text, href, isMono: true, pick: pick('host', row.entity.split('@')[0], href) };
    },
  },
  { ...textColumn<AlertRow>('text', texts.alerts.text, '', 180), grow: 3 },
  timeColumn('since', texts.alerts.since),
  timeColumn('ended', texts.alerts.ended),
];
export const alertKeys = ['check', 'entity', 'since', 'state'] as const;
