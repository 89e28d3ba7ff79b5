// SPDX-License-Identifier: GPL-3.0-or-later
// What weir sends on is what it saw, to the packet: to files, and to programs of others that take flows. Run by run.sh inside the
// namespace that watches; traffic comes from the other one.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';

import { ask, run, startWeir, traffic, weir } from './programs.mjs';
import { start } from './wire.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-export-'));
after(() => rmSync(folder, { recursive: true }));

const kWire = 'weir-w';
const kPackets = 6000;
const capture = join(folder, 'made.pcap');
// What a flow is whoever tells of it, and how many of each.
const flowOf = (line) => [line.protocol, line.client_ip, line.client_port ?? 0, line.server_ip, line.server_port ?? 0].join(' ');
let expected;

const linesOf = (text) => text.trimEnd().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));

// Packets and bytes by flow, both ways.
function sums(lines) {
  const flows = new Map();
  for (const line of lines) {
    const sum = flows.get(flowOf(line)) ?? [0, 0, 0, 0];
    const counts = [line.packets_to_server, line.packets_to_client, line.bytes_to_server, line.bytes_to_client];
    flows.set(flowOf(line), sum.map((value, i) => value + counts[i]));
  }
  return Object.fromEntries([...flows].sort());
}

before(() => {
  const made = run(traffic, ['--hosts', '60', '--flows', '400', '--size', '300', '--packets', `${kPackets}`, '--seed', '9', '--write', capture]);
  assert.equal(made.code, 0, made.err);
  const flows = join(folder, 'expected.json');
  assert.equal(run(weir, ['read', capture, '--flows', flows]).code, 0);
  expected = sums(linesOf(readFileSync(flows, 'utf8')));
});

// The line of /proc/net/udp or tcp about who listens there, once there is one: fields of proc(5).
function listener(table, port, holds = () => true) {
  const place = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const look = async () => readFileSync(`/proc/net/${table}`, 'utf8').split('\n').map((line) => line.trim().split(/\s+/)).find((fields) => fields[1]?.endsWith(place));
  return ask(look, (fields) => fields !== undefined && holds(fields));
}
const hasReadAll = (fields) => fields[4].endsWith(':00000000');

function replay(pps = 3000) {
  const sent = run('ip', ['netns', 'exec', process.env.WEIR_SENDER, 'tcpreplay', '-q', '-i', 'weir-s', '--pps', `${pps}`, capture]);
  assert.equal(sent.code, 0, sent.err);
}

// Watches the wire while the capture is sent, and ends: all flows were told by then.
async function watch(t, exports, whileItRuns = async () => {}, pps = 3000) {
  const running = await startWeir('-i', kWire, '--resolve', 'off', '--export-every', '1', ...exports.flatMap((target) => ['--export', target]));
  t.after(() => running.stop());
  replay(pps);
  await ask(() => running.get(`/api/v1/interfaces/${kWire}`), ({ packets }) => packets === kPackets);
  await whileItRuns(running);
  assert.equal(await running.stop(), 0);
}

test('lines in a file add up to what was seen', async (t) => {
  const file = join(folder, 'flows.json');
  // For long enough that flows which go on are told of.
  await watch(t, [`json:${file}?rotate=64K&keep=1000`, `json:${join(folder, 'flows.ecs')}?format=ecs`], async () => {}, 450);
  const files = readdirSync(folder).filter((name) => name.startsWith('flows.json'));
  assert.ok(files.length > 2, 'the file was begun anew');
  const lines = files.flatMap((name) => linesOf(readFileSync(join(folder, name), 'utf8')));
  assert.deepEqual(sums(lines), expected);
  assert.ok(lines.some(({ end_reason: reason }) => reason === undefined), 'flows that go on are told of');
  assert.ok(lines.every(({ path }) => typeof path === 'string' && path !== ''));
  const ecs = linesOf(readFileSync(join(folder, 'flows.ecs'), 'utf8'));
  assert.equal(ecs.reduce((sum, { network }) => sum + network.packets, 0), kPackets);
});

