-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keeps what each interface carried in the hour that has just ended, four weeks of hours: /api/v1/hours.
require("hours").keep()
