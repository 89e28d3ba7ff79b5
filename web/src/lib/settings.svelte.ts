// SPDX-License-Identifier: GPL-3.0-or-later
// What this browser remembers: colours and shortcuts.

export type Theme = 'system' | 'light' | 'dark';
export const kThemes: readonly Theme[] = ['system', 'light', 'dark'];

function read(name: string): string | null {
  try {
    return window.localStorage.getItem(name);
  } catch {
    return null; // storage may be forbidden; then nothing is remembered
  }
}

function write(name: string, value: string): void {
  try {
    window.localStorage.setItem(name, value);
  } catch {
    // as above
  }
}

class Settings {
  theme = $state<Theme>(kThemes.find((theme) => theme === read('weir.theme')) ?? 'system');
  hasKeys = $state(read('weir.keys') !== 'off');
  // Counts changes of the colours, for what is drawn on a canvas.
  revision = $state(0);

  constructor() {
    this.apply();
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { this.revision += 1; });
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    write('weir.theme', theme);
    this.apply();
    this.revision += 1;
  }

  setKeys(isOn: boolean): void {
    this.hasKeys = isOn;
    write('weir.keys', isOn ? 'on' : 'off');
  }

  private apply(): void {
    const root = document.documentElement;
    if (this.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.theme;
  }
}

export const settings = new Settings();
