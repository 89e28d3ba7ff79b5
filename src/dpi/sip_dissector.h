// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "dpi/line_dissector.h"
#include "dpi/sdp_media.h"

namespace weir {

// SIP over UDP and TCP: methods, who calls whom, call identifiers, user agent and server, and
// where the media of the calls are to come; done after kMaxMessages messages. Source: RFC 3261.
class SipDissector : public LineDissector {
 public:
  static constexpr uint16_t kMaxMessages = 128;
  static constexpr uint8_t kMaxCalls = 8;    // in the metadata
  static constexpr uint8_t kMaxParties = 8;  // From and To

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

 protected:
  Progress take_line(bool to_server, std::string_view line, Findings& findings) override;
  void end_datagram() override { is_in_head_[0] = is_in_head_[1] = false; }

 private:
  bool take_start_line(std::string_view line, Findings& findings);
  void take_field(std::string_view line, Findings& findings);
  void add_party(MetadataField field, std::string_view value, Findings& findings);

  bool is_in_head_[2] = {false, false};  // by Payload::to_server
  SdpMedia media_[2];                    // the same
  uint16_t messages_ = 0;
  uint8_t calls_ = 0;
  uint8_t parties_ = 0;
};

}  // namespace weir
