// SPDX-License-Identifier: GPL-3.0-or-later
// Refuses what would let text from the network become markup, what the content security policy forbids, and words that stand in
// components instead of the catalogue of texts.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from 'svelte/compiler';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const kForbidden = [
  [/\{@html\b/, '{@html}: text from the network must stay text'],
  [/\b(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc)\b/, 'markup made from text'],
  [/\bdocument\.write\b/, 'document.write'],
  [/\beval\s*\(|\bnew Function\b/, 'code made from text'],
  [/<[a-z][^>]*\sstyle="/, 'inline style attribute: use style:property or a class'],
  [/\bjavascript:/, 'javascript: address'],
  [/["'`]https?:\/\/(?!www\.w3\.org\/)/, 'address outside the origin'],
];

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (['.ts', '.svelte', '.css', '.svg'].includes(extname(entry.name)) && !entry.name.endsWith('.test.ts')) yield path;
  }
}

const kSpoken = ['alt', 'aria-label', 'aria-description', 'aria-roledescription', 'label', 'placeholder', 'text', 'title', 'todo', 'why'];
// Units and names that are the same in every language.
const kNoWords = /^(?:weir|ms|s|m|h|d|k|M|G|B|Lua)$/;
const wordsIn = (text) => text.split(/[^\p{L}]+/u).filter((word) => word !== '' && !kNoWords.test(word));

// The words that a component says itself: [[word, place in its text]].
function* ownWords(node) {
  if (Array.isArray(node)) {
    for (const one of node) yield* ownWords(one);
  } else if (node !== null && typeof node === 'object') {
    const isSilent = node.type === 'StyleDirective' || (node.type === 'Attribute' && !kSpoken.includes(node.name));
    if (node.type === 'Text') for (const word of wordsIn(node.data)) yield [word, node.start];
    else if (!isSilent) yield* ownWords(Object.values(node));
  }
}

let failures = 0;
for (const path of sources(join(web, 'src'))) {
  const lines = readFileSync(path, 'utf8').split('\n');
  const name = relative(web, path);
  if (!name.includes('generated') && extname(path) !== '.svg' && !lines.slice(0, 1).join('').includes('SPDX-License-Identifier: GPL-3.0-or-later')) {
    console.error(`${name}:1: no licence line`);
    failures += 1;
  }
  if (extname(path) === '.svelte') {
    const text = lines.join('\n');
    for (const [word, start] of ownWords(parse(text, { modern: true }).fragment)) {
      console.error(`${name}:${text.slice(0, start).split('\n').length}: "${word}" belongs into the catalogue of texts`);
      failures += 1;
    }
  }
  lines.forEach((line, index) => {
    for (const [pattern, reason] of kForbidden) {
      if (!pattern.test(line)) continue;
      console.error(`${name}:${index + 1}: ${reason}`);
      failures += 1;
    }
  });
}
const lock = readFileSync(join(web, 'package-lock.json'), 'utf8');
if (/"resolved"/.test(lock)) {
  console.error('package-lock.json names a registry: npm install with omit-lockfile-registry-resolved');
  failures += 1;
}
console.log(failures === 0 ? 'nothing forbidden' : `${failures} forbidden`);
process.exit(failures === 0 ? 0 : 1);
