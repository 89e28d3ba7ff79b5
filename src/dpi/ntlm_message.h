// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/byte_reader.h"

namespace weir {

// Who an NTLM AUTHENTICATE_MESSAGE says logs on ([MS-NLMP], section 2.2.1.3), as UTF-8.
struct NtlmLogon {
  std::string domain;
  std::string user;
};

// Finds the message anywhere in `bytes` (it stands within SPNEGO, which stands within SMB or HTTP)
// and reads it. False when there is none or it names nobody.
[[nodiscard]] bool find_ntlm_logon(const ByteReader& bytes, NtlmLogon& logon);

}  // namespace weir
