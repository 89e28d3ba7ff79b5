// SPDX-License-Identifier: GPL-3.0-or-later
// What people and scripts rely on at the command line.
import assert from 'node:assert/strict';
import { copyFileSync, linkSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { mix, readJson, run, startProgram, startWeir, traffic, weir } from './programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'weir-cli-'));
after(() => rmSync(folder, { recursive: true }));

const sum = (rows, field) => rows.reduce((total, row) => total + row[field], 0);
const lines = (file) => readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));

describe('weir read', () => {
  test('--json sums up', () => {
    const report = readJson(mix);
    const undecoded = Object.values(report.not_decoded).reduce((a, b) => a + b, 0);
    assert.equal(sum(report.protocols, 'packets') + undecoded, report.packets);
    assert.equal(sum(report.applications, 'bytes'), report.bytes);
    assert.equal(sum(report.applications, 'flows'), report.flows);
    for (const name of ['captured_bytes', 'hosts', 'duration_s', 'elapsed_s', 'cpu_s', 'packets_per_second', 'peak_memory_bytes']) {
      assert.equal(typeof report[name], 'number', name);
    }
  });

  test('the mix of real captures has its known totals', (t) => {
    if (!mix.includes('mix700')) return t.skip('skipped: corpus not there');
    const report = readJson(mix);
    assert.deepEqual([report.packets, report.bytes, report.flows, report.hosts], [19325, 13648306, 979, 272]);
  });

  test('writes the same flows and hosts each time and for any number of shards', () => {
    const written = [1, 1, 2, 4].map((shards, i) => {
      const flows = join(folder, `flows${i}`);
      const hosts = join(folder, `hosts${i}`);
      const report = readJson(mix, '--shards', `${shards}`, '--flows', flows, '--hosts', hosts);
      return { totals: [report.packets, report.bytes, report.flows, report.hosts], flows: readFileSync(flows, 'utf8'), hosts: readFileSync(hosts, 'utf8') };
    });
    for (const other of written.slice(1)) assert.deepEqual(other, written[0]);
    const flows = lines(join(folder, 'flows0'));
    assert.equal(flows.length, written[0].totals[2]);
    assert.equal(lines(join(folder, 'hosts0')).length, written[0].totals[3]);
    for (let i = 1; i < flows.length; ++i) assert.ok(flows[i - 1].first_seen <= flows[i].first_seen, 'in the order they began');
  });

  test('prints a summary for people without --json', () => {
    const { code, out } = run(weir, ['read', mix]);
    assert.equal(code, 0);
    for (const title of ['Applications', 'Protocols', 'Hosts', 'Conversations']) assert.match(out, new RegExp(`^${title}`, 'm'));
  });

  test('reads from a pipe what it reads from the file', () => {
    const piped = JSON.parse(run(weir, ['read', '-', '--json'], { input: readFileSync(mix) }).out);
    const whole = readJson(mix);
    assert.deepEqual([piped.packets, piped.bytes, piped.flows], [whole.packets, whole.bytes, whole.flows]);
  });

  test('reads a FIFO to its end', () => {
    const fifo = join(folder, 'fifo');
    const script = `mkfifo "$1"; cat "$2" >"$1" & exec "$3" read "$1" --json`;
    const { code, out } = run('sh', ['-c', script, 'sh', fifo, mix, weir]);
    assert.equal(code, 0);
    assert.equal(JSON.parse(out).packets, readJson(mix).packets);
  });

  test('says that a stream is no capture', () => {
    const { code, err } = run(weir, ['read', '-'], { input: 'this is no capture at all, only words' });
    assert.equal(code, 1);
    assert.match(err, /pcap/);
  });

  test('counts a torn file up to the tear and tells the tear', () => {
    const torn = join(folder, 'torn.pcap');
    copyFileSync(mix, torn);
    truncateSync(torn, 1_000_003);
    const { code, out, err } = run(weir, ['read', torn, '--json']);
    assert.equal(code, 0);
    assert.match(err, /torn after packet \d+/);
    assert.match(JSON.parse(out).warnings[0], /torn/);
    assert.ok(JSON.parse(out).packets > 1000);
  });

  test('keeps to a small budget with exact totals', () => {
    const flood = join(folder, 'flood.pcap');
    assert.equal(run(traffic, ['--hosts', '200000', '--flows', '100000', '--size', '64', '--packets', '400000', '--write', flood]).code, 0);
    const report = readJson(flood, '--memory', '16M');
    assert.deepEqual([report.packets, report.bytes], [400000, 400000 * 64]);
    assert.equal(sum(report.applications, 'packets'), 400000);
  });

  test('finds exactly the hosts and flows that weir-traffic was asked for', () => {
    const file = join(folder, 'exact.pcap');
    const made = ['--hosts', '5000', '--flows', '7000', '--size', '128', '--packets', '30000', '--ipv6', '30', '--vlan', '3', '--shape', 'zipf'];
    assert.equal(run(traffic, [...made, '--write', file]).code, 0);
    const report = readJson(file);
    assert.deepEqual([report.packets, report.flows, report.hosts, report.bytes], [30000, 7000, 5000, 30000 * 128]);
  });
});

