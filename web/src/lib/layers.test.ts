// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { kMaxNodes, layered, type Edge } from './layers';

const edge = (from: string, to: string, weight = 1): Edge => ({ from, to, weight });
const layerOf = (edges: Edge[], id: string): number | undefined => layered(edges).nodes.find((node) => node.id === id)?.layer;

describe('layered', () => {
  it('puts who asks left of who answers', () => {
    const edges = [edge('browser', 'web'), edge('web', 'app'), edge('app', 'db'), edge('browser', 'app')];
    expect(['browser', 'web', 'app', 'db'].map((id) => layerOf(edges, id))).toEqual([0, 1, 2, 3]);
  });

  it('survives circles: the heavier way decides', () => {
    const edges = [edge('a', 'b', 9), edge('b', 'a', 1), edge('a', 'a', 50)];
    expect(layerOf(edges, 'a')).toBe(0);
    expect(layerOf(edges, 'b')).toBe(1);
    expect(layered(edges).edges).toHaveLength(2);
    expect(layered([edge('a', 'b'), edge('b', 'c'), edge('c', 'a')]).nodes).toHaveLength(3);
  });

  it('draws no more than it may and says how many are missing', () => {
    const edges = Array.from({ length: 400 }, (_, index) => edge(`client${index}`, `server${index % 7}`, index + 1));
    const { nodes, hidden, edges: drawn } = layered(edges);
    expect(nodes).toHaveLength(kMaxNodes);
    expect(hidden).toBe(407 - kMaxNodes);
    const ids = new Set(nodes.map((node) => node.id));
    expect(ids.has('client399')).toBe(true);
    expect(ids.has('client0')).toBe(false);
    expect(drawn.every((one) => ids.has(one.from) && ids.has(one.to))).toBe(true);
  });

  it('keeps the places of what was there', () => {
    const first = layered([edge('a', 'x', 5), edge('b', 'y', 4), edge('c', 'z', 3)]);
    const before = new Map(first.nodes.map((node) => [node.id, node]));
    const second = layered([edge('a', 'z', 99), edge('b', 'y', 4), edge('c', 'x', 3), edge('d', 'y', 1)], before);
    const column = (nodes: typeof first.nodes, layer: number): string[] => nodes.filter((node) => node.layer === layer).sort((a, b) => a.row - b.row).map((node) => node.id);
    expect(column(second.nodes, 0).filter((id) => id !== 'd')).toEqual(column(first.nodes, 0));
    expect(column(second.nodes, 1)).toEqual(column(first.nodes, 1));
    const rows = second.nodes.map((node) => `${node.layer}/${node.row}`);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('is empty where nobody talks', () => {
    expect(layered([])).toEqual({ nodes: [], edges: [], hidden: 0 });
  });
});
