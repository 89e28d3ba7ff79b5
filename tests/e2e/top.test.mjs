// SPDX-License-Identifier: GPL-3.0-or-later
// weir top in a real terminal of 80 by 24 (tmux), against a weir that has read a capture.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, mix, run, startWeir, weir as program } from './programs.mjs';

// A server of tmux for each test: one that is ending takes nobody any more.
let servers = 0;
const socket = () => `weir-test-top-${process.pid}-${servers}`;
let weir;

const tmux = (...args) => run('tmux', ['-L', socket(), ...args]);
const keys = (...names) => assert.equal(tmux('send-keys', '-t', 'top', ...names).code, 0);
const screen = () => Object.assign(Array(24).fill(''), tmux('capture-pane', '-p', '-t', 'top').out.split('\n').slice(0, 24));
// The screen when it is as it should be, or as it was at last.
const seen = async (isRight) => {
  const lines = await ask(async () => screen(), isRight);
  assert.ok(isRight(lines), lines.join('\n'));
  return lines;
};
// A terminal of 80 by 24 in which a command runs.
const terminal = (...command) => {
  tmux('kill-server');
  ++servers;
  const done = tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'top', '-x', '80', '-y', '24', '-e', 'LANG=C.UTF-8', ...command);
  assert.equal(done.code, 0, done.err);
};
const open = (...args) => terminal(program, 'top', '--url', weir.url, ...args);

before(async () => {
  weir = await startWeir('-i', `pcap:${mix}`);
  await ask(() => weir.get('/api/v1/interfaces'), (answer) => answer.rows[0].state === 'ended');
});
after(async () => {
  tmux('kill-server');
  await weir.stop();
});

test('the hosts of REST stand in a terminal of 80 by 24, sorted as asked', { timeout: 60_000 }, async () => {
  open('--sort', 'bytes');
  const { rows, total } = await weir.get('/api/v1/hosts?sort=bytes&limit=19&columns=key');
  const lines = await seen((all) => all[4].includes(rows[0].key.slice(0, 12)));
  assert.match(lines[0], /^ weir .*bit\/s .* flows .* hosts .*LIVE/);
  assert.match(lines[3], /^HOST +BIT\/S +SENT +RECV +BYTES +FLOWS +SEEN +NAME/);
  rows.forEach(({ key }, i) => assert.ok(lines[4 + i].startsWith(key.slice(0, 14)), `${key}: ${lines[4 + i]}`));
  assert.ok(lines[2].trimEnd().endsWith(`1-19 of ${total}`), lines[2]);
  assert.match(lines[23], /F1Help F4Filter F6Sort by .*F10Quit/);
  keys('End');
  await seen((all) => all[2].trimEnd().endsWith(`${total - 18}-${total} of ${total}`));
});

test('by keys alone: from the busiest host to its flows, to all that is known of one, and back', { timeout: 60_000 }, async () => {
  open('--sort', 'bytes');
  const { rows: [{ key }] } = await weir.get('/api/v1/hosts?sort=bytes&limit=1&columns=key');
  await seen((all) => all[4].includes(key.slice(0, 12)));
  keys('Enter');
  const { total } = await weir.get(`/api/v1/flows?limit=1&filter=ip+%3D+${key}`);
  await seen((all) => all[2].includes(`Filter: ip = ${key}`) && all[2].trimEnd().endsWith(`of ${total}`));
  keys('M');
  const { rows: [flow] } = await weir.get(`/api/v1/flows?limit=1&sort=bytes&filter=ip+%3D+${key}`);
  await seen((all) => all[4].startsWith(flow.client_ip.slice(0, 11)) && all[4].includes(` ${flow.client_port} `));
  keys('d');
  await seen((all) => all.slice(4, 23).every((line) => /^ [a-z0-9_]+ +\S/.test(line)));
  keys('End');
  await seen((all) => all.some((line) => line.startsWith(' server_port ') && line.trimEnd().endsWith(` ${flow.server_port}`)));
  keys('Escape');
  await seen((all) => all[3].startsWith('CLIENT'));
  keys('Escape');
  await seen((all) => all[3].startsWith('HOST') && all[4].includes(key.slice(0, 12)));
  keys('2', 'Enter');  // at once: there is no flow yet that could be opened, and the hosts are not meant any more
  await seen((all) => all[3].startsWith('CLIENT') && /of \d{2,}$/.test(all[2].trimEnd()) && /\d+\.\d+\.\d+/.test(all[4]));
});

test('a filter is written, refused under the character that is wrong, and mended', { timeout: 60_000 }, async () => {
  open('flows');
  await seen((all) => all[3].startsWith('CLIENT') && /of \d{2,}/.test(all[2]));
  keys('/');
  keys('-l', 'protocol_name = UDP and nonsense = 1');
  keys('Enter');
  const lines = await seen((all) => all[3].includes('^'));
  assert.equal(lines[3].indexOf('^'), lines[2].indexOf('nonsense'), lines.slice(2, 4).join('\n'));
  assert.match(lines[4], /\d+\.\d+/, 'the rows stay');
  keys('F4');
  for (let i = 0; i < 'nonsense = 1'.length; ++i) keys('BSpace');
  keys('-l', 'server_port = 53');
  keys('Enter');
  const { total } = await weir.get('/api/v1/flows?limit=1&filter=protocol_name+%3D+UDP+and+server_port+%3D+53');
  await seen((all) => all[2].trimEnd().endsWith(`of ${total}`) && !all[3].includes('^'));
});

test('it goes with the size of the window, says when nobody answers, and ends', { timeout: 60_000 }, async () => {
  const mine = await startWeir('-i', `pcap:${mix}`);
  terminal(`${program} top --url ${mine.url}; echo "ended with $?"; read -r line`);
  await seen((all) => all[3].startsWith('HOST'));
  tmux('resize-window', '-t', 'top', '-x', '140', '-y', '30');
  const wide = await ask(async () => tmux('capture-pane', '-p', '-t', 'top').out.split('\n'), (all) => all[3].includes('APPLICATION') && (all[29] ?? '').includes('F10Quit'));
  assert.match(wide[3], /APPLICATION/);
  tmux('resize-window', '-t', 'top', '-x', '80', '-y', '24');
  await mine.stop();
  await seen((all) => all[0].includes('NO ANSWER') && all[23].trim() !== '');
  keys('q');
  await seen((all) => all.some((line) => line.startsWith('ended with 0')));
});

test('without a terminal it says so, and --once is for scripts', async () => {
  const refused = run(program, ['top', '--url', weir.url]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /wants a terminal; --once/);
  const { rows } = await weir.get('/api/v1/applications?sort=bytes&limit=5&columns=name');
  const once = run(program, ['top', 'applications', '--once', '--rows', '5', '--sort', 'bytes', '--url', weir.url]);
  assert.equal(once.code, 0, once.err);
  const lines = once.out.trimEnd().split('\n');
  assert.deepEqual(lines.slice(4).map((line) => line.split(/ {2,}/)[0]), rows.map(({ name }) => name));
  assert.equal(run(program, ['top', 'colours', '--url', weir.url]).code, 1);
  const nobody = run(program, ['top', '--once', '--url', 'http://127.0.0.1:9']);
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /weir: http:\/\/127\.0\.0\.1:9: /);
});