test('nfcapd takes all of it as IPFIX', async (t) => {
  const kept = join(folder, 'nfcapd');
  mkdirSync(kept);
  const taker = await start('nfcapd', ['-w', kept, '-p', '20995', '-b', '127.0.0.1', '-t', '3600', '-B', '4000000'], /Startup/);
  t.after(() => taker.stop('SIGKILL'));
  await watch(t, ['ipfix:127.0.0.1:20995']);
  assert.ok(hasReadAll(await listener('udp', 20_995, hasReadAll)));
  await taker.stop('SIGTERM');
  const [file] = readdirSync(kept);
  const told = run('nfdump', ['-r', join(kept, file), '-o', 'json']);
  assert.equal(told.code, 0, told.err);
  const lines = JSON.parse(told.out).map((flow) => ({
    protocol: flow.proto, client_ip: flow.src4_addr ?? flow.src6_addr, client_port: flow.src_port, server_ip: flow.dst4_addr ?? flow.dst6_addr, server_port: flow.dst_port,
    packets_to_server: flow.in_packets ?? 0, packets_to_client: flow.out_packets ?? 0, bytes_to_server: flow.in_bytes ?? 0, bytes_to_client: flow.out_bytes ?? 0,
  }));
  // It counts datagrams: frames without Ethernet.
  const kEthernet = 14;
  const datagrams = Object.fromEntries(Object.entries(expected).map(([name, [there, back, thereBytes, backBytes]]) => [name, [there, back, thereBytes - kEthernet * there, backBytes - kEthernet * back]]));
  assert.deepEqual(sums(lines), datagrams);
});

for (const [transport, module, input] of [['', 'imudp', 'type="imudp" address="127.0.0.1" rcvbufSize="4m"'], ['tcp://', 'imtcp', 'type="imtcp" address="127.0.0.1"']]) {
  test(`rsyslogd takes messages of RFC 5424 over ${module}`, async (t) => {
    const port = transport === '' ? 20_514 : 20_515;
    const output = join(folder, `${module}.log`);
    const config = join(folder, `${module}.conf`);
    writeFileSync(config, `global(workDirectory="${folder}" maxMessageSize="64k")
module(load="${module}")
template(name="whole" type="string" string="%hostname% %app-name% %msgid% %msg%\\n")
input(${input} port="${port}" ruleset="keep")
ruleset(name="keep") { action(type="omfile" file="${output}" template="whole") }
`);
    const taker = await start('rsyslogd', ['-n', '-f', config, '-i', join(folder, `${module}.pid`)], null);
    t.after(() => taker.stop('SIGKILL'));
    assert.ok(await listener(transport === '' ? 'udp' : 'tcp', port));
    await watch(t, [`syslog:${transport}127.0.0.1:${port}`]);
    const lines = () => {
      try {
        return readFileSync(output, 'utf8').trimEnd().split('\n');
      } catch {
        return [];
      }
    };
    const whole = (text) => sums(text.map((line) => JSON.parse(line.slice(line.indexOf('{')))));
    const packets = (text) => Object.values(whole(text)).reduce((sum, [there, back]) => sum + there + back, 0);
    await ask(async () => packets(lines()), (count) => count === kPackets);
    for (const line of lines()) assert.match(line, /^\S+ weir flow \{/);
    assert.deepEqual(whole(lines()), expected);
  });
}

// Keeps what comes over connections, of each the whole lines only.
function taker(create, port = 0) {
  const parts = [];
  const open = new Set();
  const server = create((socket) => {
    const index = parts.push('') - 1;
    open.add(socket);
    socket.setEncoding('utf8');
    socket.on('data', (text) => { parts[index] += text; });
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  after(() => server.close());
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve({
      port: server.address().port,
      lines: () => parts.flatMap((text) => linesOf(text.slice(0, text.lastIndexOf('\n') + 1))),
      text: () => parts.join(''),
      stop: () => new Promise((done) => {
        for (const socket of open) socket.destroy();
        server.close(done);
      }),
    }));
  });
}

