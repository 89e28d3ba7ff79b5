// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses of the console. Everything that says what a page shows is in the URL:
//   /flows?if=eth0&q=app+%3D+TLS&sort=-bits_per_second&cols=application,bytes&f=ID&v=1

// Pages and their paths. `:key` names one thing, `:tab` a part of the page and may be missing.
const kPaths = {
  live: '/live',
  interfaces: '/interfaces',
  interface: '/interfaces/:key',
  hosts: '/hosts',
  host: '/hosts/:key/:tab',
  flows: '/flows',
  flow: '/flows/:key',
  apps: '/apps',
  app: '/apps/:key/:tab',
  networks: '/networks/:tab',
  exporter: '/networks/exporters/:key', // before the groups, whose pattern it fits
  group: '/networks/:tab/:key',
  map: '/map/:tab',
  transactions: '/transactions',
  alerts: '/alerts',
  settings: '/settings/:tab',
  setup: '/setup',
  health: '/health',
} as const;

export type PageName = keyof typeof kPaths;
export type RouteName = PageName | 'unknown';

// Where one can go from anywhere, in the order in which they are offered.
export const kMainPages = ['live', 'hosts', 'flows', 'apps', 'networks', 'transactions', 'alerts', 'map', 'interfaces', 'settings', 'health'] as const satisfies readonly PageName[];

export interface Place {
  route: RouteName;
  key: string;        // of a host, flow ...; empty on other pages
  tab: string;        // empty: the page's first
  interface: string;  // empty: all
  filter: string;     // empty: none
  sort: string;       // empty: the page's own
  descending: boolean;
  columns: string;    // fields with commas between; empty: the table's own
  flow: string;       // id of what is open in the drawer; empty: closed
  isKiosk: boolean;   // without the frame, for a screen on the wall
  others: [string, string][];  // parameters of a later version: kept as they came
}

export const kNowhere: Place = {
  route: 'live', key: '', tab: '', interface: '', filter: '', sort: '', descending: true, columns: '', flow: '', isKiosk: false, others: [],
};

const kVersion = '1';

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray percent sign is itself
  }
}

// What `parts` say about the page of `path`, or null where they are another page.
function matched(path: string, parts: readonly string[]): { key: string; tab: string } | null {
  const wanted = path.slice(1).split('/');
  const found = { key: '', tab: '' };
  if (parts.length > wanted.length) return null;
  for (const [index, name] of wanted.entries()) {
    const part = parts[index];
    if (name === ':key' && part !== undefined) found.key = decoded(part);
    else if (name === ':tab' && (part !== undefined || index === wanted.length - 1)) found.tab = decoded(part ?? '');
    else if (part !== name) return null;
  }
  return found;
}

function routeOf(path: string): Pick<Place, 'route' | 'key' | 'tab'> {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0) return { route: 'live', key: '', tab: '' };
  for (const [route, pattern] of Object.entries(kPaths)) {
    const found = matched(pattern, parts);
    if (found !== null) return { route: route as PageName, ...found };
  }
  return { route: 'unknown', key: '', tab: '' };
}

// Reads an address. A path that is no page gives `unknown`, never an error.
export function parsePlace(path: string, search: string): Place {
  const place: Place = { ...kNowhere, ...routeOf(path), others: [] };
  for (const [name, value] of new URLSearchParams(search)) {
    if (name === 'if') place.interface = value;
    else if (name === 'q') place.filter = value;
    else if (name === 'cols') place.columns = value;
    else if (name === 'f') place.flow = value;
    else if (name === 'kiosk') place.isKiosk = value === '1';
    else if (name === 'sort') {
      place.descending = value.startsWith('-');
      place.sort = place.descending ? value.slice(1) : value;
    } else if (name !== 'v') place.others.push([name, value]);
  }
  return place;
}

function pathOf(place: Place): string {
  if (place.route === 'unknown') return '/unknown';
  return kPaths[place.route].replace(':key', () => encodeURIComponent(place.key)).replace(/\/?:tab/, (part) => {
    const slash = part.startsWith('/') ? '/' : '';
    return place.tab === '' ? '' : slash + encodeURIComponent(place.tab);
  });
}

// The address of `place`; the inverse of parsePlace.
export function formatPlace(place: Place): string {
  const query = new URLSearchParams();
  if (place.interface !== '') query.set('if', place.interface);
  if (place.filter !== '') query.set('q', place.filter);
  if (place.sort !== '') query.set('sort', (place.descending ? '-' : '') + place.sort);
  if (place.columns !== '') query.set('cols', place.columns);
  if (place.flow !== '') query.set('f', place.flow);
  if (place.isKiosk) query.set('kiosk', '1');
  for (const [name, value] of place.others) query.append(name, value);
  const text = query.toString().replaceAll('%2C', ','); // a comma is plain in a query
  return text === '' ? pathOf(place) : `${pathOf(place)}?${text}&v=${kVersion}`;
}

// What the address sorts by, or else `field`.
export function sortOf(place: Place, field: string, descending = true): Pick<Place, 'sort' | 'descending'> {
  return place.sort === '' ? { sort: field, descending } : { sort: place.sort, descending: place.descending };
}

// Another page with the same interface and filter. Sort order, columns and what is open belong to the page that is left.
export function pageFrom(place: Place, route: RouteName, change: Partial<Place> = {}): Place {
  return { ...kNowhere, interface: place.interface, filter: place.filter, isKiosk: place.isKiosk, route, ...change };
}
