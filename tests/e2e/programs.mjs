// SPDX-License-Identifier: GPL-3.0-or-later
// Running weir and weir-traffic in tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startChild } from './children.mjs';

const bin = process.env.WEIR_BIN ?? 'build/release/bin';
export const weir = join(bin, 'weir');
export const traffic = join(bin, 'weir-traffic');
export const mix = process.env.WEIR_MIX;

// What a user of this machine answered at first start is not for tests.
process.env.XDG_CONFIG_HOME = mkdtempSync(join(tmpdir(), 'weir-config-'));
process.on('exit', () => rmSync(process.env.XDG_CONFIG_HOME, { recursive: true }));

// Runs a program to its end: {code, out, err}.
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120_000, ...options });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

export function readJson(...args) {
  const { code, out, err } = run(weir, ['read', '--json', ...args]);
  if (code !== 0) throw new Error(`weir read ${args.join(' ')}: ${err}`);
  return JSON.parse(out);
}

// Starts `weir monitor` and waits for its console's address. stop() ends it and gives the exit code.
export function startWeir(...args) {
  return startProgram(weir, ['monitor', '--http', '127.0.0.1:0', ...args]);
}

// The same for a program that becomes `weir monitor`.
export async function startProgram(program, args) {
  const child = startChild(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    const look = (data) => {
      text += data;
      const found = /console: (\S+)/.exec(text);
      if (found) resolve(found[1]);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('exit', (code) => reject(new Error(`weir ended with ${code}: ${text}`)));
  });
  return {
    url,
    pid: child.pid,
    get text() { return text; },
    get: async (path) => (await fetch(url + path)).json(),
    stop: async (signal = 'SIGTERM') => { child.kill(signal); return ended; },
  };
}

// Asks until `holds(answer)` or the deadline; the last answer either way.
export async function ask(question, holds, milliseconds = 10_000) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const answer = await question();
    if (holds(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
