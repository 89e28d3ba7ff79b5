// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "dpi/dissector.h"
#include "dpi/dtls_messages.h"
#include "dpi/tls_handshake.h"

namespace weir {

// DTLS 1.0, 1.2 and 1.3 over UDP, from the hellos or met in the middle (RFC 4347, 6347, 9147).
// Other protocols may share the flow (RFC 7983): their datagrams are passed over.
class DtlsDissector final : public Dissector {
 public:
  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

  [[nodiscard]] Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override {
    return client_.messages.allocated() + server_.messages.allocated();
  }

 private:
  static constexpr unsigned kMaxDatagrams = 40;
  static constexpr unsigned kCertainRecords = 2;  // encrypted ones, when no hello was seen
  static constexpr unsigned kOneWayRecords = 4;

  struct Record {
    uint8_t type = 0;
    uint16_t epoch = 0;
    ByteReader content;
  };
  struct Side {
    explicit Side(size_t limit) : messages(limit) {}

    DtlsMessages messages;
    unsigned encrypted_records = 0;
  };

  // Each is true when nothing more can come.
  [[nodiscard]] bool take(const Record& record, const Payload& payload, Findings& findings);
  [[nodiscard]] bool take_encrypted(Side& side);
  [[nodiscard]] bool take_handshake(Side& side, ByteReader content, const Payload& payload,
                                    Findings& findings);
  [[nodiscard]] bool take_message(const DtlsMessage& message, const Payload& payload,
                                  Findings& findings);
  [[nodiscard]] bool take_alert(ByteReader content, const Payload& payload, Findings& findings);
  [[nodiscard]] static bool take_record(ByteReader& rest, bool has_gap, Record& record);

  Side client_{FragmentBuffer::kSmall};
  Side server_{FragmentBuffer::kMax};
  TlsHandshake handshake_{TlsTransport::kDtls};
  unsigned datagrams_ = 0;
  bool is_certain_ = false;
  bool is_broken_ = false;
};

}  // namespace weir
