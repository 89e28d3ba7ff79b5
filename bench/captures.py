# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures made of a recorded one, for measuring: classic pcap of Ethernet, microseconds, little-endian."""
import struct

HEADER, RECORD = 24, 16
MAGIC = bytes.fromhex("d4c3b2a1")
ETHERNET = 1
FIN, SYN, RST = 0x01, 0x02, 0x04


def records(path):
    """[(seconds, microseconds, frame)]. ValueError: it is another kind of capture, or one that was cut."""
    content = path.read_bytes()
    if content[:4] != MAGIC or struct.unpack_from("<I", content, 20)[0] != ETHERNET:
        raise ValueError(f"{path}: no little-endian pcap of Ethernet")
    found, at = [], HEADER
    while at < len(content):
        seconds, microseconds, captured, on_wire = struct.unpack_from("<IIII", content, at)
        if captured != on_wire or at + RECORD + captured > len(content):
            raise ValueError(f"{path}: frames were cut")
        found.append((seconds, microseconds, content[at + RECORD:at + RECORD + captured]))
        at += RECORD + captured
    return found


def write(path, frames):
    with open(path, "wb") as out:
        out.write(MAGIC + struct.pack("<HHiIII", 2, 4, 0, 0, 65535, ETHERNET))
        for seconds, microseconds, frame in frames:
            out.write(struct.pack("<IIII", seconds, microseconds, len(frame), len(frame)) + frame)


def copies(found, count):
    """Each copy after the one before and in a VLAN of its own, so that all its flows are new ones; frames have no tag yet."""
    span = found[-1][0] - found[0][0] + 1
    for copy in range(count):
        tag = struct.pack(">HH", 0x8100, copy + 1)
        for seconds, microseconds, frame in found:
            yield seconds + copy * span, microseconds, frame[:12] + tag + frame[12:]


def is_steady(frame, port):
    """TCP over IPv4 with the port, no packet that begins or ends a connection."""
    if len(frame) < 54 or frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return False
    tcp = 14 + (frame[14] & 15) * 4
    return port in struct.unpack_from(">HH", frame, tcp) and frame[tcp + 13] & (FIN | SYN | RST) == 0
