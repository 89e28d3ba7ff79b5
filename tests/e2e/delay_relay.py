#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""delay_relay.py FIRST SECOND DELAY_MS [LOSS [SEED]]: a wire between two interfaces of this network namespace.

Carries each frame to the other interface, DELAY_MS later, but for a part LOSS (0 to 1) of those with data, chosen by SEED. It
stands in for netem: frames are held whole, so a handshake is delayed as data are. Prints "ready" when it listens; runs until it
is killed.
"""
import heapq
import random
import select
import socket
import sys
import time

SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 15, 23
ETH_P_ALL = 3
MOST_BYTES = 1 << 17
LEAST_BYTES_WITH_DATA = 200


def open_interface(name):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    # What the kernel left to the hardware (checksums, segments) is said in a header before the frame, and is read back from it.
    sock.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    sock.bind((name, ETH_P_ALL))
    sock.setblocking(False)
    return sock


def main():
    first, second = (open_interface(name) for name in sys.argv[1:3])
    delay = float(sys.argv[3]) / 1000
    loss = float(sys.argv[4]) if len(sys.argv) > 4 else 0.0
    chance = random.Random(int(sys.argv[5]) if len(sys.argv) > 5 else 1)
    other = {first: second, second: first}
    held = []  # (when it is due, number, where to, frame)
    number = 0
    print("ready", flush=True)
    while True:
        wait = max(0.0, held[0][0] - time.monotonic()) if held else None
        for sock in select.select(list(other), [], [], wait)[0]:
            frame = sock.recv(MOST_BYTES)
            if len(frame) < LEAST_BYTES_WITH_DATA or chance.random() >= loss:
                number += 1
                heapq.heappush(held, (time.monotonic() + delay, number, other[sock], frame))
        while held and held[0][0] <= time.monotonic():
            _, _, out, frame = heapq.heappop(held)
            out.send(frame)


main()
