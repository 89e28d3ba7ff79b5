// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir {

// A message of syslog: RFC 5424, RFC 3164, or what programs send for one. Views lie in the message,
// which strangers wrote: any byte may stand in it. A plain value.
struct SyslogLine {
  uint8_t facility = 1;         // user-level where nothing is said
  uint8_t severity = 5;         // notice, likewise
  std::string_view host;        // "" where it is not told, as the others
  std::string_view program;     // "sshd"
  std::string_view message_id;  // RFC 5424
  std::string_view text;        // without what stands before it and the white space at its end
};

// Everything is a message: what has no header is text.
[[nodiscard]] SyslogLine read_syslog_line(std::string_view message);

// "2026-11-30T01:02:03.123456+0100", "...Z": nanoseconds since 1970 (RFC 3339; the offset with or
// without a colon), of the years 1970 to 2261. Nothing for all else.
[[nodiscard]] std::optional<int64_t> read_date_time(std::string_view text);

}  // namespace weir
