// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_reader.h"

namespace weir {

// What a message between a client and a key distribution centre says in the clear.
struct KerberosMessage {
  enum class Kind : uint8_t { kRequest, kAnswer, kError };

  Kind kind = Kind::kRequest;
  std::string_view realm;  // of the service; views of the message
  std::string client;      // components joined by '/', "" where none is named
  std::string service;
  uint32_t error = 0;  // of kError
};

// Whether the bytes begin like one: the tag of a message that there is, in DER.
[[nodiscard]] bool may_be_kerberos(const ByteReader& bytes);
// Reads AS-REQ, AS-REP, TGS-REQ, TGS-REP (RFC 4120, section 5.4) and KRB-ERROR (5.9). False when it
// is none of them or not there as a whole.
[[nodiscard]] bool read_kerberos(ByteReader bytes, KerberosMessage& message);
// "KDC_ERR_PREAUTH_REQUIRED" (section 7.5.9); the number of what is not in the list.
[[nodiscard]] std::string kerberos_error_name(uint32_t code);

}  // namespace weir
