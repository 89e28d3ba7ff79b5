// SPDX-License-Identifier: GPL-3.0-or-later
import { formatPlace, parsePlace, type Place, type RouteName } from './router';

const kSaveAfter = 300; // ms without scrolling; browsers allow few changes of the history a second

// How far the page and the table in it are scrolled, in pixels.
export interface Scrolled { page: number; table: number }

function here(): Place {
  return parsePlace(window.location.pathname, window.location.search);
}

// A step of the history, as it keeps it.
interface Step extends Scrolled { id: number }

// What this step of the history was scrolled to when that was saved last.
function kept(): Step {
  return { page: 0, table: 0, id: Math.random(), ...(window.history.state as Partial<Step> | null) };
}

// Where the tab is. The address bar is the truth; `place` follows it as soon as the code of the page is there, so that a page
// that is being left never sees the address of another one.
class Location {
  place = $state.raw<Place>(here());
  bring: (route: RouteName) => Promise<void> = () => Promise.resolve(); // set by the application
  // What is shown is scrolled to this once its data are there. Null: only a part of the page is another one.
  restored: Scrolled | null = kept();
  private scrolled = kept();
  // What was not saved when a step was left by Back or Forward, which lead to another step before anybody can save it.
  private readonly unsaved = new Map<number, Step>();
  private saving = 0; // timer
  private wanted = this.place;

  constructor() {
    if (window.location.pathname === '/') this.go(this.place, true);
    window.addEventListener('popstate', () => {
      window.clearTimeout(this.saving); // it is of the step that was left
      this.unsaved.set(this.scrolled.id, this.scrolled);
      const step = kept();
      this.scrolled = this.unsaved.get(step.id) ?? step;
      this.unsaved.delete(step.id);
      this.restored = this.scrolled;
      this.move(here());
    });
    document.addEventListener('click', (event) => this.clicked(event));
  }

  // `isSame`: the same step in the history, as for a change of the sort order.
  go(place: Place, isSame = false): void {
    const url = formatPlace(place);
    this.save();
    const isOther = place.route !== this.wanted.route || place.key !== this.wanted.key || place.tab !== this.wanted.tab;
    this.restored = isOther ? { page: 0, table: 0 } : null;
    if (isOther) this.scrolled = { page: 0, table: 0, id: this.scrolled.id };
    if (!isSame) this.scrolled = { ...this.scrolled, id: Math.random() };
    if (isSame) window.history.replaceState(this.scrolled, '', url);
    else window.history.pushState(this.scrolled, '', url);
    this.move(place);
  }

  // Keeps how far the page that is shown was scrolled.
  noteScroll(change: Partial<Scrolled>): void {
    if (this.wanted !== this.place) return;
    this.scrolled = { ...this.scrolled, ...change };
    window.clearTimeout(this.saving);
    this.saving = window.setTimeout(() => this.save(), kSaveAfter);
  }

  private save(): void {
    window.clearTimeout(this.saving);
    window.history.replaceState(this.scrolled, '');
  }

  // Goes to an address of the console, as a click on a link with it does.
  follow(address: string): void {
    const [path = '', search = ''] = address.split('?');
    this.go(parsePlace(path, search));
  }

  change(change: Partial<Place>, isSame = false): void {
    this.go({ ...this.wanted, ...change }, isSame);
  }

  private move(place: Place): void {
    this.wanted = place;
    if (place.route === this.place.route) {
      this.place = place;
      return;
    }
    const arrive = (): void => { if (this.wanted === place) this.place = place; };
    this.bring(place.route).then(arrive, () => this.stay(place));
  }

  // The code of a page cannot be had. Where a newer weir has other files, the page is loaded anew; where weir is away, what is shown stays.
  private stay(wanted: Place): void {
    fetch('/', { cache: 'no-store' }).then(() => window.location.reload(), () => {
      if (this.wanted !== wanted) return;
      this.wanted = this.place;
      window.history.replaceState(null, '', formatPlace(this.place));
    });
  }

  // Links of the console stay in the page; what asks for a new tab or leads elsewhere is left to the browser.
  // Scripts of weir's own, such as /lua/ and /api/, are no pages of the console.
  private clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a[href]');
    if (link === null || link === undefined || link.getAttribute('target') !== null || link.hasAttribute('download')) return;
    const href = link.getAttribute('href') ?? ''; // links in drawings have no properties to read it from
    const address = new URL(href, window.location.href);
    if (address.origin !== window.location.origin || href.startsWith('#') || /^\/(api|lua|assets)\//.test(address.pathname)) return;
    event.preventDefault();
    this.go(parsePlace(address.pathname, address.search));
  }
}

export const location = new Location();
