// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, it } from 'vitest';

import { csvOf } from './picture';

describe('csvOf', () => {
  it('quotes what must be and makes no formulas', () => {
    expect(csvOf([['a', 'b "c"'], ['=1+1', '-5'], ['-x', '@y'], ['1,2', 'line\nbreak']])).toBe('a,"b ""c"""\r\n\'=1+1,-5\r\n\'-x,\'@y\r\n"1,2","line\nbreak"\r\n');
  });
});
