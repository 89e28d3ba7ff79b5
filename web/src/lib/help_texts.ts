// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of the list of keys.
export const helpTexts = {
  title: 'Keys',
  close: 'Close (Escape)',
  off: 'Single keys are turned off under View settings.',
  rows: [
    ['Ctrl K', 'find anything'], ['/', 'go to the filter'], ['Space', 'pause and resume'], ['t', 'chart or table of the same values'],
    ['arrows, Page, Home, End', 'move in a table or chart; left and right move through the values of a row'], ['j, k', 'down and up in a table'], ['Enter', 'open'],
    ['m', 'menu of the value, as by the right mouse button'], ['Escape', 'close, leave'], ['?', 'these keys'],
  ],
  goRows: 'g, then',
} as const;
