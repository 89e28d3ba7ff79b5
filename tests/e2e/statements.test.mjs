// SPDX-License-Identifier: GPL-3.0-or-later
// P3 of the checklist: which statement is slow, of real database servers and their own clients over a wire. Run by run.sh inside
// the namespace between clients and servers (wire.mjs).
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { ask, run, startWeir } from './programs.mjs';
import { address, layWire, nearServers, removeWire, runClient, startRelay, startServer } from './wire.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-statements-'));
chmodSync(folder, 0o755);
const kPostgresql = '/usr/lib/postgresql/15/bin';
const kNobody = 65534;
const running = [];
before(async () => {
  layWire();
  running.push(await startRelay());
});
after(async () => {
  for (const program of running.reverse()) await program.stop();
  removeWire();
  rmSync(folder, { recursive: true });
});

// A folder for a server's data; it does not run as root.
function dataFolder(name) {
  const path = join(folder, name);
  mkdirSync(path);
  chownSync(path, kNobody, kNobody);
  return path;
}

const asNobody = (program, ...args) => ['setpriv', [`--reuid=${kNobody}`, `--regid=${kNobody}`, '--clear-groups', program, ...args]];

function must(program, args) {
  const done = run(program, args);
  assert.equal(done.code, 0, `${program} ${args.join(' ')}: ${done.err}`);
}

// Each statement: how often, and how often refused.
const countsOf = (rows) => Object.fromEntries(rows.map((row) => [row.key, [row.transactions, row.errors]]));
const sumOf = (counts) => Object.values(counts).reduce((sum, [count]) => sum + count, 0);

// Asserts that weir says `expected` of the statements that `talk` makes the server answer, and the application of all flows.
async function assertStatements(t, server, application, talk, expected) {
  running.push(server);
  const weir = await startWeir('-i', nearServers);
  t.after(() => weir.stop());
  talk();
  const { rows } = await ask(() => weir.get('/api/v1/transactions?limit=1000'), (answer) => sumOf(countsOf(answer.rows)) >= sumOf(expected));
  for (const row of rows) t.diagnostic(`${row.transactions} times, p95 ${row.p95_ms.toFixed(3)} ms: ${row.key}`);
  assert.deepEqual(countsOf(rows), expected);
  for (const row of rows) assert.equal(row.protocol, application);
  const flows = await weir.get('/api/v1/flows?limit=1000&columns=application,server_port,packets&filter=proto=TCP');
  assert.ok(flows.total > 0);
  for (const flow of flows.rows) assert.equal(flow.application, application, JSON.stringify(flow));
  return rows;
}

// It took 300 ms, and the server is to blame.
function assertSlowest(rows, key) {
  assert.equal(rows[0].key, key);
  assert.ok(rows[0].p95_ms >= 290 && rows[0].p95_ms < 600, `${rows[0].p95_ms} ms`);
  assert.equal(rows[0].slowest_part, 'server_thinking');
}

