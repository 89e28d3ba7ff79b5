// SPDX-License-Identifier: GPL-3.0-or-later
// Captures whose packets are put into tunnels between four pairs of tunnel ends.
const kEthernet = 14;
const kOuterIp = 20;
const kUdp = 8;

function addressesOf(frame) {
  const isV6 = frame.readUInt16BE(12) === 0x86dd;
  const [from, length] = isV6 ? [22, 16] : [26, 4];
  return [frame.subarray(from, from + length), frame.subarray(from + length, from + 2 * length)];
}

// 20 bytes; the checksum is left 0.
function ipv4(protocol, pair, isForward, payloadLength) {
  const header = Buffer.from('4500000000000000400000000a6400010a640101', 'hex');
  header.writeUInt16BE(kOuterIp + payloadLength, 2);
  header[9] = protocol;
  header[isForward ? 14 : 18] = pair;
  header[isForward ? 18 : 14] = 128 + pair;
  return header;
}

function udp(sourcePort, destinationPort, payloadLength) {
  const header = Buffer.alloc(kUdp);
  header.writeUInt16BE(sourcePort, 0);
  header.writeUInt16BE(destinationPort, 2);
  header.writeUInt16BE(kUdp + payloadLength, 4);
  return header;
}

// What stands between the outer IP header and the tunnel's payload. VXLAN's source port is made of the inner flow, and differently
// for each direction, as switches do.
const kKinds = {
  gtp(frame, isForward, pair) {
    const inner = frame.subarray(kEthernet);
    const header = Buffer.alloc(8);
    header.writeUInt16BE(0x30ff, 0);
    header.writeUInt16BE(inner.length, 2);
    header.writeUInt32BE(isForward ? 1000 + pair : 2000 + pair, 4);
    const payload = Buffer.concat([header, inner]);
    return [17, Buffer.concat([udp(2152, 2152, payload.length), payload])];
  },
  vxlan(frame, isForward) {
    const payload = Buffer.concat([Buffer.from('0800000000000700', 'hex'), frame]);
    const [source, destination] = addressesOf(frame);
    const port = 49152 + (source.at(-1) * 31 + destination.at(-1) * 7 + (isForward ? 1 : 0)) % 16384;
    return [17, Buffer.concat([udp(port, 4789, payload.length), payload])];
  },
  gre(frame) {
    return [47, Buffer.concat([Buffer.from('0000', 'hex'), frame.subarray(12)])];
  },
};

function wrap(kind, frame) {
  const [source, destination] = addressesOf(frame);
  const isForward = Buffer.compare(source, destination) < 0;
  const pair = (source.at(-1) ^ destination.at(-1)) & 3;
  const [protocol, payload] = kKinds[kind](frame, isForward, pair);
  return Buffer.concat([Buffer.from('0200000000010200000000020800', 'hex'), ipv4(protocol, pair, isForward, payload.length), payload]);
}

// `capture`: a little-endian pcap file of Ethernet frames with IP in them. Gives another.
export function inTunnels(kind, capture) {
  const parts = [capture.subarray(0, 24)];
  for (let at = 24; at < capture.length;) {
    const length = capture.readUInt32LE(at + 8);
    const frame = wrap(kind, capture.subarray(at + 16, at + 16 + length));
    const header = Buffer.from(capture.subarray(at, at + 16));
    header.writeUInt32LE(frame.length, 8);
    header.writeUInt32LE(frame.length, 12);
    parts.push(header, frame);
    at += 16 + length;
  }
  return Buffer.concat(parts);
}
