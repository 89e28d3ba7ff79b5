// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation in HTTP/1 or HTTP/2: memory stays bounded, and as long as nothing is missing and
// every head is one, it is the same wherever packets split it. First byte: which of the two.
// Second: how it is split.
#include <algorithm>
#include <cstdint>

#include "dissector_check.h"
#include "dpi/http1_dissector.h"
#include "dpi/http2_dissector.h"

namespace {

using namespace weir;        // NOLINT(google-build-using-namespace): a program of one file
using namespace weir::fuzz;  // NOLINT(google-build-using-namespace): a program of one file

bool has_gap(const std::vector<Piece>& pieces) {
  return std::any_of(pieces.begin(), pieces.end(), [](const Piece& each) { return each.has_gap; });
}

void check_http1(const std::vector<Piece>& pieces, const std::vector<uint8_t>& splits) {
  std::unique_ptr<Http1Dissector> one;
  std::unique_ptr<Http1Dissector> other;
  const Outcome whole = hear(pieces, {}, true, {}, one);
  const Outcome split = hear(pieces, splits, true, {}, other);
  if (has_gap(pieces) || one->has_lost_track() || other->has_lost_track()) return;
  require(whole == split);
}

void check_http2(const std::vector<Piece>& pieces, const std::vector<uint8_t>& splits) {
  std::unique_ptr<Http2Dissector> one;
  std::unique_ptr<Http2Dissector> other;
  const Outcome whole = hear(pieces, {}, true, {}, one);
  require(whole == hear(pieces, splits, true, {}, other));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader input(data, size);
  const bool is_http2 = (input.u8(0) & 1) != 0;
  const std::vector<uint8_t> splits{input.u8(1), static_cast<uint8_t>(input.u8(1) / 7)};
  input.skip(2);
  const std::vector<Piece> pieces = pieces_of(input);
  if (is_http2) {
    check_http2(pieces, splits);
  } else {
    check_http1(pieces, splits);
  }
  return 0;
}
