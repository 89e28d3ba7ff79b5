// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "base/byte_reader.h"
#include "dpi/dns_message.h"

namespace weir {

// Reads the `size` bytes of data at `offset` of `message` into record.text and record.addresses, as
// record.type says. What is not whole, or of a type that nobody reads, adds nothing.
// REQUIRES: offset + size lies within the message.
void read_record_data(const ByteReader& message, size_t offset, size_t size, bool is_netbios,
                      DnsRecord& record);

}  // namespace weir
