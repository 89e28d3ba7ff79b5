// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that end with the tests: one that a failed test left running would keep its file from ever ending.
import { spawn } from 'node:child_process';
import { after } from 'node:test';

const running = new Set();

export function startChild(program, args, options) {
  const child = spawn(program, args, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

const endAll = () => { for (const child of running) child.kill('SIGKILL'); };
after(endAll);
process.on('exit', endAll);
process.on('SIGTERM', () => process.exit(1));
