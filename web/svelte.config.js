// SPDX-License-Identifier: GPL-3.0-or-later
export default {
  compilerOptions: { runes: true },
};
