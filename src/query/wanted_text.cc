// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/wanted_text.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace weir {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

// How a text between dots lies in that of a byte: what is open goes on, as nothing stops it there.
bool fits(std::string_view byte, std::string_view part, bool is_open_before, bool is_open_behind) {
  if (is_open_before && is_open_behind) return byte.find(part) != std::string_view::npos;
  if (is_open_before) return byte.ends_with(part);
  if (is_open_behind) return byte.starts_with(part);
  return byte == part;
}

}  // namespace

std::optional<Ipv4Piece> Ipv4Piece::of(std::string_view text) {
  const auto is_known = [](char c) { return is_digit(c) || c == '.'; };
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_known)) return std::nullopt;
  Ipv4Piece piece;
  for (size_t at = 0; at <= text.size();) {
    const size_t dot = std::min(text.find('.', at), text.size());
    const std::string_view part = text.substr(at, dot - at);
    Bytes& bytes = piece.parts_.emplace_back();
    for (unsigned byte = 0; byte < bytes.size(); ++byte)
      bytes[byte] = fits(std::to_string(byte), part, at == 0, dot == text.size());
    // More dots than an address has: no place for the rest, whatever it is.
    if (piece.parts_.size() > kBytes) break;
    at = dot + 1;
  }
  return piece;
}

WantedText::WantedText(std::string wanted)
    : text(std::move(wanted)),
      has_wildcard(text.find('*') != std::string::npos),
      may_be_in_address(weir::may_be_in_address(text)),
      may_be_in_mac(weir::may_be_in_mac(text)),
      mac(MacAddress::parse(text)) {
  if (auto found = Ipv4Piece::of(text))
    piece = std::make_shared<const Ipv4Piece>(*std::move(found));
}

bool may_be_in_address(std::string_view wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [](char c) { return is_hex_digit(c) || c == ':' || c == '.' || c == '*'; });
}

bool may_be_in_mac(std::string_view wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [](char c) { return is_hex_digit(c) || c == ':' || c == '*'; });
}

}  // namespace weir
