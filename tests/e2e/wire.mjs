// SPDX-License-Identifier: GPL-3.0-or-later
// Clients and servers in namespaces of their own, joined through the namespace that the tests run in: what a weir there sees on
// `weir-c` is near the clients, on `weir-v` near the servers, and a relay between the two delays or loses frames. So one run
// shows a slow wire from both of its ends.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startChild } from './children.mjs';
import { run } from './programs.mjs';

export const clients = process.env.WEIR_SENDER;
export const servers = process.env.WEIR_SERVERS;
export const address = { client: '10.77.0.1', server: '10.77.0.2', server6: 'fd77::2' };
export const nearClients = 'weir-c';
export const nearServers = 'weir-v';

const relay = join(dirname(fileURLToPath(import.meta.url)), 'delay_relay.py');

function must(program, ...args) {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.error ?? done.stderr}`);
}

function lay(end, space, host) {
  must('ip', 'link', 'add', end, 'type', 'veth', 'peer', 'name', 'wire', 'netns', space);
  must('ip', 'netns', 'exec', space, 'sysctl', '-qw', 'net.ipv6.conf.wire.disable_ipv6=0');
  must('ip', '-n', space, 'address', 'add', `10.77.0.${host}/24`, 'dev', 'wire');
  must('ip', '-n', space, 'address', 'add', `fd77::${host}/64`, 'dev', 'wire', 'nodad');
  // One segment a frame, as on a wire.
  must('ip', '-n', space, 'link', 'set', 'wire', 'up', 'gso_max_segs', '1');
  must('ip', 'link', 'set', end, 'up');
}

export function layWire() {
  lay(nearClients, clients, 1);
  lay(nearServers, servers, 2);
}

export function removeWire() {
  for (const end of [nearClients, nearServers]) run('ip', ['link', 'delete', end]);
}

// Starts a program and waits until it has printed what `isReady` matches; null: for nothing. stop() ends it.
export async function start(program, args, isReady, options = {}) {
  const child = startChild(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let text = '';
  await new Promise((resolve, reject) => {
    const look = (data) => {
      text += data;
      if (isReady?.test(text)) resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    if (isReady === null) resolve();
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`${program} ended with ${code}: ${text}`)));
  });
  return { pid: child.pid, stop: (signal = 'SIGTERM') => { child.kill(signal); return ended; } };
}

// `delay` in milliseconds holds for each direction; `loss` is a fraction of the frames.
export const startRelay = ({ delay = 0, loss = 0 } = {}) => start('python3', [relay, nearClients, nearServers, `${delay}`, `${loss}`], /ready/);

export const startServer = (program, args, isReady, options) => start('ip', ['netns', 'exec', servers, program, ...args], isReady, options);

// Runs a client to its end: {code, out, err}.
export const runClient = (program, ...args) => run('ip', ['netns', 'exec', clients, program, ...args]);