test('a log server that goes and comes back has every flow, and no outlet waits for another', async (t) => {
  const first = await taker(createServer);
  const other = await taker(createServer);
  let second;
  await watch(t, [`json:tcp://127.0.0.1:${first.port}`, `json:tcp://127.0.0.1:${other.port}`], async (running) => {
    await ask(async () => first.lines().length, (count) => count > 0);
    await first.stop();
    replay();
    await ask(() => running.get(`/api/v1/interfaces/${kWire}`), ({ packets }) => packets === 2 * kPackets);
    const health = await ask(() => running.get('/api/v1/health'), ({ exports: { outlets } }) => !outlets[0].connected);
    assert.equal(health.exports.outlets[0].connected, false);
    assert.match(health.exports.outlets[0].error, /\S/);
    assert.equal(health.exports.outlets[1].connected, true);
    second = await taker(createServer, first.port);
    await ask(() => running.get('/api/v1/health'), ({ exports: { outlets } }) => outlets[0].connected);
  });
  const twice = Object.fromEntries(Object.entries(expected).map(([name, counts]) => [name, counts.map((count) => 2 * count)]));
  await ask(async () => sums(other.lines()), (all) => JSON.stringify(all) === JSON.stringify(twice));
  assert.deepEqual(sums(other.lines()), twice);
  // What the one that went had in its hands when it was killed is gone with it; of the rest nothing is missing or came twice.
  const lines = [...first.lines(), ...second.lines()];
  const texts = new Set(lines.map((line) => JSON.stringify(line)));
  assert.equal(texts.size, lines.length, 'no line came twice');
  // All that was told after it was gone is there, and all of that came later than what it had.
  const told = other.lines().map((line) => JSON.stringify(line));
  const missing = told.filter((text) => !texts.has(text));
  const firstOfSecond = told.indexOf(JSON.stringify(second.lines()[0]));
  assert.ok(firstOfSecond >= 0);
  for (const text of missing) assert.ok(told.indexOf(text) < firstOfSecond, 'what is missing was told before');
  t.diagnostic(`${missing.length} of ${told.length} lines went with the one that was killed`);
});

test('syslog over TLS is for whom the certificate vouches', async (t) => {
  const file = (name) => join(folder, name);
  for (const name of ['right', 'wrong']) {
    const made = run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)]);
    assert.equal(made.code, 0, made.err);
  }
  const server = await taker((take) => createTlsServer({ key: readFileSync(file('right.key')), cert: readFileSync(file('right.pem')) }, take));
  const target = (name) => `syslog:tls://127.0.0.1:${server.port}?ca=${file(`${name}.pem`)}`;
  await watch(t, [target('wrong')], async (running) => {
    const { exports: { outlets: [outlet] } } = await ask(() => running.get('/api/v1/health'), ({ exports: { outlets } }) => outlets[0].failures > 0);
    assert.match(outlet.error, /certificate/);
  });
  assert.equal(server.text(), '');
  await watch(t, [target('right')]);
  // Frames: a length, a space, and so many bytes.
  const messages = [];
  await ask(async () => (server.text().match(/ weir \d+ flow - \{/g) ?? []).length, (count) => count >= Object.keys(expected).length);
  for (let rest = Buffer.from(server.text()); rest.length > 0;) {
    const space = rest.indexOf(' ');
    const end = space + 1 + Number(rest.subarray(0, space));
    assert.ok(end <= rest.length, 'whole frames');
    messages.push(rest.subarray(space + 1, end).toString());
    rest = rest.subarray(end);
  }
  assert.deepEqual(sums(messages.map((text) => JSON.parse(text.slice(text.indexOf('{'))))), expected);
});

test('a disk that is full leaves whole lines, and the rest comes when there is room', async (t) => {
  const mount = join(folder, 'small');
  mkdirSync(mount);
  const mounted = run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount]);
  if (mounted.code !== 0) return t.skip(`no file system of its own: ${mounted.err}`);
  t.after(() => run('umount', ['-l', mount]));
  const file = join(mount, 'flows.json');
  return watch(t, [`json:${file}`], async (running) => {
    const { exports: { outlets: [outlet] } } = await ask(() => running.get('/api/v1/health'), ({ exports: { outlets } }) => outlets[0].failures > 0);
    assert.match(outlet.error, /No space left/);
    assert.ok(readFileSync(file, 'utf8').endsWith('}\n'));
    assert.equal(run('mount', ['-o', 'remount,size=64m', mount]).code, 0);
    await ask(() => running.get('/api/v1/health'), ({ exports: { outlets } }) => outlets[0].connected);
  }).then(() => assert.deepEqual(sums(linesOf(readFileSync(file, 'utf8'))), expected));
});
