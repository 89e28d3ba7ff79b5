// SPDX-License-Identifier: GPL-3.0-or-later
// What vite.config.ts makes of the schema.
declare module 'virtual:filter-fields' {
  export const filterFields: Readonly<Record<string, readonly string[]>>;
}
