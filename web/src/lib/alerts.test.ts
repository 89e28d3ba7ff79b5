// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { alertColumns, alertKey, alertKeys, entityLink, hostOf } from './alerts';
import type { AlertRow } from './api';
import { fieldsOf } from './columns';
import { kNowhere } from './router';

const alert: AlertRow = { check: 'many flows', entity: '10.0.0.1', severity: 'error', since: 90, state: 'active' };
const cellOf = (field: string, row: AlertRow) => alertColumns.find((column) => column.field === field)?.cell(row, 100, kNowhere);

describe('hostOf', () => {
  it('knows keys of hosts', () => {
    for (const key of ['10.0.0.1', '10.0.0.1@100', 'fe80::1@100.20', '2001:db8::1']) expect(hostOf(key)).toBe(key);
  });

  it('takes nothing else for a host', () => {
    for (const entity of ['', '300.0.0.1', 'eth0', '10.0.0.1@', '10.0.0.1@a', '10.0.0.1@1@2', '10.0.0.0/8', '12:30', 'AS 64500']) expect(hostOf(entity)).toBe('');
  });
});

describe('alertColumns', () => {
  it('are fields that the script of the resource knows', () => {
    const [, names = ''] = /local names = \{([^}]*)\}/.exec(readFileSync(new URL('../../../scripts/rest/alerts.lua', import.meta.url), 'utf8')) ?? [];
    for (const field of fieldsOf(alertColumns, alertKeys).split(',')) expect(names).toContain(`"${field}"`);
  });

  it('lead to the host that an alert is about', () => {
    expect(entityLink(kNowhere, '10.0.0.1@100')).toBe('/hosts/10.0.0.1%40100');
    expect(cellOf('entity', { ...alert, entity: '10.0.0.1@100' })).toMatchObject({ href: '/hosts/10.0.0.1%40100', pick: { 'data-term': 'host', 'data-value': '10.0.0.1' } });
    expect(cellOf('entity', { ...alert, entity: 'uplink' })).not.toHaveProperty('href');
  });

  it('mark errors as long as they hold', () => {
    expect(cellOf('severity', alert)?.isBad).toBe(true);
    expect(cellOf('severity', { ...alert, state: 'over' })?.isBad).toBe(false);
    expect(cellOf('severity', { ...alert, severity: 'warning' })?.isBad).toBe(false);
    expect(cellOf('ended', alert)?.text).toBe('\u2013');
  });

  it('show what scripts wrote of the network as text', () => {
    expect(cellOf('text', { ...alert, text: 'a\u202eb' })?.text).not.toContain('\u202e');
  });
});

describe('alertKey', () => {
  it('tells the same check of another time apart', () => {
    expect(alertKey(alert)).not.toBe(alertKey({ ...alert, since: 91 }));
    expect(alertKey({ ...alert, check: 'a', entity: 'b' })).not.toBe(alertKey({ ...alert, check: 'a b', entity: '' }));
  });
});
