// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures as Chromium makes them: PNG of 8 bits a channel, not interlaced.
import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

const kChannels = { 2: 3, 6: 4 }; // by the colour type

// What a byte is guessed to be from those to its left, above it, and above left.
const kGuesses = [
  () => 0, (left) => left, (_, up) => up, (left, up) => (left + up) >> 1,
  (left, up, corner) => {
    const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
    return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
  },
];

export const sizeOf = (data) => [data.readUInt32BE(16), data.readUInt32BE(20)];

// The lines as they are kept: each with the number of its guess before its bytes.
export function linesOf(data) {
  const parts = [];
  for (let place = 8; place < data.length; place += 12 + data.readUInt32BE(place)) {
    if (data.toString('latin1', place + 4, place + 8) === 'IDAT') parts.push(data.subarray(place + 8, place + 8 + data.readUInt32BE(place)));
  }
  return inflateSync(Buffer.concat(parts));
}

// { width, height, channels, pixels }
export function decoded(data) {
  const [width, height] = sizeOf(data);
  const [depth, type, , , interlace] = data.subarray(24, 29);
  const channels = kChannels[type];
  assert.deepEqual([depth, interlace, channels === undefined], [8, 0, false]);
  const lines = linesOf(data);
  const length = width * channels;
  const pixels = Buffer.alloc(length * height);
  for (let row = 0; row < height; row += 1) {
    const guess = kGuesses[lines[row * (length + 1)]];
    for (let at = 0; at < length; at += 1) {
      const place = row * length + at;
      const [hasLeft, hasUp] = [at >= channels, row > 0];
      pixels[place] = lines[row * (length + 1) + 1 + at] + guess(hasLeft ? pixels[place - channels] : 0, hasUp ? pixels[place - length] : 0, hasLeft && hasUp ? pixels[place - length - channels] : 0);
    }
  }
  return { width, height, channels, pixels };
}

const kLevels = 8; // of 255: Chromium draws the same rounded corner up to 5 lighter or darker from one time to the next

// How many pixels of two pictures differ, and between which corners; null where none does.
export function difference(one, other) {
  if (one.equals(other)) return null;
  const [a, b] = [decoded(one), decoded(other)];
  assert.deepEqual([a.width, a.height, a.channels], [b.width, b.height, b.channels]);
  const found = { count: 0, left: Infinity, top: Infinity, right: 0, bottom: 0 };
  for (let pixel = 0; pixel < a.width * a.height; pixel += 1) {
    const [from, to] = [pixel * a.channels, (pixel + 1) * a.channels];
    let isSame = true;
    for (let at = from; at < to; at += 1) isSame &&= Math.abs(a.pixels[at] - b.pixels[at]) <= kLevels;
    if (isSame) continue;
    const [x, y] = [pixel % a.width, Math.floor(pixel / a.width)];
    Object.assign(found, { count: found.count + 1, left: Math.min(found.left, x), top: Math.min(found.top, y), right: Math.max(found.right, x), bottom: Math.max(found.bottom, y) });
  }
  return found.count === 0 ? null : found;
}
