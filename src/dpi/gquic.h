// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace weir {

// Google's QUIC before it took over the IETF's packets: Q024 to Q043 with a header of its own, Q046
// with one that is nearly the IETF's. Neither hides the client's first message.

// What a CHLO says, as views into it; what it does not say is empty.
struct GquicHello {
  std::string_view server_name;  // tag SNI
  std::string_view user_agent;   // tag UAID
};

// Whether the datagram begins like one of these versions with the version in it, as a client's
// first ones do; gives the version.
[[nodiscard]] bool read_gquic_version(ByteReader datagram, uint32_t& number);

// Finds the CHLO in a client's datagram of Q024 to Q046.
[[nodiscard]] bool find_gquic_hello(ByteReader datagram, ByteReader& message);

// Reads a CHLO, as far as it is there; false when it is none.
// Source: Chromium's "QUIC Crypto" design document, section "Handshake message format".
[[nodiscard]] bool parse_gquic_hello(ByteReader message, GquicHello& out);

}  // namespace weir
