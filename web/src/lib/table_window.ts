// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows of a long list are drawn and asked for, and in which order they stand while the order is held.

export const kRowHeight = 28; // px
export const kMaxRows = 100_000; // browsers clip very tall elements; beyond this the filter must be narrowed
const kStep = 16;   // windows begin at multiples of this, so that a short scroll asks nothing new
const kMargin = 8;  // rows drawn above and below what is seen

export interface Extent {
  first: number;
  count: number;
}

// The rows to draw for what the scroller shows.
export function drawnRows(scrollTop: number, height: number, total: number): Extent {
  const rows = Math.min(total, kMaxRows);
  const first = Math.max(0, Math.min(Math.floor(scrollTop / kRowHeight), rows) - kMargin);
  const last = Math.min(rows, Math.ceil((scrollTop + height) / kRowHeight) + kMargin);
  return { first, count: Math.max(0, last - first) };
}

// The window to ask the server for, which covers what is drawn. It does not depend on how many rows there are.
export function askedRows(scrollTop: number, height: number): Extent {
  const top = Math.max(0, Math.floor(scrollTop / kRowHeight) - kMargin);
  const bottom = Math.ceil((scrollTop + height) / kRowHeight) + kMargin;
  const first = Math.floor(top / kStep) * kStep;
  return { first, count: Math.ceil((bottom - first) / kStep) * kStep };
}

// A row with its place in the list. `isGone`: the latest answer did not have it, the values are older.
export interface Placed<Row> {
  row: Row;
  isGone: boolean;
}

// Puts an answer's rows in their places. While held, a place that had a row keeps that row, with new values where the answer
// has them; places that had none take the answer's.
export function placed<Row>(
  before: ReadonlyMap<number, Placed<Row>>, offset: number, rows: readonly Row[], keyOf: (row: Row) => string, isHeld: boolean,
): Map<number, Placed<Row>> {
  const result = new Map<number, Placed<Row>>();
  if (!isHeld) {
    rows.forEach((row, index) => result.set(offset + index, { row, isGone: false }));
    return result;
  }
  const fresh = new Map(rows.map((row) => [keyOf(row), row]));
  const count = Math.max(rows.length, ...[...before.keys()].map((place) => place - offset + 1), 0);
  for (let place = offset; place < offset + count; place += 1) {
    const old = before.get(place);
    const answered = rows[place - offset];
    if (old !== undefined) {
      const now = fresh.get(keyOf(old.row));
      result.set(place, { row: now ?? old.row, isGone: now === undefined });
    } else if (answered !== undefined) {
      result.set(place, { row: answered, isGone: false });
    }
  }
  return result;
}
