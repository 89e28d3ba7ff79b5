// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import {
  ago, bitRate, byteCount, clockSkew, clockTime, count, dateTime, duration, endpoint, exactNumber, packetRate, percent, scaled, seenFigure, seenShare,
} from './format';

describe('scaled', () => {
  it('shows three significant digits with an SI prefix', () => {
    expect(scaled(0)).toEqual(['0', '']);
    expect(scaled(7)).toEqual(['7', '']);
    expect(scaled(999)).toEqual(['999', '']);
    expect(scaled(1000)).toEqual(['1.00', 'k']);
    expect(scaled(12_345)).toEqual(['12.3', 'k']);
    expect(scaled(123_456)).toEqual(['123', 'k']);
    expect(scaled(6_210_000_000)).toEqual(['6.21', 'G']);
    expect(scaled(0.5)).toEqual(['0.50', '']);
  });

  it('never shows four digits where rounding carries over', () => {
    expect(scaled(999.6)).toEqual(['1.00', 'k']);
    expect(scaled(9_996)).toEqual(['10.0', 'k']);
    expect(scaled(99_960)).toEqual(['100', 'k']);
    expect(scaled(999_999)).toEqual(['1.00', 'M']);
  });

  it('stays with the largest prefix there is', () => {
    expect(scaled(5e21)).toEqual(['5000', 'E']);
  });
});

describe('figures', () => {
  it('carry their unit and the exact value', () => {
    expect(bitRate(12_345_678)).toEqual({ text: '12.3', unit: 'Mbit/s', exact: '12\u202f345\u202f678 bit/s' });
    expect(packetRate(900)).toEqual({ text: '900', unit: 'p/s', exact: '900 packets/s' });
    expect(byteCount(1500)).toEqual({ text: '1.50', unit: 'kB', exact: '1\u202f500 bytes' });
    expect(count(84_210, 'flows')).toEqual({ text: '84.2', unit: 'k', exact: '84\u202f210 flows' });
  });

  it('show a dash for what is not known', () => {
    expect(bitRate(undefined).text).toBe('\u2013');
    expect(bitRate(null).text).toBe('\u2013');
    expect(byteCount(Number.NaN).text).toBe('\u2013');
  });

  it('keep all digits of large whole numbers', () => {
    expect(exactNumber(9_007_199_254_740_991).replace(/\D/g, '')).toBe('9007199254740991');
    expect(exactNumber(1234.5)).toBe('1\u202f234.5');
  });
});

describe('percent', () => {
  it('is exact where it matters and honest where it is small', () => {
    expect(percent(41, 100)).toBe('41\u202f%');
    expect(percent(32, 1000)).toBe('3.2\u202f%');
    expect(percent(1, 1_000_000)).toBe('<\u202f0.1\u202f%');
    expect(percent(0, 10)).toBe('0\u202f%');
    expect(percent(1, 0)).toBe('\u2013');
  });
});

describe('times', () => {
  it('are durations like those of a clock', () => {
    expect(duration(0.4123)).toBe('0.412 s');
    expect(duration(12)).toBe('12.0 s');
    expect(duration(59.97)).toBe('1:00');
    expect(duration(250)).toBe('4:10');
    expect(duration(3723)).toBe('1:02:03');
    expect(duration(3 * 86_400 + 4 * 3600 + 5 * 60)).toBe('3 d 04:05');
    expect(duration(-1)).toBe('\u2013');
    expect(duration(undefined)).toBe('\u2013');
  });

  it('are distances from now', () => {
    expect(ago(100, 100.5)).toBe('now');
    expect(ago(100, 99)).toBe('now');
    expect(ago(100, 112)).toBe('12 s ago');
    expect(ago(100, 400)).toBe('5 min ago');
    expect(ago(0, 7200)).toBe('2 h ago');
    expect(ago(0, 200_000)).toBe('2 d ago');
    expect(ago(undefined, 1)).toBe('\u2013');
  });

  it('are shown in the zone of the browser', () => {
    const when = new Date(2026, 10, 2, 14, 2, 10, 123).getTime() / 1000;
    expect(clockTime(when)).toBe('14:02:10');
    expect(dateTime(when)).toBe('2026-11-02 14:02:10.123');
    expect(dateTime(1e300)).toBe('\u2013');
  });
});

describe('endpoint', () => {
  it('puts IPv6 addresses in brackets before a port', () => {
    expect(endpoint('10.0.0.1', 443)).toBe('10.0.0.1:443');
    expect(endpoint('fe80::1', 443)).toBe('[fe80::1]:443');
    expect(endpoint('fe80::1')).toBe('fe80::1');
  });
});

describe('seenShare', () => {
  it('is all only where it is all', () => {
    expect(seenShare(1)).toBe('100\u202f%');
    expect(seenShare(0.99999)).toBe('99.99\u202f%');
    expect(seenShare(0.9998)).toBe('99.98\u202f%');
    expect(seenShare(0.99)).toBe('99.00\u202f%');
    expect(seenShare(0.97)).toBe('97\u202f%');
    expect(seenShare(0.01)).toBe('1.0\u202f%');
    expect(seenShare(0)).toBe('0\u202f%');
  });

  it('has the exact value beside it, where there is one', () => {
    expect(seenFigure(0.9998)).toEqual({ text: '99.98\u202f%', unit: '', exact: '99.98\u202f%' });
    expect(seenFigure(undefined).text).toBe('\u2013');
  });
});

describe('clockSkew', () => {
  it('says ahead or behind', () => {
    expect(clockSkew(0.0123)).toEqual({ text: '+12.3', unit: 'ms', exact: '0.012 s' });
    expect(clockSkew(-3.5)).toMatchObject({ text: '\u22123.50', unit: 's' });
    expect(clockSkew(250)).toMatchObject({ text: '+4:10', unit: '' });
    expect(clockSkew(undefined).text).toBe('\u2013');
  });
});
