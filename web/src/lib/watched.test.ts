// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { readWatch, watchId } from './watched.svelte';

describe('what is watched', () => {
  it('has one id, that is a name of preferences', () => {
    const id = watchId({ list: 'flows', filter: 'app = "TLS"' });
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(watchId({ list: 'flows', filter: 'app = "TLS"' })).toBe(id);
    expect(watchId({ list: 'hosts', filter: 'app = "TLS"' })).not.toBe(id);
    expect(watchId({ list: 'flows', filter: 'app = "TLs"' })).not.toBe(id);
  });

  it('is read of the preferences, and nothing else is', () => {
    expect(readWatch('watch/7', '{"list":"hosts","filter":"host = 10.0.0.1"}')).toEqual(['7', { list: 'hosts', filter: 'host = 10.0.0.1' }]);
    expect(readWatch('console/host/10.0.0.1', '{"list":"hosts","filter":""}')).toBeNull();
    for (const value of ['', 'dark', 'null', '[]', '{"list":"hosts"}', '{"list":"other","filter":"x"}', '{"list":"flows","filter":5}']) expect(readWatch('watch/7', value), value).toBeNull();
  });
});
