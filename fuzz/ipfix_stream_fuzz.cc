// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a TCP connection. It gives the same messages however they come in pieces, and holds
// less than one of them. First byte: the length of a piece.
#include <algorithm>
#include <vector>

#include "collect/ipfix_stream.h"
#include "property.h"

namespace {

using namespace weir;  // NOLINT(google-build-using-namespace): a program of one file

using weir::fuzz::require;

struct Cut {
  std::vector<std::vector<uint8_t>> messages;
  bool is_ipfix = true;

  bool operator==(const Cut&) const = default;
};

Cut cut(std::span<const uint8_t> bytes, size_t step) {
  IpfixStream stream;
  Cut result;
  while (!bytes.empty() && result.is_ipfix) {
    const auto piece = bytes.first(std::min(step, bytes.size()));
    bytes = bytes.subspan(piece.size());
    result.is_ipfix = stream.feed(piece, [&](std::span<const uint8_t> message) {
      require(message.size() >= 16, "a message has a header");
      result.messages.emplace_back(message.begin(), message.end());
    });
    require(stream.held() < 65'536, "less than a message is held");
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::span<const uint8_t> bytes(data + 1, size - 1);
  require(cut(bytes, 1 + data[0]) == cut(bytes, std::max<size_t>(bytes.size(), 1)),
          "pieces make no difference");
  return 0;
}
