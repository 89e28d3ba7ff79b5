// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "dpi/dissector.h"
#include "dpi/line_reader.h"
#include "dpi/tls_follower.h"

namespace weir {

// A dissector of a protocol in which both sides send lines. Cuts them out of the stream, whatever
// the packets split, and leaves the line out that a hole is in; a datagram's last line needs no
// end. When the protocol changes over to TLS it follows that to its end. Gives up after kMaxLines
// without a protocol, and is done after as many with one.
class LineDissector : public Dissector {
 public:
  static constexpr size_t kMaxLineBytes = 512;
  static constexpr uint16_t kMaxLines = 4096;

  Progress feed(const Payload& payload, Findings& findings) final;
  [[nodiscard]] size_t held_bytes() const final;

 protected:
  // A whole line without its end.
  virtual Progress take_line(bool to_server, std::string_view line, Findings& findings) = 0;
  // The datagram is over. Streams have none.
  virtual void end_datagram() {}
  // What follows the line that is being taken is TLS, in both directions.
  void start_tls();

 private:
  struct Side {
    LineReader lines{kMaxLineBytes};
    bool is_in_hole = false;  // the bytes up to the next line are not known to begin one
  };

  Progress take_lines(Side& side, ByteReader& bytes, const Payload& payload, Findings& findings);
  Progress take_one(std::string_view line, const Payload& payload, Findings& findings);

  Side sides_[2];  // by Payload::to_server
  uint16_t lines_ = 0;
  std::unique_ptr<TlsFollower> tls_;
};

}  // namespace weir
