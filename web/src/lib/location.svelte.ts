// SPDX-License-Identifier: GPL-3.0-or-later
import { formatPlace, parsePlace, type Place } from './router';

function here(): Place {
  return parsePlace(window.location.pathname, window.location.search);
}

// Where the tab is. The address bar is the truth; `place` follows it.
class Location {
  place = $state.raw<Place>(here());

  constructor() {
    if (window.location.pathname === '/') this.go(this.place, true);
    window.addEventListener('popstate', () => { this.place = here(); });
    document.addEventListener('click', (event) => this.clicked(event));
  }

  // `isSame`: the same step in the history, as for a change of the sort order.
  go(place: Place, isSame = false): void {
    const url = formatPlace(place);
    if (isSame) window.history.replaceState(null, '', url);
    else window.history.pushState(null, '', url);
    this.place = place;
  }

  change(change: Partial<Place>, isSame = false): void {
    this.go({ ...this.place, ...change }, isSame);
  }

  // Links of the console stay in the page; what asks for a new tab or leads elsewhere is left to the browser.
  private clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a[href]');
    if (!(link instanceof HTMLAnchorElement) || link.target !== '') return;
    if (link.origin !== window.location.origin || link.getAttribute('href')?.startsWith('#') === true) return;
    event.preventDefault();
    this.go(parsePlace(link.pathname, link.search));
  }
}

export const location = new Location();
