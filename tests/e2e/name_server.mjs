// SPDX-License-Identifier: GPL-3.0-or-later
// A name server for PTR questions on a UDP port of loopback.
import { createSocket } from 'node:dgram';

const labels = (name) => Buffer.concat([...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])]);

// "1.0.0.10.in-addr.arpa" in the question of a message.
function nameIn(message) {
  const parts = [];
  for (let at = 12; message[at] > 0; at += message[at] + 1) parts.push(message.toString('latin1', at + 1, at + 1 + message[at]));
  return parts.join('.').toLowerCase();
}

function answerTo(message, record) {
  const head = Buffer.from(message.subarray(0, 12));
  head.writeUInt16BE(record ? 0x8180 : 0x8183, 2);  // NXDOMAIN
  head.writeUInt16BE(record ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const question = message.subarray(12, 12 + labels(nameIn(message)).length + 4);
  if (!record) return Buffer.concat([head, question]);
  const name = labels(record.name);
  const fixed = Buffer.from([0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0]);
  fixed.writeUInt32BE(record.ttl, 6);
  fixed.writeUInt16BE(name.length, 10);
  return Buffer.concat([head, question, fixed, name]);
}

// `recordOf(address)`: {name, ttl}, or nothing for NXDOMAIN. `asked` counts the questions by address.
export async function startNameServer(recordOf) {
  const socket = createSocket('udp4');
  const asked = new Map();
  socket.on('message', (message, from) => {
    const address = nameIn(message).replace('.in-addr.arpa', '').split('.').reverse().join('.');
    asked.set(address, (asked.get(address) ?? 0) + 1);
    socket.send(answerTo(message, recordOf(address)), from.port, from.address);
  });
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${socket.address().port}`, asked, stop: () => socket.close() };
}
