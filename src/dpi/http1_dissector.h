// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "dpi/dissector.h"
#include "dpi/http_body.h"
#include "dpi/http_exchanges.h"
#include "dpi/http_head.h"
#include "dpi/line_reader.h"

namespace weir {

// Follows an HTTP/1 connection as long as it lasts: the heads of all requests and responses, and
// each pair as a transaction. Content is skipped; a response whose content ends with the connection
// is reported when that is over. Where packets are missing it
// goes on at the next packet that begins with a head. Ends (kDone) at CONNECT and at Upgrade, but
// for h2c, which Http2Dissector then follows; also when nobody counts transactions and enough URLs
// were seen. Which side asks is told by what it says, not by the ports.
// Source: RFC 9112; RFC 6455 (WebSocket); RFC 7540, 3.2 (h2c).
class Http1Dissector : public Dissector {
 public:
  // Lines are cut here; names and URLs are shorter, cookies may be longer.
  static constexpr size_t kMaxLineBytes = 1024;
  static constexpr size_t kMaxHostBytes = 255;
  static constexpr uint16_t kMaxHeadLines = 256;
  static constexpr uint8_t kMaxUrls = 8;  // in the metadata

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override;
  void conclude(Findings& findings) override;
  [[nodiscard]] uint64_t unneeded(bool to_server) const override;
  void pass(bool to_server, uint64_t bytes, Timestamp when) override;

  // Whether a side ever stood where no head was, though no packet was missing. What is found from
  // there on depends on how the stream was cut into packets.
  [[nodiscard]] bool has_lost_track() const { return has_lost_track_; }

 private:
  // What the head that is being read said so far.
  struct Head {
    std::string method;
    std::string target;
    std::string host;
    uint16_t status = 0;
    uint16_t lines = 0;
    Timestamp began;
    std::optional<uint64_t> content_length;
    bool is_chunked = false;
    bool upgrades_to_websocket = false;
    bool upgrades_to_http2 = false;
  };
  enum class State : uint8_t { kStart, kFields, kBody, kLost };
  struct Side {
    State state = State::kStart;
    LineReader lines{kMaxLineBytes};
    HttpBody body;
    Head head;
  };

  bool is_request_side(const Side& side) const { return &side == request_side_; }
  Progress hand_over(const ByteReader& bytes, const Payload& payload, Findings& findings);
  void lose(Side& side, Findings& findings);
  void find_again(Side& side, const Payload& payload, Findings& findings);
  Progress take(Side& side, ByteReader& bytes, const Payload& payload, Findings& findings);
  Progress take_head(Side& side, ByteReader& bytes, const Payload& payload, Findings& findings);
  Progress take_start_line(Side& side, std::string_view line, Findings& findings);
  bool begin_request(Side& side, std::string_view line, Findings& findings);
  bool begin_response(Side& side, std::string_view line, Findings& findings);
  void take_field(Side& side, std::string_view line, Findings& findings);
  Progress end_head(Side& side, Timestamp when, Findings& findings);
  void end_request(Side& side, Timestamp when, Findings& findings);
  Progress end_response(Side& side, Timestamp when, Findings& findings);
  Progress upgrade(const Head& head, Findings& findings);
  void take_body(Side& side, ByteReader& bytes, const Payload& payload, Findings& findings);
  void note_content(const Side& side, Timestamp when);
  void add_url(const Head& head, Findings& findings);

  Side sides_[2];  // by Payload::to_server
  const Side* request_side_ = nullptr;
  HttpExchanges exchanges_;
  uint8_t urls_ = 0;
  bool has_lost_track_ = false;
  std::unique_ptr<Dissector> successor_;  // after an upgrade to HTTP/2
};

}  // namespace weir
