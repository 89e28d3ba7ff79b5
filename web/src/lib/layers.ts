// SPDX-License-Identifier: GPL-3.0-or-later
// Who depends on whom, in columns: who asks stands left of who answers. Positions of hosts that were there stay.

export interface Edge { from: string; to: string; weight: number }
export interface LayerNode { id: string; weight: number; layer: number; row: number }
export interface Layers { nodes: LayerNode[]; edges: Edge[]; hidden: number } // hidden: nodes that found no place

export const kMaxNodes = 150;
const kMostLayers = 6;
const kSweeps = 4;

// The sum of what each node asks and answers, the most first.
function ranked(edges: readonly Edge[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const { from, to, weight } of edges) for (const id of [from, to]) sums.set(id, (sums.get(id) ?? 0) + weight);
  return [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

// Edges both ways and to itself put together: from, to and the sum.
function merged(edges: readonly Edge[]): Edge[] {
  const all = new Map<string, Edge>();
  for (const edge of edges) {
    if (edge.from === edge.to) continue;
    const key = JSON.stringify([edge.from, edge.to]);
    const old = all.get(key);
    if (old === undefined) all.set(key, { ...edge });
    else old.weight += edge.weight;
  }
  return [...all.values()].sort((a, b) => b.weight - a.weight);
}

// Takes edges, the heaviest first, as long as they close no circle: the others point backwards and do not move anybody.
function withoutCircles(edges: readonly Edge[]): Edge[] {
  const after = new Map<string, string[]>();
  const leadsTo = (start: string, end: string): boolean => {
    const seen = new Set([start]);
    const open = [start];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === end) return true;
      for (const next of after.get(id) ?? []) if (!seen.has(next)) { seen.add(next); open.push(next); }
    }
    return false;
  };
  return edges.filter(({ from, to }) => {
    if (leadsTo(to, from)) return false;
    after.set(from, [...(after.get(from) ?? []), to]);
    return true;
  });
}

// The longest way from anybody who is asked by nobody, at most kMostLayers columns.
function layersOf(ids: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const layer = new Map(ids.map((id) => [id, 0]));
  for (let pass = 1; pass < kMostLayers; pass += 1) {
    let isChanged = false;
    for (const { from, to } of edges) {
      const least = Math.min(kMostLayers - 1, (layer.get(from) ?? 0) + 1);
      if ((layer.get(to) ?? 0) >= least) continue;
      layer.set(to, least);
      isChanged = true;
    }
    if (!isChanged) break;
  }
  return layer;
}

// Rows in each column near the rows of whom a node talks with, so that few lines cross.
function orderRows(nodes: LayerNode[], edges: readonly Edge[]): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const near = new Map<string, LayerNode[]>();
  for (const { from, to } of edges) {
    const [a, b] = [byId.get(from), byId.get(to)];
    if (a === undefined || b === undefined) continue;
    near.set(from, [...(near.get(from) ?? []), b]);
    near.set(to, [...(near.get(to) ?? []), a]);
  }
  const columns = [...new Set(nodes.map((node) => node.layer))].sort((a, b) => a - b).map((layer) => nodes.filter((node) => node.layer === layer));
  const spread = (column: LayerNode[]): void => column.forEach((node, index) => { node.row = (index + 0.5) / column.length; });
  columns.forEach(spread);
  for (let sweep = 0; sweep < kSweeps; sweep += 1) {
    for (const column of sweep % 2 === 0 ? columns : [...columns].reverse()) {
      const wanted = new Map(column.map((node) => {
        const others = (near.get(node.id) ?? []).filter((other) => other.layer !== node.layer);
        return [node.id, others.length === 0 ? node.row : others.reduce((sum, other) => sum + other.row, 0) / others.length];
      }));
      column.sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0));
      spread(column);
    }
  }
}

// Nodes of `before` keep their columns and their order among themselves.
function keepPlaces(nodes: LayerNode[], before: ReadonlyMap<string, LayerNode>): void {
  for (const node of nodes) {
    const old = before.get(node.id);
    if (old !== undefined) Object.assign(node, { layer: old.layer, row: old.row });
  }
  for (const layer of new Set(nodes.map((node) => node.layer))) {
    const column = nodes.filter((node) => node.layer === layer).sort((a, b) => a.row - b.row);
    column.forEach((node, index) => { node.row = (index + 0.5) / column.length; });
  }
}

// At most `most` nodes, those with the largest sums, and the edges among them. `row` is from 0 to 1.
export function layered(all: readonly Edge[], before: ReadonlyMap<string, LayerNode> = new Map(), most = kMaxNodes): Layers {
  const edges = merged(all);
  const sums = ranked(edges);
  const shown = sums.slice(0, most);
  const ids = new Set(shown.map(([id]) => id));
  const kept = edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  const layer = layersOf([...ids], withoutCircles(kept));
  const nodes = shown.map(([id, weight]) => ({ id, weight, layer: layer.get(id) ?? 0, row: 0 }));
  orderRows(nodes, kept);
  keepPlaces(nodes, before);
  return { nodes, edges: kept, hidden: sums.length - shown.length };
}
