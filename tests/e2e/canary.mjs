// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a capture in which every name that a stranger can choose is hostile: markup, quotes, marks that reorder text, controls, 4 kB,
// bytes that are no UTF-8.
import { writeFileSync } from 'node:fs';

const bytes = (text) => Buffer.from(text, 'utf8');
const uint16 = (value) => Buffer.from([value >> 8, value & 255]);

// Each name begins with a word of its own, so that it is found again wherever it turns up.
let names = 0;
const kAttacks = [
  '<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', "'-alert(1)-'", '\u202egnp.exe\u2066', '{{constructor.constructor("alert(1)")()}}', '<svg/onload=alert(1)>', '<a href=javascript:alert(1)>x</a>',
];
function hostile(length = 0) {
  const attack = kAttacks[names % kAttacks.length];
  names += 1;
  const name = `canary${String(names).padStart(2, '0')}${attack}`;
  return name + 'A'.repeat(Math.max(0, length - name.length));
}

function checksum(parts) {
  const all = Buffer.concat(parts);
  let sum = 0;
  for (let at = 0; at < all.length; at += 2) sum += (all[at] << 8) + (all[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

const address = (text) => Buffer.from(text.split('.').map(Number));

function ipv4(from, to, protocol, payload) {
  const header = Buffer.concat([Buffer.from([0x45, 0]), uint16(20 + payload.length), Buffer.from([0, 1, 0x40, 0, 64, protocol, 0, 0]), address(from), address(to)]);
  header.writeUInt16BE(checksum([header]), 10);
  return Buffer.concat([Buffer.from('020000000002020000000001' + '0800', 'hex'), header, payload]);
}

const pseudo = (from, to, protocol, length) => Buffer.concat([address(from), address(to), Buffer.from([0, protocol]), uint16(length)]);

function udp(from, to, [fromPort, toPort], payload) {
  const datagram = Buffer.concat([uint16(fromPort), uint16(toPort), uint16(8 + payload.length), uint16(0), payload]);
  datagram.writeUInt16BE(checksum([pseudo(from, to, 17, datagram.length), datagram]) || 0xffff, 6);
  return ipv4(from, to, 17, datagram);
}

const kSegment = 1400;

// A whole connection: handshake, then the messages in turn ([from the client, text or bytes]), which are acknowledged.
function* connection(client, server, ports, messages) {
  const next = [1000, 5000];
  const segment = (isClient, flags, payload = Buffer.alloc(0)) => {
    const [from, to] = isClient ? [client, server] : [server, client];
    const pair = isClient ? ports : [...ports].reverse();
    const header = Buffer.alloc(20);
    header.writeUInt16BE(pair[0], 0);
    header.writeUInt16BE(pair[1], 2);
    header.writeUInt32BE(next[isClient ? 0 : 1], 4);
    header.writeUInt32BE(flags & 16 ? next[isClient ? 1 : 0] : 0, 8);
    header.set([0x50, flags, 0xff, 0xff], 12);
    const whole = Buffer.concat([header, payload]);
    whole.writeUInt16BE(checksum([pseudo(from, to, 6, whole.length), whole]), 16);
    next[isClient ? 0 : 1] += payload.length + (flags & 3 ? 1 : 0);
    return ipv4(from, to, 6, whole);
  };
  yield segment(true, 2);
  yield segment(false, 18);
  yield segment(true, 16);
  for (const [isClient, content] of messages) {
    const payload = Buffer.isBuffer(content) ? content : bytes(content);
    for (let at = 0; at < payload.length; at += kSegment) yield segment(isClient, 24, payload.subarray(at, at + kSegment));
    yield segment(!isClient, 16);
  }
}

// DNS names take 63 bytes a label.
function dnsName(text) {
  const labels = [bytes(text).subarray(0, 63), bytes('example'), bytes('org')];
  return Buffer.concat([...labels.map((label) => Buffer.concat([Buffer.from([label.length]), label])), Buffer.from([0])]);
}

function dnsAnswer(name, alias) {
  const target = dnsName(alias);
  return Buffer.concat([Buffer.from('123481800001000100000000', 'hex'), name, Buffer.from('00010001', 'hex'), Buffer.from('c00c000500010000003c', 'hex'), uint16(target.length), target]);
}

function mdnsAnswer(name) {
  return Buffer.concat([Buffer.from('000084000000000100000000', 'hex'), Buffer.from([bytes(name).subarray(0, 63).length]), bytes(name).subarray(0, 63), Buffer.from('056c6f63616c00' + '00018001000000780004' + '0a090001', 'hex')]);
}

const vector = (size, body) => Buffer.concat([Buffer.from([(body.length >> 16) & 255, (body.length >> 8) & 255, body.length & 255]).subarray(3 - size), body]);
const extension = (kind, body) => Buffer.concat([uint16(kind), vector(2, body)]);
const record = (kind, body) => Buffer.concat([Buffer.from([22, 3, 3]), vector(2, Buffer.concat([Buffer.from([kind]), vector(3, body)]))]);

function clientHello(name, protocol) {
  const extensions = Buffer.concat([
    extension(0, vector(2, Buffer.concat([Buffer.from([0]), vector(2, bytes(name))]))), extension(16, vector(2, vector(1, bytes(protocol).subarray(0, 255)))), extension(10, vector(2, uint16(29))),
  ]);
  return record(1, Buffer.concat([uint16(0x303), Buffer.alloc(32, 7), Buffer.from([0]), vector(2, uint16(0xc02f)), vector(1, Buffer.from([0])), vector(2, extensions)]));
}

const serverHello = () => record(2, Buffer.concat([uint16(0x303), Buffer.alloc(32, 9), Buffer.from([0]), uint16(0xc02f), Buffer.from([0])]));

function der(tag, ...parts) {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? Buffer.from([body.length]) : body.length < 256 ? Buffer.from([0x81, body.length]) : Buffer.concat([Buffer.from([0x82]), uint16(body.length)]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
}

const commonName = (text) => der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, bytes(text)))));

