// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { placesAfter, talkGraph, type Talk } from './sankey';

const talk = (client: string, server: string, value: number, application = 'TLS'): Talk => ({ client, server, application, value });

describe('talkGraph', () => {
  it('has no cycle where two hosts call each other', () => {
    const { nodes, links } = talkGraph([talk('a', 'b', 3), talk('b', 'a', 5)]);
    expect(nodes.map((node) => node.id).sort()).toEqual(['app:TLS', 'client:a', 'client:b', 'server:a', 'server:b']);
    expect(links).toHaveLength(4);
    const rank = { client: 0, app: 1, server: 2 } as Record<string, number>;
    for (const link of links) expect(rank[link.source.split(':')[0] ?? '']).toBeLessThan(rank[link.target.split(':')[0] ?? ''] ?? -1);
  });

  it('loses nothing: what has no node of its own is in the rest', () => {
    const talks = Array.from({ length: 40 }, (_, index) => talk(`c${index}`, `s${index % 20}`, index + 1, `app${index % 12}`));
    const whole = talks.reduce((sum, one) => sum + one.value, 0);
    const { nodes, links } = talkGraph(talks);
    for (const column of ['client', 'app', 'server']) {
      const own = nodes.filter((node) => node.column === column);
      expect(own.reduce((sum, node) => sum + node.value, 0)).toBe(whole);
    }
    expect(nodes.find((node) => node.id === 'client:')?.others).toBe(28);
    expect(links.filter((link) => link.source.startsWith('client:')).reduce((sum, link) => sum + link.value, 0)).toBe(whole);
  });

  it('keeps the order of what was there', () => {
    const first = talkGraph([talk('a', 'x', 9), talk('b', 'y', 5)]);
    const second = talkGraph([talk('a', 'x', 1), talk('b', 'y', 50), talk('c', 'z', 99)], placesAfter(new Map(), first.nodes));
    expect(second.nodes.filter((node) => node.column === 'client').map((node) => node.name)).toEqual(['a', 'b', 'c']);
  });

  it('keeps the place of who carries nothing for a while', () => {
    const clients = (graph: ReturnType<typeof talkGraph>): string[] => graph.nodes.filter((node) => node.column === 'client').map((node) => node.name);
    let places = placesAfter(new Map(), talkGraph([talk('a', 'x', 9), talk('b', 'y', 5)]).nodes);
    const alone = talkGraph([talk('b', 'y', 50), talk('c', 'y', 60)], places);
    expect(clients(alone)).toEqual(['b', 'c']);
    places = placesAfter(places, alone.nodes);
    expect(clients(talkGraph([talk('c', 'y', 60), talk('b', 'y', 50), talk('a', 'x', 1)], places))).toEqual(['a', 'b', 'c']);
  });

  it('remembers so many places, those seen last', () => {
    let places = new Map<string, number>();
    for (let i = 0; i < 400; i++) places = placesAfter(places, talkGraph([talk(`c${i}`, 'x', 1)], places).nodes);
    expect(places.size).toBe(300);
    expect(places.has('client:c399')).toBe(true);
    expect(places.has('client:c0')).toBe(false);
  });

  it('is empty where nothing is carried', () => {
    expect(talkGraph([talk('a', 'b', 0)])).toEqual({ nodes: [], links: [] });
    expect(talkGraph([])).toEqual({ nodes: [], links: [] });
  });
});
