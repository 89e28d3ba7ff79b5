-- SPDX-License-Identifier: GPL-3.0-or-later
-- Closes the day that has just ended: all its hosts are in days.sqlite from then on.
ntop.dumpHosts(1, require("days").keep())
