// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "dpi/line_dissector.h"

namespace weir {

// RTSP up to the response to PLAY or RECORD: what was asked for, who both sides are, and between
// which ports the media are to come. Media inside the connection itself end it.
// Source: RFC 2326 (12.39 Transport), RFC 7826.
class RtspDissector : public LineDissector {
 public:
  static constexpr uint8_t kMaxResponses = 32;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

 protected:
  Progress take_line(bool to_server, std::string_view line, Findings& findings) override;

 private:
  void take_start_line(std::string_view line, Findings& findings);

  Progress end_head(bool to_server);
  static void take_transport(std::string_view value, Findings& findings);

  uint8_t responses_ = 0;
  bool starts_media_ = false;                // the last request does
  bool has_start_line_[2] = {false, false};  // by Payload::to_server
};

}  // namespace weir
