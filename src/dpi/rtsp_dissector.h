// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dpi/line_dissector.h"

namespace weir {

// RTSP up to the end of the first response's head: what was asked for and who both sides are.
// Source: RFC 2326, RFC 7826.
class RtspDissector : public LineDissector {
 public:
  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

 protected:
  Progress take_line(bool to_server, std::string_view line, Findings& findings) override;

 private:
  void take_start_line(std::string_view line, Findings& findings);

  bool has_start_line_[2] = {false, false};  // by Payload::to_server
};

}  // namespace weir
