// SPDX-License-Identifier: GPL-3.0-or-later
// weir's REST resources and stream with made-up traffic, to work on the console and test it without weir:
//   node tools/mock_server.mjs [--port 3001] [--flows 20000] [--hosts 3000] [--hostile] [--empty]
// The traffic is the same in each run. Headers are those of weir.
import { readFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { WebSocketServer } from 'ws';

import { MockTraffic } from './mock_traffic.mjs';

const { values: options } = parseArgs({ options: {
  port: { type: 'string', default: '3001' }, flows: { type: 'string', default: '20000' }, hosts: { type: 'string', default: '3000' },
  hostile: { type: 'boolean', default: false }, empty: { type: 'boolean', default: false },
} });

const kHeaders = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};
const kTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.txt': 'text/plain; charset=utf-8' };
const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const traffic = new MockTraffic({
  flows: options.empty ? 0 : Number(options.flows), hosts: options.empty ? 0 : Number(options.hosts), isHostile: options.hostile,
});

function answerRest(request, response, url) {
  const answer = traffic.ask(decodeURIComponent(url.pathname.slice('/api/v1/'.length)), Object.fromEntries(url.searchParams));
  const isProblem = answer.problem !== undefined;
  response.writeHead(isProblem ? answer.problem.status : 200, {
    ...kHeaders, 'content-type': isProblem ? 'application/problem+json' : 'application/json', 'cache-control': 'no-store',
  });
  response.end(JSON.stringify(isProblem ? { type: 'about:blank', ...answer.problem } : answer));
}

// Pages of the console have no file of their own: index.html finds its way by the address.
function answerFile(response, path) {
  const file = path.startsWith('/assets/') ? normalize(path) : '/index.html';
  const full = join(dist, file);
  if (!full.startsWith(dist) || !existsSync(full)) {
    response.writeHead(404, kHeaders).end();
    return;
  }
  response.writeHead(200, {
    ...kHeaders, 'content-type': kTypes[extname(file)] ?? 'application/octet-stream',
    'cache-control': file === '/index.html' ? 'no-cache' : 'public, max-age=31536000, immutable',
  });
  response.end(readFileSync(full));
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (request.method !== 'GET') response.writeHead(405, kHeaders).end();
  else if (url.pathname.startsWith('/api/v1/')) answerRest(request, response, url);
  else answerFile(response, url.pathname);
});

const sockets = new WebSocketServer({ server, path: '/api/v1/stream', maxPayload: 64 * 1024 });
const clients = new Map(); // socket: id: { topic, parameters, seq }

function send(socket, id, subscription, op) {
  const { topic, parameters } = subscription;
  const answer = traffic.ask(topic, parameters);
  socket.send(JSON.stringify(answer.problem === undefined
    ? { ...answer, op, id, seq: subscription.seq }
    : { op: 'err', id, ...answer.problem }));
  subscription.seq += 1;
}

sockets.on('connection', (socket) => {
  const subscriptions = new Map();
  clients.set(socket, subscriptions);
  socket.on('close', () => clients.delete(socket));
  socket.on('message', (data) => {
    const { op, id, topic, ...parameters } = JSON.parse(data.toString());
    if (op === 'ping') socket.send(JSON.stringify({ op: 'pong', time: Date.now() / 1000 }));
    if (op === 'unsub') subscriptions.delete(id);
    if (op !== 'sub') return;
    const subscription = { topic, parameters, seq: 0 };
    subscriptions.set(id, subscription);
    send(socket, id, subscription, 'snap');
  });
});

function tick() {
  traffic.advance(Math.floor(Date.now() / 1000));
  for (const [socket, subscriptions] of clients) {
    for (const [id, subscription] of subscriptions) send(socket, id, subscription, 'upd');
  }
  setTimeout(tick, 1000 - (Date.now() % 1000) + 5);
}
tick();
server.listen(Number(options.port), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