function certificate(issuer, subject, other) {
  const algorithm = der(0x30, Buffer.from('06092a864886f70d01010b0500', 'hex'));
  const key = der(0x30, der(0x30, Buffer.from('06092a864886f70d0101010500', 'hex')), der(0x03, Buffer.from([0]), der(0x30, der(0x02, Buffer.alloc(64, 0x41)), der(0x02, Buffer.from([1, 0, 1])))));
  const names = der(0xa3, der(0x30, der(0x30, Buffer.from('0603551d11', 'hex'), der(0x04, der(0x30, der(0x82, bytes(other)))))));
  const times = der(0x30, der(0x17, bytes('250101000000Z')), der(0x17, bytes('350101000000Z')));
  const body = der(0x30, der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.from([5])), algorithm, commonName(issuer), times, commonName(subject), key, names);
  const whole = der(0x30, body, algorithm, der(0x03, Buffer.alloc(65, 0)));
  return record(11, vector(3, vector(3, whole)));
}

function dhcpRequest(name, kind) {
  const option = (code, body) => Buffer.concat([Buffer.from([code, body.length]), body]);
  const head = Buffer.alloc(240);
  head.set([1, 1, 6, 0], 0);
  head.writeUInt32BE(0x0a090009, 12);
  head.set([2, 0, 0, 0, 0, 1], 28);
  head.writeUInt32BE(0x63825363, 236);
  return Buffer.concat([head, option(53, Buffer.from([3])), option(12, bytes(name).subarray(0, 250)), option(60, bytes(kind).subarray(0, 250)), option(55, Buffer.from([1, 3, 6])), Buffer.from([255])]);
}

function mqttConnect(client, topic) {
  const text = (value) => vector(2, bytes(value));
  const packet = (kind, body) => Buffer.concat([Buffer.from([kind]), Buffer.from(body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7]), body]);
  return [
    [true, packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 60]), text(client)]))], [false, Buffer.from('20020000', 'hex')], [true, packet(0x30, Buffer.concat([text(topic), bytes('on')]))],
  ];
}

