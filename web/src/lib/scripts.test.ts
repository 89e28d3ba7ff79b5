// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';

import { isScriptName, kScriptKinds, scriptPath } from './scripts';

test('the path of a script keeps its slashes and nothing else', () => {
  expect(scriptPath('cron/second/talkers')).toBe('/api/v1/scripts/cron/second/talkers');
  expect(scriptPath('rest/a?b#c')).toBe('/api/v1/scripts/rest/a%3Fb%23c');
});

test('names are those that weir takes', () => {
  expect(['a', 'many_flows', '9'].every(isScriptName)).toBe(true);
  expect(['', 'A', 'a-b', '../a', 'a/b', 'a.lua', 'x'.repeat(65)].some(isScriptName)).toBe(false);
  expect(new Set(kScriptKinds).size).toBe(kScriptKinds.length);
});
