// SPDX-License-Identifier: GPL-3.0-or-later
// The console that all tests of a file share (openConsole()), from before the first to after the last of them.
import { after, before } from 'node:test';

import { openConsole } from './browser.mjs';

export let opened; // these are there once the tests run
export let inPage;
export let mock;
export let origin;

before(async () => {
  opened = await openConsole();
  ({ inPage, mock, origin } = opened);
});

after(async () => {
  await opened?.close();
});
