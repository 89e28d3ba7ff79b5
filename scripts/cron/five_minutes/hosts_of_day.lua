-- SPDX-License-Identifier: GPL-3.0-or-later
-- Writes down which hosts there have been today; weir forgets a host some minutes after its last packet.
ntop.dumpHosts(0, require("days").keep())
