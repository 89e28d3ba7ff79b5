// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/byte_reader.h"

namespace weir {

// One element of DER: what stands before its content, and the content.
struct DerElement {
  uint8_t tag = 0;
  ByteReader content;
};

// DER's universal tags as whole identifier bytes, sequences and sets with their "constructed" bit.
enum DerTag : uint8_t {
  kDerBoolean = 0x01,
  kDerInteger = 0x02,
  kDerOctetString = 0x04,
  kDerObjectId = 0x06,
  kDerUtf8String = 0x0c,
  kDerUtcTime = 0x17,
  kDerGeneralizedTime = 0x18,
  kDerUniversalString = 0x1c,
  kDerBmpString = 0x1e,
  kDerSequence = 0x30,
  kDerSet = 0x31,
};

// Takes the next element off the front of `in`. False and nothing taken when it does not lie within
// `in` as a whole, has a length of unknown extent (BER) or one of more than three bytes, or a tag
// of several bytes. Source: ITU-T X.690, section 8.1.
bool take_der(ByteReader& in, DerElement& out);

// The same for an element that must have this tag.
bool take_der(ByteReader& in, uint8_t tag, ByteReader& content);

}  // namespace weir
