// SPDX-License-Identifier: GPL-3.0-or-later
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

// Writes the licences of the packages that came into the build beside it, as they ask for.
function thirdPartyLicences(): Plugin {
  return {
    name: 'third-party-licences',
    generateBundle() {
      const packages = new Map<string, string>();
      for (const id of this.getModuleIds()) {
        const found = /^\0?(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(id);
        if (found?.[1] !== undefined && found[2] !== undefined) packages.set(found[2], found[1]);
      }
      const parts = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, folder]) => {
        const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string; license: string };
        const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
        const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
        return `${name} ${version} (${license})\n\n${text}\n`;
      });
      this.emitFile({ type: 'asset', fileName: 'assets/third_party_licences.txt', source: parts.join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
}

// `virtual:filter-fields`: the names that the filter language knows, by kinds of rows. schema/fields.json says them to weir, too.
function filterFields(): Plugin {
  const name = 'virtual:filter-fields';
  const file = fileURLToPath(new URL('../schema/fields.json', import.meta.url));
  interface Entity { fields: { name: string; filterable?: boolean }[]; aliases: { name: string }[] }
  return {
    name: 'filter-fields',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      this.addWatchFile(file);
      const { entities } = JSON.parse(readFileSync(file, 'utf8')) as { entities: Record<string, Entity> };
      const known = Object.entries(entities).map(([entity, { fields, aliases }]) => [entity, [...fields.filter((field) => field.filterable), ...aliases].map((field) => field.name)]);
      return `export const filterFields = ${JSON.stringify(Object.fromEntries(known))};`;
    },
  };
}

const kTableParts = /\/src\/(components\/(drawer|export_menu|flow_drawer|flow_list|list_page|table_mark|table_tools|tabs|virtual_table)\.svelte|lib\/(columns|group_columns|room\.svelte|traffic_columns)\.ts)$/;

// Few files are smaller than many, since each is packed on its own. What the first page needs is one of them, but for its chart, which other
// pages do without; what tables need is another.
function chunkOf(): (id: string, graph: { getModuleInfo: (id: string) => { importedIds: readonly string[] } | null }) => string | undefined {
  const source = (name: string): string => fileURLToPath(new URL(`src/${name}`, import.meta.url));
  const apart = [source('components/throughput_card.svelte'), source('lib/series.svelte.ts')];
  const first = new Set<string>();
  return (id, { getModuleInfo }) => {
    const follow = (from: string): void => getModuleInfo(from)?.importedIds.filter((to) => !first.has(to) && !apart.includes(to)).forEach((to) => {
      first.add(to);
      follow(to);
    });
    if (first.size === 0) [source('main.ts'), source('routes/live.svelte')].forEach(follow);
    return first.has(id) ? 'first' : kTableParts.test(id) ? 'tables' : undefined;
  };
}

// The build writes index.html and assets/* only, the same bytes for the same sources. No source maps: they would carry
// paths of the machine that built them. Nothing is inlined, so that the strict content security policy holds.
export default defineConfig({
  plugins: [svelte(), filterFields(), thirdPartyLicences()],
  publicDir: false,
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    // What Live needs is fetched at once. To name for each other part what it needs would make the first script larger by a kilobyte.
    modulePreload: { polyfill: false, resolveDependencies: (file, needed, { hostType }) => (hostType === 'html' || /\blive-/.test(file) ? needed : []) },
    reportCompressedSize: false,
    sourcemap: false,
    cssCodeSplit: false, // all styles are 9 kB in one file, and 15 in one for each part of the page
    rollupOptions: { output: { manualChunks: chunkOf(), experimentalMinChunkSize: 1000 } },
  },
});
