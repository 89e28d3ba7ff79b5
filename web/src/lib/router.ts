// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses of the console. Everything that says what a page shows is in the URL:
//   /flows?if=eth0&q=app+%3D+TLS&sort=-bits_per_second&f=ID&v=1

export type RouteName = 'live' | 'interfaces' | 'hosts' | 'host' | 'flows' | 'health' | 'unknown';

export interface Place {
  route: RouteName;
  key: string;        // of a host; empty on other pages
  interface: string;  // empty: all
  filter: string;     // empty: none
  sort: string;       // empty: the page's own
  descending: boolean;
  flow: string;       // id of the flow in the drawer; empty: closed
  others: [string, string][];  // parameters of a later version: kept as they came
}

export const kNowhere: Place = {
  route: 'live', key: '', interface: '', filter: '', sort: '', descending: true, flow: '', others: [],
};

const kVersion = '1';
const kPages: readonly RouteName[] = ['live', 'interfaces', 'hosts', 'flows', 'health'];

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray percent sign is itself
  }
}

function routeOf(path: string): { route: RouteName; key: string } {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0) return { route: 'live', key: '' };
  if (parts.length === 2 && parts[0] === 'hosts') return { route: 'host', key: decoded(parts[1] ?? '') };
  const page = kPages.find((name) => name === parts[0]);
  return { route: parts.length === 1 && page !== undefined ? page : 'unknown', key: '' };
}

// Reads an address. A path that is no page gives `unknown`, never an error.
export function parsePlace(path: string, search: string): Place {
  const place: Place = { ...kNowhere, ...routeOf(path), others: [] };
  for (const [name, value] of new URLSearchParams(search)) {
    if (name === 'if') place.interface = value;
    else if (name === 'q') place.filter = value;
    else if (name === 'f') place.flow = value;
    else if (name === 'sort') {
      place.descending = value.startsWith('-');
      place.sort = place.descending ? value.slice(1) : value;
    } else if (name !== 'v') place.others.push([name, value]);
  }
  return place;
}

// The address of `place`; the inverse of parsePlace.
export function formatPlace(place: Place): string {
  const query = new URLSearchParams();
  if (place.interface !== '') query.set('if', place.interface);
  if (place.filter !== '') query.set('q', place.filter);
  if (place.sort !== '') query.set('sort', (place.descending ? '-' : '') + place.sort);
  if (place.flow !== '') query.set('f', place.flow);
  for (const [name, value] of place.others) query.append(name, value);
  const path = place.route === 'host' ? `/hosts/${encodeURIComponent(place.key)}` : `/${place.route}`;
  const text = query.toString();
  return text === '' ? path : `${path}?${text}&v=${kVersion}`;
}

// Another page with the same interface and filter. Sort order and open flow belong to the page that is left.
export function pageFrom(place: Place, route: RouteName, change: Partial<Place> = {}): Place {
  return { ...kNowhere, interface: place.interface, filter: place.filter, route, ...change };
}
