// SPDX-License-Identifier: GPL-3.0-or-later
// A redis-server of the test's own, on a port of loopback, that keeps nothing on disk.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

import { startChild } from './children.mjs';

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export async function startRedis() {
  const port = await freePort();
  let child;
  const say = (...words) => spawnSync('redis-cli', ['-p', `${port}`, ...words], { encoding: 'utf8' }).stdout.trim();
  const start = async () => {
    child = startChild('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'], { stdio: 'ignore' });
    while (say('PING') !== 'PONG') await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const stop = () => new Promise((resolve) => {
    child.on('exit', resolve);
    child.kill('SIGKILL');
  });
  await start();
  return { url: `redis://127.0.0.1:${port}`, say, start, stop, signal: (name) => child.kill(name) };
}