describe('what weir read writes', () => {
  test('does not go over the capture, by whatever name', () => {
    const capture = join(folder, 'mine.pcap');
    copyFileSync(mix, capture);
    symlinkSync('mine.pcap', join(folder, 'link.pcap'));
    linkSync(capture, join(folder, 'twin.pcap'));
    for (const args of [[capture, '--flows', capture], [capture, '--hosts', join(folder, 'link.pcap')], [join(folder, 'twin.pcap'), '--flows', capture]]) {
      const { code, out, err } = run(weir, ['read', ...args]);
      assert.equal(code, 2, err);
      assert.match(err, /would write over .*, which is read/);
      assert.equal(out, '');
    }
    const { code } = run('sh', ['-c', '"$1" read - --flows "$2" <"$2"', 'sh', weir, capture]);
    assert.equal(code, 2, 'nor over standard input');
    assert.deepEqual(readFileSync(capture), readFileSync(mix));
  });

  test('may fail on a full disk, and the report is there all the same', () => {
    const { code, out, err } = run(weir, ['read', mix, '--json', '--flows', '/dev/full']);
    assert.equal(code, 1);
    assert.match(err, /No space left/);
    assert.equal(JSON.parse(out).packets, readJson(mix).packets);
  });

  test('has standard output for itself, and the summary goes to standard error', () => {
    const report = readJson(mix);
    for (const [option, count] of [['--flows', report.flows], ['--hosts', report.hosts]]) {
      const { code, out, err } = run(weir, ['read', mix, option, '-']);
      assert.equal(code, 0, err);
      assert.equal(out.trimEnd().split('\n').map((line) => JSON.parse(line)).length, count);
      assert.match(err, /^Applications/m);
    }
  });

  test('may go to a pipe that is read later', () => {
    const fifo = join(folder, 'later');
    const script = 'mkfifo "$1"; "$3" read "$2" --flows "$1" >/dev/null & sleep 0.5; cat "$1"; wait';
    const { out } = run('sh', ['-c', script, 'sh', fifo, mix, weir]);
    assert.equal(out.trimEnd().split('\n').length, readJson(mix).flows);
  });
});

