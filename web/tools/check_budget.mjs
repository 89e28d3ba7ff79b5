// SPDX-License-Identifier: GPL-3.0-or-later
// Fails when the build is larger than its budget (gzip -9), or holds what must not be shipped.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const kBudget = { 'JS of the first route': 80_000, 'all JS': 200_000, 'all CSS': 15_000, 'map data': 40_000, fonts: 50_000 };

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const assets = join(dist, 'assets');
const texts = new Map(readdirSync(assets).map((name) => [name, readFileSync(join(assets, name))]));
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const size = (name) => gzipSync(texts.get(name), { level: 9 }).length;
const sizes = (names) => [...names].reduce((sum, name) => sum + size(name), 0);

// What a chunk imports at once; dynamic imports are other routes.
function closure(name, seen = new Set()) {
  if (seen.has(name) || !texts.has(name)) return seen;
  seen.add(name);
  for (const [, other] of texts.get(name).toString().matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) closure(other, seen);
  return seen;
}

const ending = (...ends) => [...texts.keys()].filter((name) => ends.some((end) => name.endsWith(end)));
const scripts = ending('.js');
const entry = /assets\/([\w.-]+\.js)/.exec(html)?.[1] ?? '';
const live = scripts.find((name) => name.startsWith('live-')) ?? '';
const first = closure(live, closure(entry));
const measured = {
  'JS of the first route': sizes(first),
  'all JS': sizes(scripts),
  'all CSS': sizes(ending('.css')),
  'map data': sizes(ending('.json')),
  fonts: sizes(ending('.woff2', '.woff', '.ttf')),
};

let failures = 0;
for (const [what, budget] of Object.entries(kBudget)) {
  const isOver = measured[what] > budget;
  failures += isOver ? 1 : 0;
  console.log(`${what}: ${measured[what]} of ${budget} bytes${isOver ? ' - OVER BUDGET' : ''}`);
}
if (entry === '' || live === '') {
  console.error('the entry or the live route was not found in dist');
  failures += 1;
}
for (const name of ending('.json').filter((data) => [...first].some((script) => texts.get(script).includes(data)))) {
  console.error(`${name} is known to the first route: it is for the map alone`);
  failures += 1;
}
for (const [name, bytes] of [['index.html', Buffer.from(html)], ...texts]) {
  const text = bytes.toString('latin1');
  if (name.endsWith('.map') || /sourceMappingURL|node_modules\/|file:\/\//.test(text)) {
    console.error(`${name} holds a source map or a path`);
    failures += 1;
  }
}
if (/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/.test(html)) {
  console.error('index.html holds inline script or style, which the content security policy forbids');
  failures += 1;
}
process.exit(failures === 0 ? 0 : 1);
