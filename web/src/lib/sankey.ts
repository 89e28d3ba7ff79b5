// SPDX-License-Identifier: GPL-3.0-or-later
// Who talks with whom, by what: three columns of nodes that keep their order while their sizes change.

export interface Talk { client: string; application: string; server: string; value: number }
export type Column = 'client' | 'app' | 'server';
export interface TalkNode { id: string; column: Column; name: string; others: number; value: number } // others > 0: so many are put together
export interface TalkLink { source: string; target: string; value: number }
export interface TalkGraph { nodes: TalkNode[]; links: TalkLink[] }

const kMost: Record<Column, number> = { client: 12, app: 8, server: 12 };
const kColumns: readonly Column[] = ['client', 'app', 'server'];
const kOther = '';

const nameIn = (talk: Talk, column: Column): string => (column === 'client' ? talk.client : column === 'app' ? talk.application : talk.server);

function sumsOf(talks: readonly Talk[], column: Column): Map<string, number> {
  const sums = new Map<string, number>();
  for (const talk of talks) sums.set(nameIn(talk, column), (sums.get(nameIn(talk, column)) ?? 0) + talk.value);
  return sums;
}

// A name's node. The column is part of it: who is a client here may be a server there, and the graph must have no cycle.
const idOf = (column: Column, name: string): string => `${column}:${name}`;

const kRemembered = 300;

// The places of nodes for the next picture. Who carries nothing for a while keeps its own; those not seen for longest are forgotten.
export function placesAfter(before: ReadonlyMap<string, number>, nodes: readonly TalkNode[]): Map<string, number> {
  const after = new Map(before); // those not seen for longest first
  let next = Math.max(-1, ...before.values()) + 1;
  for (const { id } of nodes) {
    const place = after.get(id) ?? next++;
    after.delete(id);
    after.set(id, place);
  }
  for (const id of after.keys()) {
    if (after.size > kRemembered) after.delete(id);
  }
  return after;
}

// The largest nodes of each column, the rest of it as one. Nodes that have a place in `before` keep their order; new ones come behind
// them, the rest last.
export function talkGraph(talks: readonly Talk[], before: ReadonlyMap<string, number> = new Map()): TalkGraph {
  const carrying = talks.filter((talk) => talk.value > 0);
  const nodes: TalkNode[] = [];
  const kept = new Map<Column, Set<string>>();
  for (const column of kColumns) {
    const ranked = [...sumsOf(carrying, column)].sort((a, b) => b[1] - a[1]);
    const shown = ranked.slice(0, kMost[column]);
    kept.set(column, new Set(shown.map(([name]) => name)));
    nodes.push(...shown.map(([name, value]) => ({ id: idOf(column, name), column, name, others: 0, value })));
    const rest = ranked.slice(kMost[column]);
    if (rest.length > 0) nodes.push({ id: idOf(column, kOther), column, name: kOther, others: rest.length, value: rest.reduce((sum, [, value]) => sum + value, 0) });
  }
  const place = (node: TalkNode): number => (node.others > 0 ? Number.MAX_SAFE_INTEGER : before.get(node.id) ?? Number.MAX_SAFE_INTEGER - 1);
  nodes.sort((a, b) => place(a) - place(b)); // stable: new ones stay in the order of their sizes
  return { nodes, links: linksOf(carrying, kept) };
}

function linksOf(talks: readonly Talk[], kept: ReadonlyMap<Column, ReadonlySet<string>>): TalkLink[] {
  const links = new Map<string, TalkLink>();
  const end = (talk: Talk, column: Column): string => {
    const name = nameIn(talk, column);
    return idOf(column, kept.get(column)?.has(name) === true ? name : kOther);
  };
  for (const talk of talks) {
    const [client, app, server] = [end(talk, 'client'), end(talk, 'app'), end(talk, 'server')];
    for (const [source, target] of [[client, app], [app, server]] as const) {
      const key = JSON.stringify([source, target]);
      const link = links.get(key) ?? { source, target, value: 0 };
      link.value += talk.value;
      links.set(key, link);
    }
  }
  return [...links.values()];
}