describe('errors are one sentence that says what to do', () => {
  const garbage = join(folder, 'garbage.pcap');
  writeFileSync(garbage, 'this is no capture, whatever its name says\n'.repeat(10));
  const cases = [
    ['a missing file', ['read', join(folder, 'missing.pcap')], 1, /missing\.pcap/],
    ['a folder', ['read', folder], 1, /director|folder/],
    ['a file that is no capture', ['read', garbage], 1, /pcap and pcapng/],
    ['an output that cannot be made', ['read', mix, '--hosts', join(folder, 'missing', 'hosts')], 1, /^weir: write .*hosts: No such file/],
    ['two outputs in one file', ['read', mix, '--flows', join(folder, 'both'), '--hosts', join(folder, 'both')], 2, /one file/],
    ['a full standard output', ['read', mix, '--json'], 1, /standard output/, 'full'],
    ['a second pass over a pipe', ['read', '/dev/stdin', '--repeat', '2'], 1, /only once/],
    ['two wishes for standard output', ['read', mix, '--json', '--flows', '-'], 2, /standard output/],
    ['an unknown option', ['read', mix, '--nonsense'], 2, /nonsense/],
    ['an unknown command', ['destroy'], 2, /weir help/],
    ['no file', ['read'], 2, /FILE/],
    ['a wrong size', ['read', mix, '--memory', 'much'], 2, /256M/],
    ['a budget that holds nothing', ['read', mix, '--memory', '1M'], 1, /--memory/],
    ['standard input twice', ['read', '-', '--repeat', '2'], 2, /--repeat/],
    ['an unknown interface', ['-i', 'weir-none0'], 1, /weir-none0/],
    ['an address for everybody', ['-i', `pcap:${mix}`, '--http', '0.0.0.0:3999'], 1, /--insecure/],
    ['no address', ['--http', 'nowhere'], 2, /127\.0\.0\.1:3000/],
    ['a missing configuration', ['check-config', join(folder, 'none.toml')], 1, /none\.toml/],
  ];
  for (const [what, args, code, pattern, output] of cases) {
    test(what, () => {
      const stdout = output === 'full' ? openSync('/dev/full', 'w') : 'pipe';
      const result = run(weir, args, { stdio: ['pipe', stdout, 'pipe'] });
      assert.equal(result.code, code, result.err);
      assert.match(result.err, pattern);
      assert.ok(result.err.trimEnd().split('\n').length <= 2, result.err);
      assert.ok(!result.out, result.out);
    });
  }

  test('a port in use', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.on('listening', resolve));
    const { code, err } = run(weir, ['-i', `pcap:${mix}`, '--http', `127.0.0.1:${holder.address().port}`]);
    holder.close();
    assert.equal(code, 1);
    assert.match(err, /in use.*--http/);
  });
});

