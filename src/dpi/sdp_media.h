// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dpi/dissector.h"

namespace weir {

// Reads, line by line, the description of a session that one side of a call sends, and announces
// where it wants its RTP. Source: RFC 4566 (5.7, 5.14), RFC 3264.
class SdpMedia {
 public:
  // Another description begins.
  void start() { *this = {}; }
  // A line that is none of interest changes nothing.
  void take_line(std::string_view line, Findings& findings);

 private:
  void take_connection(std::string_view value, Findings& findings);
  void take_media(std::string_view value, Findings& findings);
  void announce(Findings& findings) const;

  std::optional<IpAddress> address_;
  uint16_t port_ = 0;  // of the media that are described; 0: none, or none wanted
};

}  // namespace weir
