// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dpi/dissector.h"
#include "dpi/ssl2_hello.h"
#include "dpi/tls_handshake.h"
#include "dpi/tls_messages.h"
#include "dpi/tls_record_cutter.h"

namespace weir {

// Follows both directions of a TLS connection over TCP until both hellos and, where it is in the
// clear, the certificate were seen, or nothing more can come. For TlsDissector, and for the
// protocols that change over to TLS (STARTTLS): their dissector hands each payload from the first
// byte of TLS on to a follower of its own, with is_stream_start set, and returns what feed() says.
// Writes metadata and transactions, never Findings::protocol.
//
// A direction that loses bytes is taken up again where a payload begins with a record. Without gaps
// the findings are the same wherever the payloads split the stream.
//
// Owner: whoever follows the connection. Memory: at most `max_buffers` bytes, some 6 KB while a
// certificate is read, and this object.
class TlsFollower {
 public:
  static constexpr size_t kMaxBuffers = 13 * 1024;

  explicit TlsFollower(size_t max_buffers = kMaxBuffers) : max_buffers_(max_buffers) {}

  // Progress::kNotMine when the bytes cannot be TLS. After kDone or kNotMine feed() is not called.
  [[nodiscard]] Progress feed(const Payload& payload, Findings& findings);
  // For a protocol that changed over to TLS: `rest` of the payload's bytes is TLS. Never kNotMine:
  // what is no TLS after all changes nothing of what the flow was before.
  [[nodiscard]] Progress feed_rest(const ByteReader& rest, const Payload& payload,
                                   Findings& findings);

  // A hello, or so many records in a row that it is no accident.
  [[nodiscard]] bool is_certain() const { return is_certain_; }
  [[nodiscard]] size_t held_bytes() const {
    return sides_[0].messages.allocated() + sides_[1].messages.allocated();
  }

 private:
  enum class Verdict : uint8_t { kContinue, kEnd, kBroken };

  static constexpr size_t kMaxFollowed = 64 * 1024;  // bytes of both directions
  static constexpr unsigned kCertainRecords = 3;
  static constexpr unsigned kOneWayRecords = 4;  // of application data, nothing from the other side

  struct Side {
    TlsRecordCutter records;
    TlsMessages messages;
    std::array<uint8_t, kSsl2HelloHeader> start{};  // until it is known to be no SSL 2.0
    uint8_t start_size = 0;
    bool is_started = false;
    bool is_whole = false;      // its first bytes are the connection's first
    bool is_lost = false;       // bytes are missing and no record's begin was found since
    bool is_over = false;       // what came was no TLS: only a gap can bring it back
    bool is_encrypted = false;  // after ChangeCipherSpec
    uint8_t data_records = 0;
    size_t skipped = 0;  // bytes of an SSL 2.0 record still to come
  };

  Verdict follow(Side& side, ByteReader bytes);
  Verdict start(Side& side, ByteReader& bytes);
  Verdict take_records(Side& side, ByteReader bytes);
  Verdict take_part(Side& side, const TlsRecordPart& part);
  Verdict take_change(Side& side);
  Verdict take_handshake(Side& side, ByteReader bytes);
  Verdict take_message(Side& side, const TlsMessage& message);
  Verdict take_alert(const Side& side, const TlsRecordPart& part);
  Verdict take_data_record(Side& side);
  void note_record(const TlsRecordPart& part);
  void lose(Side& side);
  void end();
  [[nodiscard]] bool is_complete() const;
  [[nodiscard]] bool is_server(const Side& side) const { return &side == &sides_[1]; }
  [[nodiscard]] size_t allowance(const Side& side) const;

  size_t max_buffers_;
  std::array<Side, 2> sides_;  // the client's, the server's
  TlsHandshake handshake_{TlsTransport::kTcp};
  bool is_certain_ = false;
  unsigned records_ = 0;
  size_t followed_ = 0;
  // Of the payload that is being read.
  Timestamp when_;
  Findings* findings_ = nullptr;
};

}  // namespace weir