describe('weir monitor', () => {
  test('shows a capture as weir read counts it, and ends with 0 when told to', async () => {
    const report = readJson(mix);
    const running = await startWeir('-i', `pcap:${mix}`);
    let row;
    for (let i = 0; i < 100 && row?.state !== 'ended'; ++i) [row] = (await running.get('/api/v1/interfaces')).rows;
    assert.deepEqual([row.packets, row.bytes, row.flows_total, row.hosts], [report.packets, report.bytes, report.flows, report.hosts]);
    assert.equal(await running.stop(), 0);
  });

  test('filters captures and pipes by --bpf', async () => {
    const udp = (sources) => startProgram('sh', ['-c', `exec "$1" --http 127.0.0.1:0 --bpf udp -i ${sources} <"$2"`, 'sh', weir, mix]);
    const expected = readJson(mix).protocols;
    for (const source of ['"pcap:$2"', '-']) {
      const running = await udp(source);
      let row;
      for (let i = 0; i < 100 && row?.state !== 'ended'; ++i) [row] = (await running.get('/api/v1/interfaces')).rows;
      assert.ok(row.packets > 0 && row.packets < sum(expected, 'packets'), `${row.packets} of ${sum(expected, 'packets')}`);
      assert.equal(await running.stop(), 0);
    }
    const wrong = run(weir, ['-i', `pcap:${mix}`, '--bpf', 'tcp prot 80']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /filter "tcp prot 80": .*syntax error/);
  });

  test('takes its options from a file that check-config accepts', async () => {
    const file = join(folder, 'weir.toml');
    writeFileSync(file, `interface = ["pcap:${mix}"]\nmemory = "64M"\n`);
    assert.equal(run(weir, ['check-config', file]).code, 0);
    const running = await startWeir('--config', file);
    assert.equal((await running.get('/api/v1/health')).interfaces[0].memory_limit_bytes, 64 * 1024 * 1024);
    assert.equal(await running.stop('SIGINT'), 0);
    writeFileSync(file, 'nonsense = 1\n');
    assert.equal(run(weir, ['check-config', file]).code, 1);
  });

  for (const line of ['http = "0.0.0.0:3000"', 'memory = 5', 'scripts = "/nope"', 'protocols = "/nope"', 'country-db = "/nope"', 'interface = ["nope0"]', 'bpf = "tcp prot"']) {
    test(`and check-config refuse ${line} alike`, () => {
      const file = join(folder, 'refused.toml');
      writeFileSync(file, `${line.startsWith('interface') ? '' : `interface = ["pcap:${mix}"]\n`}${line}\n`);
      const checked = run(weir, ['check-config', file]);
      const started = run(weir, ['--http', '127.0.0.1:0', '--config', file].slice(line.startsWith('http') ? 2 : 0));
      assert.deepEqual([checked.code, started.code], [1, 1], checked.out);
      assert.match(checked.err, /^weir: .+\n$/);
      assert.equal(checked.out, '');
      assert.ok(started.err.includes(checked.err.trim()), `${checked.err} and ${started.err}`);
    });
  }

  test('lets one weir at a time use a data folder', async () => {
    const data = join(folder, 'data');
    const start = () => startWeir('-i', `pcap:${mix}`, '--data', data);
    const kinds = async (running) => {
      const { cache, days, remembered_hosts: hosts } = await running.get('/api/v1/health');
      return [cache.kind, days !== undefined, hosts.cache.kind];
    };
    const first = await start();
    const second = await start();
    assert.deepEqual(await kinds(first), ['file', true, 'file']);
    assert.deepEqual(await kinds(second), ['memory', false, 'memory']);
    assert.equal(second.text.match(/another weir uses it/g)?.length, 1, second.text);
    assert.equal((await second.get('/api/v1/setup')).may_change, false);
    assert.equal(await second.stop(), 0);
    assert.equal(await first.stop(), 0);
    const third = await start();
    assert.deepEqual(await kinds(third), ['file', true, 'file']);
    assert.equal(await third.stop(), 0);
  });

  test('takes its options from the environment before the file and after the command line', async () => {
    const file = join(folder, 'environment.toml');
    writeFileSync(file, `interface = ["pcap:${mix}"]\nmemory = "64M"\nshards = 1\nresolve = "off"\n`);
    const env = { ...process.env, WEIR_MEMORY: '128M', WEIR_SHARDS: '4', WEIR_CONFIG: file, WEIR_COLOUR: 'red' };
    const checked = run(weir, ['check-config', file], { env });
    assert.equal(checked.code, 0, checked.err);
    assert.match(checked.out, /^memory +128M +WEIR_MEMORY$/m);
    assert.match(checked.out, /^resolve +off +file$/m);
    assert.match(checked.out, /^WEIR_COLOUR is no option/m);
    const running = await startProgram('env', ['WEIR_MEMORY=128M', 'WEIR_SHARDS=4', `WEIR_CONFIG=${file}`, weir, '--http', '127.0.0.1:0', '--shards', '2']);
    const { interfaces: [watched] } = await running.get('/api/v1/health');
    assert.equal(watched.memory_limit_bytes, 128 * 1024 * 1024);
    assert.equal(watched.shards, 2);
    assert.equal(await running.stop(), 0);
    const wrong = run(weir, [], { env: { ...process.env, WEIR_MEMORY: 'lots' } });
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /WEIR_MEMORY.*"lots" is no size/);
  });
});

// P65 of the checklist.
test('weir protocols lists more than 170 of them, each once, with its category', () => {
  const { code, out } = run(weir, ['protocols']);
  assert.equal(code, 0);
  const lines = out.trimEnd().split('\n');
  assert.ok(lines.length > 170, `${lines.length}`);
  assert.equal(new Set(lines).size, lines.length);
  for (const name of ['BitTorrent', 'HTTP', 'QUIC', 'Webex']) assert.ok(lines.some((line) => line.startsWith(`${name} `)), name);
});

describe('weir help', () => {
  for (const topic of [[], ['monitor'], ['read'], ['filter'], ['protocols'], ['check-config'], ['version']]) {
    test(`${topic}`, () => {
      const { code, out } = run(weir, ['help', ...topic]);
      assert.equal(code, 0);
      assert.match(out, /weir/);
    });
  }
  test('says when there is none', () => assert.equal(run(weir, ['help', 'nonsense']).code, 2));
});
