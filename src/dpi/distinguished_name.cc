// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/distinguished_name.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "dpi/der_reader.h"

namespace weir {
namespace {

struct ShortName {
  std::string_view object_id;  // as DER has it
  std::string_view text;
};

constexpr std::string_view kCommonName("\x55\x04\x03", 3);
constexpr std::array kShortNames{
    ShortName{kCommonName, "CN"},
    ShortName{{"\x55\x04\x04", 3}, "SN"},
    ShortName{{"\x55\x04\x05", 3}, "serialNumber"},
    ShortName{{"\x55\x04\x06", 3}, "C"},
    ShortName{{"\x55\x04\x07", 3}, "L"},
    ShortName{{"\x55\x04\x08", 3}, "ST"},
    ShortName{{"\x55\x04\x09", 3}, "street"},
    ShortName{{"\x55\x04\x0a", 3}, "O"},
    ShortName{{"\x55\x04\x0b", 3}, "OU"},
    ShortName{{"\x55\x04\x0c", 3}, "title"},
    ShortName{{"\x55\x04\x0f", 3}, "businessCategory"},
    ShortName{{"\x55\x04\x11", 3}, "postalCode"},
    ShortName{{"\x55\x04\x2a", 3}, "GN"},
    ShortName{{"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 9}, "emailAddress"},
    ShortName{{"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", 10}, "UID"},
    ShortName{{"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", 10}, "DC"},
    ShortName{{"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03", 11}, "jurisdictionC"},
    ShortName{{"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02", 11}, "jurisdictionST"},
    ShortName{{"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01", 11}, "jurisdictionL"},
};

std::string_view bytes_of(ByteReader reader) {
  return {reinterpret_cast<const char*>(reader.data()), reader.remaining()};
}

// X.690, section 8.19: seven bits a byte, the first number holds two.
std::string dotted(ByteReader object_id) {
  object_id.truncate(32);
  std::string text;
  uint32_t number = 0;
  for (const uint8_t byte : object_id.rest()) {
    number = number << 7 | (byte & 0x7f);
    if ((byte & 0x80) != 0) continue;
    if (text.empty()) {
      const uint32_t first = std::min(number / 40, 2U);
      text = std::to_string(first) + "." + std::to_string(number - 40 * first);
    } else {
      text += "." + std::to_string(number);
    }
    number = 0;
  }
  return text;
}

// A view of the value, or of `converted`.
std::string_view text_of(const DerElement& value, std::string& converted) {
  ByteReader rest = value.content;
  rest.truncate(kMaxAttributeBytes);
  if (value.tag == kDerBmpString) {
    for (; rest.can_read(2); rest.skip(2)) append_utf8(converted, rest.u16(0));
  } else if (value.tag == kDerUniversalString) {
    for (; rest.can_read(4); rest.skip(4)) append_utf8(converted, rest.u32(0));
  } else {
    return bytes_of(rest);
  }
  return converted;
}

bool is_special(char c) {
  switch (c) {
    case ',':
    case '+':
    case '"':
    case '\\':
    case '<':
    case '>':
    case ';':
      return true;
    default:
      return false;
  }
}

// RFC 4514, section 2.4.
void append_escaped(std::string& text, std::string_view value) {
  const bool is_plain = !value.empty() && value.front() != ' ' && value.back() != ' ' &&
                        value.front() != '#' && std::ranges::none_of(value, is_special);
  if (is_plain) return static_cast<void>(text += value);
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool is_edge_space = c == ' ' && (i == 0 || i + 1 == value.size());
    if (is_edge_space || (c == '#' && i == 0) || is_special(c)) text += '\\';
    text += c;
  }
}

// One attribute, "O=Example".
bool take_attribute(ByteReader& set, DistinguishedName& name, std::string& text) {
  ByteReader attribute;
  ByteReader type;
  DerElement value;
  if (!take_der(set, kDerSequence, attribute) || !take_der(attribute, kDerObjectId, type) ||
      !take_der(attribute, value))
    return false;
  const auto known = std::ranges::find(kShortNames, bytes_of(type), &ShortName::object_id);
  if (known == kShortNames.end()) {
    text += dotted(type);
  } else {
    text += known->text;
  }
  text += '=';
  std::string converted;
  const std::string_view value_text = text_of(value, converted);
  append_escaped(text, value_text);
  if (bytes_of(type) == kCommonName) name.common_name = value_text;
  return true;
}

}  // namespace

DistinguishedName read_distinguished_name(ByteReader content) {
  constexpr size_t kTypicalParts = 8;
  DistinguishedName name;
  // RFC 4514 wants the last part first: the parts are kept by their ends and turned round.
  std::string forward;
  forward.reserve(kMaxNameBytes);
  std::vector<size_t> ends;
  ends.reserve(kTypicalParts);
  for (ByteReader set; forward.size() < kMaxNameBytes && take_der(content, kDerSet, set);) {
    for (bool is_first = true; forward.size() < kMaxNameBytes && !set.empty(); is_first = false) {
      const size_t before = forward.size();
      if (!is_first) forward += '+';
      if (!take_attribute(set, name, forward)) {
        forward.resize(before);
        break;
      }
    }
    ends.push_back(forward.size());
  }
  name.text.reserve(forward.size() + ends.size());
  for (size_t i = ends.size(); i > 0; --i) {
    const size_t begin = i == 1 ? 0 : ends[i - 2];
    if (begin == ends[i - 1]) continue;
    if (!name.text.empty()) name.text += ',';
    name.text.append(forward, begin, ends[i - 1] - begin);
  }
  return name;
}

}  // namespace weir
