// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "dpi/dissector.h"
#include "dpi/exchange_queue.h"
#include "dpi/line_reader.h"
#include "dpi/message_cutter.h"

namespace weir {

// Follows a connection to memcached over TCP, in its text protocol or its binary one: each command
// as a transaction whose key is the command and the pattern of its first key ("get user:?"). Errors
// are what the server calls one; a miss is an answer. Of pipelined quiet commands of the binary
// protocol those that were answered are reported. Done at quiet meta commands ("mg key q"), whose
// answers may be missing without being told, and where packets are missing.
// Source: memcached's doc/protocol.txt and doc/protocol-binary.xml.
class MemcachedDissector : public Dissector {
 public:
  static constexpr size_t kMaxLineBytes = 512;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override;
  void conclude(Findings& findings) override;

 private:
  enum class Form : uint8_t { kUnknown, kText, kBinary };
  struct Side {
    LineReader lines{kMaxLineBytes};
    uint64_t data = 0;  // bytes to come of a value and its line end
    MessageCutter messages{24, 272};
  };

  Progress feed_text(Side& side, const Payload& payload, Findings& findings);
  Progress take_command(Side& side, std::string_view line, Timestamp when, Findings& findings);
  Progress take_answer(Side& side, std::string_view line, Timestamp when, Findings& findings);
  Progress feed_binary(Side& side, const Payload& payload, Findings& findings);
  void take_request(const ByteReader& message, Timestamp when);
  void take_response(const ByteReader& message, Timestamp when, Findings& findings);

  Side server_;
  Side client_;
  Form form_ = Form::kUnknown;
  ExchangeQueue exchanges_{"Memcached"};
};

}  // namespace weir
