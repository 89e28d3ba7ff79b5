// SPDX-License-Identifier: GPL-3.0-or-later
// Columns that there is room for in a wide window only.
import type { Column } from './columns';

const wide = window.matchMedia('(min-width: 1360px)');

class Room {
  isWide = $state(wide.matches);

  constructor() {
    wide.addEventListener('change', () => { this.isWide = wide.matches; });
  }

  // `columns` as they are shown in the window as it is.
  columns<Row>(columns: readonly Column<Row>[]): readonly Column<Row>[] {
    return this.isWide ? columns : columns.map((column) => (column.isWide === true ? { ...column, isExtra: true } : column));
  }
}

export const room = new Room();
