// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and times as people read them: SI prefixes, three significant digits, a width that does not jump.

// `text` and `unit` stand side by side, `exact` is the same value in full.
export interface Figure {
  text: string;
  unit: string;
  exact: string;
}

const kPrefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const kNarrowSpace = '\u202f';
const kUnknown: Figure = { text: '\u2013', unit: '', exact: '' };

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  if (value >= 9.995) return value.toFixed(1);
  return value.toFixed(2);
}

// Scales a number that is not negative: [text, prefix]. Whole numbers below 1000 stay whole.
export function scaled(value: number): [string, string] {
  if (value < 999.5) return [Number.isInteger(value) ? String(value) : threeDigits(value), ''];
  let power = 0;
  let rest = value;
  while (rest >= 999.5 && power < kPrefixes.length - 1) {
    rest /= 1000;
    power += 1;
  }
  return [threeDigits(rest), kPrefixes[power] ?? ''];
}

// All digits, in groups of three: 1 234 567. Decimals beyond three are dropped.
export function exactNumber(value: number): string {
  const [whole = '', decimals] = String(Math.round(value * 1000) / 1000).split('.');
  if (whole.includes('e')) return whole;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, kNarrowSpace);
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

function figure(value: number | null | undefined, unit: string, exactUnit: string): Figure {
  if (value === null || value === undefined || !Number.isFinite(value)) return kUnknown;
  const [text, prefix] = scaled(Math.abs(value));
  const sign = value < 0 ? '\u2212' : '';
  return { text: sign + text, unit: prefix + unit, exact: `${exactNumber(value)} ${exactUnit}`.trim() };
}

export const bitRate = (value?: number | null): Figure => figure(value, 'bit/s', 'bit/s');
export const packetRate = (value?: number | null): Figure => figure(value, 'p/s', 'packets/s');
export const byteCount = (value?: number | null): Figure => figure(value, 'B', 'bytes');
export const count = (value?: number | null, what = ''): Figure => figure(value, '', what);

// Times of answers, in the unit in which they have few digits: 412 µs, 38.1 ms, 2.50 s.
export function milliseconds(value?: number | null): Figure {
  if (value === null || value === undefined || !Number.isFinite(value)) return kUnknown;
  const exact = `${exactNumber(value)} ms`;
  if (value === 0) return { text: '0', unit: 'ms', exact };
  if (value < 0.9995) return { text: threeDigits(value * 1000), unit: '\u00b5s', exact };
  if (value < 999.5) return { text: threeDigits(value), unit: 'ms', exact };
  return { text: threeDigits(value / 1000), unit: 's', exact };
}

export function seconds(value?: number | null): Figure {
  return value === null || value === undefined ? kUnknown : milliseconds(value * 1000);
}

// A part of a whole in percent: 41 %, 3.2 %, < 0.1 %.
export function percent(part: number, whole: number): string {
  if (!(whole > 0)) return '\u2013';
  const share = (100 * part) / whole;
  if (share > 0 && share < 0.1) return `<${kNarrowSpace}0.1${kNarrowSpace}%`;
  return `${share >= 9.95 || share === 0 ? share.toFixed(0) : share.toFixed(1)}${kNarrowSpace}%`;
}

// The part of the traffic that was seen: 97.9 %, 99.98 %. Never rounded up to all of it.
export function seenShare(share: number): string {
  if (share >= 1 || share < 0.99) return percent(Math.min(share, 1), 1);
  return `${(Math.floor(share * 10_000 + 1e-6) / 100).toFixed(2)}${kNarrowSpace}%`;
}

export function seenFigure(share?: number | null): Figure {
  if (share === null || share === undefined || !Number.isFinite(share)) return kUnknown;
  return { text: seenShare(share), unit: '', exact: `${exactNumber(share * 100)}${kNarrowSpace}%` };
}

// By how much a clock is ahead, or, with a minus, behind: +0.53 s, \u22124:10.
export function clockSkew(skew?: number | null): Figure {
  if (skew === null || skew === undefined || !Number.isFinite(skew)) return kUnknown;
  const size = Math.abs(skew);
  const whole = size < 60 ? milliseconds(size * 1000) : { text: duration(size), unit: '' };
  return { text: `${skew < 0 ? '\u2212' : '+'}${whole.text}`, unit: whole.unit, exact: `${exactNumber(skew)} s` };
}

// A figure as it is read aloud, or written into a line of text.
export function spoken({ text, unit }: Figure): string {
  return `${text} ${unit}`.trim();
}

const two = (value: number): string => String(value).padStart(2, '0');

// A duration as a clock shows it: 0.412 s, 12.0 s, 4:10, 1:02:03, 3 d 04:05.
export function duration(seconds?: number | null): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return '\u2013';
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 3 : 2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor(whole / 3600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  if (days > 0) return `${days} d ${two(hours)}:${two(minutes)}`;
  if (whole >= 3600) return `${hours}:${two(minutes)}:${two(whole % 60)}`;
  return `${minutes}:${two(whole % 60)}`;
}

// How long ago, in whole words of one unit: now, 12 s ago, 4 min ago, 3 h ago, 2 d ago.
export function ago(then: number | null | undefined, now: number): string {
  if (then === null || then === undefined || !Number.isFinite(then)) return '\u2013';
  const seconds = Math.max(0, Math.floor(now - then));
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

// The time of day in the browser's zone: 14:02:10.
export function clockTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

// Date and time in the browser's zone, to the millisecond: 2026-11-02 14:02:10.123.
export function dateTime(seconds?: number | null): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '\u2013';
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return '\u2013';
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${clockTime(seconds)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

// An address with its port: 10.0.0.1:443, [fe80::1]:443. Without a port the address alone.
export function endpoint(address: string, port?: number | null): string {
  if (port === null || port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

// Cut to `length` characters, for names in drawings; what stands beside them says it in full.
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}\u2026`;
}