test('MariaDB', async (t) => {
  const data = dataFolder('mariadb');
  must('mariadb-install-db', ['--no-defaults', '--user=nobody', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db']);
  // Those who connect from elsewhere.
  const rights = join(data, 'rights.sql');
  writeFileSync(rights, "create user shop@'%';\ngrant all on *.* to shop@'%';\n");
  const server = startServer('mariadbd', ['--no-defaults', '--user=nobody', `--datadir=${data}`, `--socket=${join(data, 'socket')}`, `--bind-address=${address.server}`, '--port=3307', '--skip-name-resolve',
    '--innodb-flush-log-at-trx-commit=0', `--init-file=${rights}`],
    /ready for connections/);
  const client = ['mariadb', '--no-defaults', '-h', address.server, '-P', '3307', '-u', 'shop', '--force'];
  const rows = await assertStatements(t, await server, 'MySQL', () => {
    const statements = ['create database shop', 'use shop', 'create table item (id int primary key, name varchar(20))',
      ...[1, 2, 3, 4, 5].map((id) => `insert into item values (${id}, 'item ${id}')`),
      ...[1, 2, 3].map((id) => `select name from item where id = ${id}`),
      'select sleep(0.3)', 'select * from nowhere'];
    runClient('mariadb', '--no-defaults', '-h', address.server, '-P', '3307', '-u', 'nobody', '-e', 'select 1');
    runClient(...client, '-e', statements.join(';'));
  }, {
    'CREATE DATABASE shop': [1, 0], 'SELECT DATABASE ()': [1, 0], INIT_DB: [1, 0], 'CREATE TABLE item(id int primary KEY, name varchar(?))': [1, 0],
    'INSERT INTO item VALUES (?)': [5, 0], 'SELECT name FROM item WHERE id = ?': [3, 0], 'SELECT sleep(?)': [1, 0], 'SELECT * FROM nowhere': [1, 1],
  });
  assertSlowest(rows, 'SELECT sleep(?)');
});

test('PostgreSQL', async (t) => {
  const data = dataFolder('postgresql');
  must(...asNobody(join(kPostgresql, 'initdb'), '-D', join(data, 'data'), '-A', 'trust', '-U', 'weir', '--no-sync'));
  writeFileSync(join(data, 'data', 'pg_hba.conf'), 'host all all 10.77.0.0/24 trust\n');
  const server = startServer(...asNobody(join(kPostgresql, 'postgres'), '-D', join(data, 'data'), '-k', data, '-h', address.server, '-p', '5433', '-c', 'fsync=off'), /ready to accept connections/);
  const script = join(folder, 'script.sql');
  writeFileSync(script, `\\set id random(1, 5)\nselect name from item where id = :id;\n`);
  chmodSync(script, 0o644);
  const rows = await assertStatements(t, await server, 'PostgreSQL', () => {
    const to = ['-h', address.server, '-p', '5433', '-U', 'weir'];
    const statements = ['create table item (id int primary key, name text)',
      ...[1, 2, 3, 4, 5].map((id) => `insert into item values (${id}, 'item ${id}')`),
      ...[1, 2, 3].map((id) => `select name from item where id = ${id}`),
      'select pg_sleep(0.3)', 'select * from nowhere'];
    runClient(join(kPostgresql, 'psql'), ...to, ...statements.flatMap((each) => ['-c', each]), 'postgres');
    for (const mode of ['extended', 'prepared'])
      runClient(join(kPostgresql, 'pgbench'), ...to, '-n', '-M', mode, '-t', '10', '-f', script, 'postgres');
  }, {
    'CREATE TABLE item(id int primary KEY, name text)': [1, 0], 'INSERT INTO item VALUES (?)': [5, 0], 'SELECT name FROM item WHERE id = ?': [23, 0],
    'SELECT pg_sleep(?)': [1, 0], 'SELECT * FROM nowhere': [1, 1],
  });
  assertSlowest(rows, 'SELECT pg_sleep(?)');
});

test('Redis', async (t) => {
  // Debian's redis-tools has the server under another name: it goes by what it is called.
  const program = join(folder, 'redis-server');
  symlinkSync('/usr/bin/redis-check-rdb', program);
  const server = startServer(...asNobody(program, '--bind', address.server, '--port', '6380', '--save', '', '--protected-mode', 'no', '--enable-debug-command', 'yes', '--dir', dataFolder('redis')),
    /Ready to accept connections/);
  const rows = await assertStatements(t, await server, 'Redis', () => {
    const client = ['redis-cli', '-h', address.server, '-p', '6380'];
    for (const user of [1, 2, 3]) runClient(...client, 'set', `user:${user}`, `name ${user}`);
    for (const user of [1, 2]) runClient(...client, 'get', `user:${user}`);
    for (const command of [['lpush', 'user:1', 'a'], ['nonsense'], ['debug', 'sleep', '0.3']]) runClient(...client, ...command);
    runClient(...client, '-3', 'hgetall', 'basket:7');
  }, {
    'SET user:?': [3, 0], 'GET user:?': [2, 0], 'LPUSH user:?': [1, 1], NONSENSE: [1, 1], 'DEBUG SLEEP': [1, 0], HELLO: [1, 0], 'HGETALL basket:?': [1, 0],
  });
  assertSlowest(rows, 'DEBUG SLEEP');
});

test('Memcached', async (t) => {
  const server = await startServer(...asNobody('memcached', '-l', address.server, '-p', '11212', '-U', '0'), null);
  const to = `--servers=${address.server}:11212`;
  await ask(() => runClient('memcping', to).code, (code) => code === 0);
  const file = join(folder, 'value');
  writeFileSync(file, 'x'.repeat(5000));
  await assertStatements(t, server, 'Memcached', () => {
    // The text protocol and the binary one.
    for (const how of [[], ['--binary']]) {
      runClient('memccp', to, ...how, file);
      for (const key of ['value', 'absent']) runClient('memccat', to, ...how, key);
      runClient('memcrm', to, ...how, 'value');
    }
  }, { 'set value': [2, 0], 'get value': [2, 0], 'get absent': [2, 0], 'delete value': [2, 0], quit: [4, 0] });
});
