// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/byte_reader.h"
#include "dpi/dissector.h"

namespace weir {

// What the first four bytes of an SMB message say it is.
enum class SmbKind : uint8_t {
  kNone,        // no SMB
  kSmb1,        // 0xff "SMB"
  kSmb2,        // 0xfe "SMB"
  kEncrypted,   // 0xfd "SMB", SMB 3 alone
  kCompressed,  // 0xfc "SMB", SMB 3.1.1 alone
};
[[nodiscard]] SmbKind smb_kind(const ByteReader& message);

// Reads a message, as far as it is there, from its first four bytes on, and adds what it tells.
// An answer of the other version changes nothing: a client may offer all of them at once.
void read_smb1(const ByteReader& message, Findings& findings);
void read_smb2(const ByteReader& message, Findings& findings);

}  // namespace weir
