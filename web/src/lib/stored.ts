// SPDX-License-Identifier: GPL-3.0-or-later
// What this browser remembers. Storage may be forbidden; then nothing is.

export function stored(name: string): string | null {
  try {
    return window.localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function store(name: string, value: string): void {
  try {
    window.localStorage.setItem(name, value);
  } catch {
    // as above
  }
}
