-- SPDX-License-Identifier: GPL-3.0-or-later
-- /lua/style: how pages of lib/html.lua look.
sendHTTPHeader("text/css; charset=utf-8")
print([[
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .3rem .6rem; text-align: left; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
]])
