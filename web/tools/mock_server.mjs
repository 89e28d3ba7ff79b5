// SPDX-License-Identifier: GPL-3.0-or-later
// weir's REST resources and stream with made-up traffic, to work on the console and test it without weir:
//   node tools/mock_server.mjs [--port 3001] [--flows 20000] [--hosts 3000] [--speed 1] [--drops 45] [--at 1790000000] [--hostile] [--empty] [--setup first]
// --drops: seconds from one loss of packets to the next. The traffic is the same in each run; with --speed 20 a second of it takes 50 ms. --at: time stands still at that second,
// so that all answers are the same in each run and at any time of it. Headers are those of weir. What --setup can be says mock_setup.mjs.
import { readFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { WebSocketServer } from 'ws';

import { MockSetup } from './mock_setup.mjs';
import { MockTraffic } from './mock_traffic.mjs';

const { values: options } = parseArgs({ options: {
  port: { type: 'string', default: '3001' }, flows: { type: 'string', default: '20000' }, hosts: { type: 'string', default: '3000' },
  speed: { type: 'string', default: '1' }, drops: { type: 'string', default: '45' }, setup: { type: 'string', default: 'answered' }, at: { type: 'string' },
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
  flows: options.empty ? 0 : Number(options.flows), hosts: options.empty ? 0 : Number(options.hosts), isHostile: options.hostile, dropEvery: Number(options.drops),
  ...(options.at === undefined ? {} : { until: Number(options.at) }),
});

const setup = new MockSetup({ kind: options.setup, interfaces: traffic.interfaces });

const preferences = new Map();
const kToken = 'of-the-mock-server';

const problem = (status, detail) => ({ problem: { status, title: 'Problem', detail } });

// Reads and changes a preference, as weir does.
function preference(name, method, headers, body) {
  const value = preferences.get(name);
  if (method !== 'GET' && headers['x-weir-token'] !== kToken) return problem(403, 'The token is missing or wrong.');
  if (method === 'PUT') preferences.set(name, JSON.parse(body).value);
  else if (value === undefined) return problem(404, 'There is no such preference.');
  if (method === 'DELETE') preferences.delete(name);
  return { name, value: preferences.get(name) ?? value };
}

// weir starts again with new answers: the old one serves for 600 ms, then nobody does for 500.
function restart(done) {
  setTimeout(() => {
    isAway = true;
    for (const connection of connections) connection.destroy();
    setTimeout(() => {
      isAway = false;
      done();
    }, 500);
  }, 600);
}

function answerSetup(method, headers, body) {
  if (method === 'GET') return setup.answer();
  return headers['x-weir-token'] === kToken ? setup.change(JSON.parse(body), restart) : problem(403, 'The token is missing or wrong.');
}

function answerOf(path, parameters, method, headers, body) {
  if (path === 'setup') return answerSetup(method, headers, body);
  if (path === 'session') return { token: kToken };
  if (path === 'preferences') return { total: preferences.size, rows: [...preferences].sort().map(([name, value]) => ({ name, bytes: value.length, value })) };
  if (path.startsWith('preferences/')) return preference(path.slice('preferences/'.length), method, headers, body);
  if (path === 'watched') return traffic.watched([...preferences].filter(([name]) => name.startsWith('watch/')));
  return traffic.ask(path, parameters);
}

function csvOf(rows, columns) {
  const quoted = (value) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return [columns, ...rows.map((row) => columns.map((name) => row[name] ?? ''))].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

async function answerRest(request, response, url) {
  let body = '';
  for await (const part of request) body += part;
  const parameters = Object.fromEntries(url.searchParams);
  const answer = answerOf(decodeURIComponent(url.pathname.slice('/api/v1/'.length)), parameters, request.method, request.headers, body);
  const isProblem = typeof answer.problem === 'object'; // that of the setup is a text
  const isTable = !isProblem && parameters.format === 'csv';
  response.writeHead(isProblem ? answer.problem.status : 200, {
    ...kHeaders, 'content-type': isProblem ? 'application/problem+json' : isTable ? 'text/csv; charset=utf-8' : 'application/json', 'cache-control': 'no-store',
  });
  response.end(isTable ? csvOf(answer.rows, parameters.columns.split(',')) : JSON.stringify(isProblem ? { type: 'about:blank', ...answer.problem } : answer));
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
  const canChange = url.pathname === '/api/v1/setup' ? ['PUT'] : url.pathname.startsWith('/api/v1/preferences/') ? ['PUT', 'DELETE'] : [];
  if (request.method !== 'GET' && !canChange.includes(request.method)) response.writeHead(405, kHeaders).end();
  else if (url.pathname.startsWith('/api/v1/')) void answerRest(request, response, url);
  else answerFile(response, url.pathname);
});

const connections = new Set();
let isAway = false; // as between two starts
server.on('connection', (connection) => {
  if (isAway) connection.destroy();
  connections.add(connection);
  connection.on('close', () => connections.delete(connection));
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

const kSpeed = Number(options.speed);
let due = Date.now();

// Each full second of the clock, or faster: then the traffic is ahead of it. Where time stands still, answers come all the same.
function tick() {
  if (options.at === undefined) traffic.advance(kSpeed === 1 ? Math.floor(Date.now() / 1000) : traffic.second + 1);
  for (const [socket, subscriptions] of clients) {
    for (const [id, subscription] of subscriptions) send(socket, id, subscription, 'upd');
  }
  due += 1000 / kSpeed;
  setTimeout(tick, kSpeed === 1 ? 1000 - (Date.now() % 1000) + 5 : Math.max(0, due - Date.now()));
}
tick();
server.listen(Number(options.port), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
