// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dpi/dissector.h"
#include "dpi/hpack_decoder.h"
#include "dpi/http2_frame_reader.h"

namespace weir {

// Follows an HTTP/2 connection in clear text from its start, as long as it lasts: names, and each
// stream as a transaction (at most kMaxStreams open ones are remembered). Ends (kDone) where
// packets are missing, since HPACK and the frames cannot be found again, and where a header block
// needs more memory than HpackMemory has.
// Source: RFC 9113; gRPC over HTTP/2 (content type "application/grpc").
class Http2Dissector : public Dissector {
 public:
  static constexpr size_t kMaxStreams = 12;
  static constexpr uint8_t kMaxUrls = 8;  // in the metadata

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();
  // Of a connection that began as HTTP/1.1 and was upgraded to h2c: what follows the 101.
  static std::unique_ptr<Dissector> after_upgrade();

  Http2Dissector();

  Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override;
  void conclude(Findings& findings) override;

 private:
  struct Head {
    std::string method;
    std::string authority;
    std::string path;
    uint16_t status = 0;
    bool has_grpc_error = false;
  };
  struct Side {
    Side(bool has_preface, HpackMemory& memory) : frames(has_preface), hpack(memory) {}
    Http2FrameReader frames;
    HpackDecoder hpack;
    Head head;
    bool ends_stream = false;  // said by HEADERS whose block goes on in CONTINUATION
  };
  struct Stream {
    uint32_t id = 0;
    std::string key;
    Timestamp asked;
    Timestamp answered;
    Timestamp completed;  // so far
    bool is_answered = false;
    bool is_error = false;
  };

  bool take_block(Side& side, Findings& findings);
  static void take_field(Head& head, std::string_view name, std::string_view value,
                         Findings& findings);
  void end_block(Side& side, const Payload& payload, Findings& findings);
  void end_frame(const Http2Frame& frame, const Payload& payload, Findings& findings);
  void begin_stream(uint32_t id, const Head& head, Timestamp when, Findings& findings);
  void answer_stream(uint32_t id, const Head& head, Timestamp when, Findings& findings);
  void end_stream(uint32_t id, const Payload& payload, Findings& findings);
  Stream* find_stream(uint32_t id);
  void drop_stream(uint32_t id);

  HpackMemory memory_;
  Side server_{false, memory_};
  Side client_{true, memory_};
  std::vector<Stream> streams_;
  uint8_t urls_ = 0;
  bool has_heard_answers_ = false;
};

}  // namespace weir
