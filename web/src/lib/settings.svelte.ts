// SPDX-License-Identifier: GPL-3.0-or-later
// What one chose in this browser: colours and shortcuts.
import { store, stored } from './stored';

export type Theme = 'system' | 'light' | 'dark';
export const kThemes: readonly Theme[] = ['system', 'light', 'dark'];

class Settings {
  theme = $state<Theme>(kThemes.find((theme) => theme === stored('weir.theme')) ?? 'system');
  hasKeys = $state(stored('weir.keys') !== 'off');
  // Counts changes of the colours, for what is drawn on a canvas.
  revision = $state(0);

  constructor() {
    this.apply();
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { this.revision += 1; });
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    store('weir.theme', theme);
    this.apply();
    this.revision += 1;
  }

  setKeys(isOn: boolean): void {
    this.hasKeys = isOn;
    store('weir.keys', isOn ? 'on' : 'off');
  }

  private apply(): void {
    const root = document.documentElement;
    if (this.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.theme;
  }
}

export const settings = new Settings();
