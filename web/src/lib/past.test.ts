// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { Past } from './past';

interface Asked { answer: (text: string) => void; fail: () => void }

// A past whose questions are answered by hand, at a time that is set by hand.
function byHand(): { past: Past<string>; asked: Asked[]; taken: string[]; clock: { now: number } } {
  const [asked, taken, clock]: [Asked[], string[], { now: number }] = [[], [], { now: 0 }];
  const ask = (): Promise<string> => new Promise((answer, reject) => { asked.push({ answer, fail: () => reject(new Error('503')) }); });
  const past = new Past<string>(ask, (answer) => { taken.push(answer); }, () => clock.now);
  past.begin();
  return { past, asked, taken, clock };
}

describe('Past', () => {
  it('is asked for once while it is on its way and when it came', async () => {
    const { past, asked, taken } = byHand();
    const fetched = past.fetch();
    void past.fetch();
    asked[0]?.answer('history');
    await fetched;
    await past.fetch();
    expect([asked.length, taken]).toEqual([1, ['history']]);
  });

  it('is asked for again when that failed, but not at once', async () => {
    const { past, asked, taken, clock } = byHand();
    const failed = past.fetch();
    asked[0]?.fail();
    await failed;
    clock.now = 4999;
    await past.fetch();
    expect(asked.length).toBe(1);
    clock.now = 5000;
    const fetched = past.fetch();
    asked[1]?.answer('history');
    await fetched;
    await past.fetch();
    expect([asked.length, taken]).toEqual([2, ['history']]);
  });

  it('is asked for again when a gap was found meanwhile', async () => {
    const { past, asked, taken } = byHand();
    const first = past.fetch();
    past.lack();
    asked[0]?.answer('before the gap');
    await first;
    const second = past.fetch();
    asked[1]?.answer('with the gap');
    await second;
    expect(taken).toEqual(['before the gap', 'with the gap']);
  });

  it('is no longer waited for when a gap is found a while later', async () => {
    const { past, asked, taken, clock } = byHand();
    void past.fetch(); // nothing comes of it
    clock.now = 4999;
    past.lack();
    void past.fetch();
    expect(asked.length).toBe(1);
    clock.now = 5000;
    past.lack();
    const fetched = past.fetch();
    expect(asked.length).toBe(2);
    asked[1]?.answer('history');
    await fetched;
    expect(taken).toEqual(['history']);
  });

  it('of another series does not wait for that of the last, and takes none of it', async () => {
    const { past, asked, taken } = byHand();
    const old = past.fetch();
    past.begin();
    const fetched = past.fetch();
    asked[0]?.answer('old');
    await old;
    void past.fetch();
    expect(asked.length).toBe(2);
    asked[1]?.answer('new');
    await fetched;
    expect(taken).toEqual(['new']);
  });

  it('of another series is asked for at once though that of the last failed', async () => {
    const { past, asked } = byHand();
    const old = past.fetch();
    past.begin();
    asked[0]?.fail();
    await old;
    void past.fetch();
    expect(asked.length).toBe(2);
  });
});
