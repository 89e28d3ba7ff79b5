// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { choiceOf, throughputBy, withChoice } from './choice';
import { formatPlace, pageFrom, parsePlace } from './router';

const place = parsePlace('/interfaces/eth0', '?later=7&v=1');

describe('a choice of a page', () => {
  it('stands in the address beside what else is there', () => {
    expect(choiceOf(place, 'peaks')).toBeUndefined();
    const chosen = { ...place, ...withChoice(place, 'peaks', '1') };
    expect(formatPlace(chosen)).toBe('/interfaces/eth0?later=7&peaks=1&v=1');
    expect(choiceOf(parsePlace('/interfaces/eth0', '?later=7&peaks=1&v=1'), 'peaks')).toBe('1');
  });

  it('is there once, and goes when the page is left', () => {
    const chosen = { ...place, ...withChoice({ ...place, ...withChoice(place, 'peaks', '1') }, 'peaks', '0') };
    expect(formatPlace(chosen)).toBe('/interfaces/eth0?later=7&peaks=0&v=1');
    expect(choiceOf(pageFrom(chosen, 'hosts'), 'peaks')).toBeUndefined();
  });

  it('of what throughput is shown by is one that there is', () => {
    for (const [query, by] of [['', 'protocol'], ['?by=direction', 'direction'], ['?by=application', 'application'], ['?by=colour', 'protocol']] as const) expect(throughputBy(parsePlace('/live', query))).toBe(by);
  });
});
