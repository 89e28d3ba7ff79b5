#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishes messages with ntop's header of 24 bytes, for zmq.test.mjs: one for each line of standard input, "TOPIC PAYLOAD".

zmq_peer.py URL [SERVER_KEY] [PUBLIC_KEY SECRET_KEY]    connects; says "ready" once somebody hears
"""
import struct
import sys

import zmq


def main():
    url, *keys = sys.argv[1:]
    socket = zmq.Context.instance().socket(zmq.XPUB)
    socket.setsockopt(zmq.LINGER, 2000)
    if keys:
        socket.curve_serverkey = keys[0].encode()
        public, secret = (key.encode() for key in keys[1:]) if len(keys) == 3 else zmq.curve_keypair()
        socket.curve_publickey, socket.curve_secretkey = public, secret
    socket.connect(url)
    if socket.poll(5000) == 0:
        print("nobody", flush=True)
        return
    socket.recv()
    print("ready", flush=True)
    for number, line in enumerate(sys.stdin):
        topic, _, payload = line.rstrip("\n").partition(" ")
        header = struct.pack("!16sBBHI", topic.encode(), 2, 1, 0, number)
        socket.send_multipart([header, payload.encode()])


main()
