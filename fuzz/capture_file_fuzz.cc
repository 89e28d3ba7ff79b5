// SPDX-License-Identifier: GPL-3.0-or-later
// A capture file of foreign bytes. Each packet lies inside the window it was parsed from, each step
// makes progress, and the file gives the same packets and the same tear whether it is seen whole or
// arrives in pieces.
#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "capture/capture_parser.h"
#include "property.h"

namespace {

using namespace weir;
using Bytes = std::span<const uint8_t>;

using weir::fuzz::require;

struct Packet {
  size_t offset;  // in the file
  PacketView view;

  bool operator==(const Packet& other) const {
    return offset == other.offset && view.captured_length == other.view.captured_length &&
           view.wire_length == other.view.wire_length && view.timestamp == other.view.timestamp &&
           view.link_type == other.view.link_type;
  }
};

struct Reading {
  std::vector<Packet> packets;
  std::string tear;
  size_t end = 0;  // where the last good record ends

  bool operator==(const Reading&) const = default;
};

void keep(const PacketBatch& batch, Bytes file, Bytes window, Reading& reading) {
  for (const PacketView& view : std::span(batch.packets).first(batch.count)) {
    require(view.data >= window.data(), "a packet starts inside its window");
    const auto start = static_cast<size_t>(view.data - window.data());
    require(start <= window.size() && view.captured_length <= window.size() - start,
            "a packet ends inside its window");
    require(view.timestamp.nanoseconds < 1'000'000'000, "a fraction is below a second");
    reading.packets.push_back({static_cast<size_t>(view.data - file.data()), view});
  }
}

// `arrived(needed)`: how many bytes of the file are there when the parser has asked for `needed` of
// them.
Reading read(Bytes file, const std::function<size_t(size_t)>& arrived) {
  Reading reading;
  auto parser = make_capture_parser(ByteReader(file.first(std::min(file.size(), kFormatBytes))));
  if (!parser) return {.packets = {}, .tear = parser.error().message};
  PacketBatch batch;
  size_t there = arrived(0);
  while (true) {
    batch.clear();
    const Bytes window = file.subspan(reading.end, there - reading.end);
    const ParseOutcome outcome = (*parser)->parse(ByteReader(window), batch);
    require(outcome.consumed <= window.size(), "no more is consumed than there is");
    keep(batch, file, window, reading);
    reading.end += outcome.consumed;
    if (outcome.status == ParseStatus::kTorn) {
      require(!outcome.reason.empty(), "a tear has a reason");
      reading.tear = outcome.reason;
      return reading;
    }
    if (outcome.status == ParseStatus::kFull) {
      require(batch.full() && outcome.consumed != 0, "a full batch was read from something");
      continue;
    }
    require(outcome.needed > window.size() - outcome.consumed, "what is needed is not there yet");
    if (there == file.size()) return reading;
    there = arrived(reading.end + outcome.needed);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes file(data, size);
  const Reading whole = read(file, [&](size_t) { return file.size(); });
  const size_t step = size == 0 ? 1 : 1 + file.back() % 61;
  size_t there = 0;
  const Reading pieces =
      read(file, [&](size_t) { return there = std::min(file.size(), there + step); });
  require(whole == pieces, "mapped and streamed reading give the same");
  return 0;
}
