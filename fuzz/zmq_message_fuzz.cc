// SPDX-License-Identifier: GPL-3.0-or-later
// What comes over ZeroMQ, of any topic and layout and one after the other into one collector: JSON,
// TLV, packed or not, and IPFIX. Flows are no more than the bytes can hold, nothing is unpacked
// beyond its bounds, what is kept is bounded, times are in order and not ahead of the clock, and
// text behind a broken record is read on. The input: messages of two bytes of length each, in front
// a byte that chooses the header and a byte that stands in it.
#include <algorithm>
#include <string>
#include <vector>

#include "collect/collector.h"
#include "collect/flow_json.h"
#include "collect/flow_tlv.h"
#include "property.h"

namespace {

using namespace weir;  // NOLINT(google-build-using-namespace): a program of one file

using weir::fuzz::require;

constexpr int64_t kNow = int64_t{1'700'000'000} * 1'000'000'000;

std::vector<uint8_t> header_of(uint8_t choice, uint8_t detail) {
  constexpr size_t kSizes[] = {24, 28, 36, 40};
  std::vector<uint8_t> header(kSizes[choice & 3]);
  const std::string_view topic = ntop_topic_name(static_cast<NtopTopic>((choice >> 2 & 15) % 11));
  std::copy(topic.begin(), topic.end(), header.begin());
  const bool is_old = header.size() == 40;
  header[is_old ? 32 : 16] = detail & 7;
  if (!is_old) header[17] = detail >> 3;
  return header;
}

void check_flows(const Collector& collector, size_t bytes) {
  require(collector.flows().size() <= bytes / 8 + 1, "no more flows than bytes can hold");
  for (const CollectedFlow& flow : collector.flows()) {
    require(flow.first <= flow.last, "times are in order");
    require(flow.last.as_nanoseconds() <= kNow + kMostSkew, "nothing lies far ahead");
  }
}

void check_bounds(const Collector& collector) {
  collector.exporters().visit([](const Exporter& exporter) {
    const OtherFields& other = exporter.other_fields;
    require(other.fields().size() + other.named().size() <= OtherFields::kMaxFields,
            "other fields are bounded");
    require(exporter.software.size() <= 100, "what it says it is is bounded");
    require(exporter.interfaces.size() <= ExporterInterfaces::kMax, "interfaces are bounded");
  });
}

// Each record, good or bad, has bytes of its own, and text lies in the message or is shorter.
void check_readers(std::span<const uint8_t> bytes) {
  NtopKeyCache keys;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  FlowJson json(text, keys);
  FlowTlv tlv(bytes, keys);
  const auto check = [&](const NtopField& field) {
    require(field.value.text.size() <= bytes.size() * 3, "text is not longer than its bytes");
    require(field.name.size() <= bytes.size() * 3 + FlowJson::kMaxPathBytes, "names likewise");
  };
  size_t records = 0;
  while (json.next(check) != FlowJson::Next::kEnd) ++records;
  require(records <= bytes.size(), "each record consumes a byte");
  records = 0;
  while (tlv.next(check) != FlowTlv::Next::kEnd) ++records;
  require(records <= bytes.size(), "each record consumes a byte");
  // A good record behind all this is found, as long as no text is open.
  if (text.find_first_of("\"\\") != std::string_view::npos) return;
  const std::string more = std::string(text) + "}{\"1\":1}";
  FlowJson longer(more, keys);
  const auto ignore = [](const NtopField&) {};
  auto last = FlowJson::Next::kEnd;
  for (auto next = longer.next(ignore); next != FlowJson::Next::kEnd; next = longer.next(ignore))
    last = next;
  require(last == FlowJson::Next::kRecord, "reading goes on behind what is broken");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader input(data, size);
  Collector collector({.secret = {1, 2, 3, 4}});
  Unpacker unpacker;
  while (input.can_read(4)) {
    const std::vector<uint8_t> header = header_of(input.u8(0), input.u8(1));
    const size_t length = std::min<size_t>(input.u16(2), input.remaining() - 4);
    input.skip(4);
    const std::span<const uint8_t> payload(input.data(), length);
    input.skip(length);
    (void)collector.take({payload, {}, ExportTransport::kZeroMq, header}, kNow);
    const bool is_unpacked = unpacker.unpack(payload) == ExportError::kNone;
    require(unpacker.bytes().size() <= std::max(Unpacker::kFloor, length * Unpacker::kRatio),
            "nothing is unpacked too far");
    check_flows(collector, std::max({length, unpacker.bytes().size(), Unpacker::kFloor}) +
                               WaitingSets::kMaxBytes);
    collector.clear_flows();
    check_bounds(collector);
    check_readers(payload);
    if (is_unpacked) check_readers(unpacker.bytes());
  }
  return 0;
}
