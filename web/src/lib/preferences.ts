// SPDX-License-Identifier: GPL-3.0-or-later
// What weir keeps for its users: texts by names.
import { change, getJson } from './rest';

export interface Preference { name: string; value?: string }

let asked: Promise<Preference[]> | null = null;

// All of them as they were when the page was opened: asked once for all that want to know, and again by who wants to know after
// it failed.
export function firstPreferences(): Promise<Preference[]> {
  asked ??= getJson<{ rows: Preference[] }>('/api/v1/preferences').then(({ rows }) => rows, (error: unknown) => {
    asked = null;
    throw error;
  });
  return asked;
}

// Keeps `value`, or forgets the preference where it is null.
export async function keep(name: string, value: string | null): Promise<void> {
  if (value === null) await change('DELETE', `/api/v1/preferences/${name}`);
  else await change('PUT', `/api/v1/preferences/${name}`, { value });
}
