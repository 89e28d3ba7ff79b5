-- SPDX-License-Identifier: GPL-3.0-or-later
-- Closes the day that has just ended: all its hosts are in days.sqlite from then on. Days are kept for the preference
-- "days.keep", 30 without it.
ntop.dumpHosts(1, tonumber(ntop.getPref("days.keep")) or 30)