function* frames() {
  const path = hostile().replaceAll(' ', '');
  yield* connection('10.9.0.1', '10.9.1.1', [40001, 80], [
    [true, `GET /${path} HTTP/1.1\r\nHost: ${hostile().replaceAll(' ', '')}\r\nUser-Agent: ${hostile(3000)}\r\n\r\n`],
    [false, `HTTP/1.1 200 OK\r\nServer: ${hostile()}\r\nContent-Type: text/${hostile().replaceAll(' ', '')}\r\nContent-Length: 2\r\n\r\nok`],
  ]);
  const asked = dnsName(hostile());
  yield udp('10.9.0.2', '10.9.1.2', [40002, 53], Buffer.concat([Buffer.from('123401000001000000000000', 'hex'), asked, Buffer.from('00010001', 'hex')]));
  yield udp('10.9.1.2', '10.9.0.2', [53, 40002], dnsAnswer(asked, hostile()));
  yield* connection('10.9.0.3', '10.9.1.3', [40003, 443], [[true, clientHello(hostile(4096), hostile())], [false, Buffer.concat([serverHello(), certificate(hostile(), hostile(), hostile())])]]);
  yield* connection('10.9.0.4', '10.9.1.4', [40004, 22], [[false, `SSH-2.0-${hostile().replaceAll(' ', '')}\r\n`], [true, `SSH-2.0-${hostile().replaceAll(' ', '')}\r\n`]]);
  yield udp('10.9.0.5', '10.9.1.5', [5060, 5060], bytes(`INVITE sip:a@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 10.9.0.5\r\nFrom: "${hostile()}" <sip:x@example.org>;tag=1\r\nTo: <sip:${hostile().replaceAll(' ', '')}@example.org>\r\nCall-ID: ${hostile().replaceAll(' ', '')}\r\nCSeq: 1 INVITE\r\nUser-Agent: ${hostile()}\r\nContent-Length: 0\r\n\r\n`));
  yield* connection('10.9.0.6', '10.9.1.6', [40006, 25], [
    [false, '220 mail.example.org ESMTP\r\n'], [true, `EHLO client\r\n`], [false, '250 ok\r\n'], [true, `MAIL FROM:<${hostile().replaceAll(' ', '')}@example.org>\r\n`], [false, '250 ok\r\n'],
    [true, `RCPT TO:<${hostile().replaceAll(' ', '')}@example.org>\r\n`], [false, '250 ok\r\n'],
  ]);
  yield udp('10.9.0.9', '10.9.1.9', [68, 67], dhcpRequest(hostile(), hostile()));
  yield udp('10.9.0.1', '224.0.0.251', [5353, 5353], mdnsAnswer(hostile()));
  yield* connection('10.9.0.7', '10.9.1.7', [40007, 21], [[false, `220 ${hostile()}\r\n`], [true, `USER ${hostile().replaceAll(' ', '')}\r\n`], [false, '331 password\r\n'], [true, 'PASS x\r\n'], [false, '230 in\r\n']]);
  yield* connection('10.9.0.8', '10.9.1.8', [40008, 1883], mqttConnect(hostile(), hostile()));
  const broken = Buffer.from('fffec328e228a1f02800c0afeda080', 'hex'); // and a byte of zero
  yield* connection('10.9.0.10', '10.9.1.10', [40010, 80], [
    [true, Buffer.concat([bytes(`GET /${hostile().replaceAll(' ', '')}`), Buffer.from([0xff, 0xc3]), bytes(` HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: ${hostile()}`), broken, bytes('\r\n\r\n')])],
    [false, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ]);
}

/** Writes the capture to `file` and returns how many names are in it: canary01, canary02 ... */
export function writeCanary(file) {
  names = 0;
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262144, 16);
  header.writeUInt32LE(1, 20);
  const parts = [header];
  let when = 0;
  for (const frame of frames()) {
    when += 1000;
    const head = Buffer.alloc(16);
    head.writeUInt32LE(1_790_000_000, 0);
    head.writeUInt32LE(when, 4);
    head.writeUInt32LE(frame.length, 8);
    head.writeUInt32LE(frame.length, 12);
    parts.push(head, frame);
  }
  writeFileSync(file, Buffer.concat(parts));
  return names;
}
