// SPDX-License-Identifier: GPL-3.0-or-later
// Writes small MaxMind DB files for tests (https://maxmind.github.io/MaxMind-DB/): IPv4 networks with one record each.
import { writeFileSync } from 'node:fs';

const kinds = { text: 2, uint16: 5, uint32: 6, map: 7, uint64: 9, array: 11 };

function control(kind, size) {
  const first = (kind < 8 ? kind << 5 : 0) | Math.min(size, 29);
  return Buffer.from([first, ...(kind < 8 ? [] : [kind - 7]), ...(size < 29 ? [] : [size - 29])]);
}

function number(kind, bytes, value) {
  const out = Buffer.alloc(bytes);
  out.writeUIntBE(value, bytes > 6 ? bytes - 6 : 0, Math.min(bytes, 6));
  return Buffer.concat([control(kind, bytes), out]);
}

function encode(value) {
  if (typeof value === 'string') return Buffer.concat([control(kinds.text, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') return number(kinds.uint32, 4, value);
  if (Buffer.isBuffer(value)) return value;
  const entries = Object.entries(value);
  return Buffer.concat([control(kinds.map, entries.length), ...entries.flatMap(([key, one]) => [encode(key), encode(one)])]);
}

/** `records`: {"192.0.2.0/24": {...}}, none inside another. */
export function writeMmdb(file, type, records) {
  const nodes = [[0, 0]];
  const data = [];
  let size = 0;
  for (const [network, record] of Object.entries(records)) {
    const [address, length] = network.split('/');
    const bits = '0'.repeat(96) + address.split('.').map((byte) => Number(byte).toString(2).padStart(8, '0')).join('').slice(0, Number(length));
    let node = 0;
    for (const bit of bits.slice(0, -1)) {
      if (!nodes[node][bit]) nodes[node][bit] = nodes.push([0, 0]) - 1;
      node = nodes[node][bit];
    }
    nodes[node][bits.at(-1)] = { offset: size };
    data.push(encode(record));
    size += data.at(-1).length;
  }
  const tree = Buffer.alloc(nodes.length * 6);
  nodes.forEach((pair, i) => pair.forEach((to, side) => {
    const pointer = typeof to === 'object' ? nodes.length + 16 + to.offset : to || nodes.length;
    tree.writeUIntBE(pointer, i * 6 + side * 3, 3);
  }));
  const metadata = encode({
    binary_format_major_version: number(kinds.uint16, 2, 2), binary_format_minor_version: number(kinds.uint16, 2, 0),
    ip_version: number(kinds.uint16, 2, 6), record_size: number(kinds.uint16, 2, 24), node_count: nodes.length,
    build_epoch: number(kinds.uint64, 8, 1_700_000_000), database_type: type,
    languages: Buffer.concat([control(kinds.array, 1), encode('en')]), description: { en: 'made by a test' },
  });
  writeFileSync(file, Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), metadata]));
  return file;
}

export const country = (code, name) => ({ country: { iso_code: code, names: { en: name } } });
export const system = (asn, name) => ({ autonomous_system_number: asn, autonomous_system_organization: name });
