// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of exporters, of all kinds and in any order, into one collector. Memory stays within its
// budgets; flows are no more than the bytes can hold, their times are in order and not ahead of the
// clock by more than is allowed; a message that comes again right away changes nothing; and
// templates that are written down read back as they were. The input: messages of two bytes of
// length each, in front a byte that says who sent it and how much time passed.
#include <algorithm>
#include <vector>

#include "collect/collector.h"
#include "collect/template_text.h"
#include "property.h"

namespace {

using namespace weir;  // NOLINT(google-build-using-namespace): a program of one file

using weir::fuzz::require;

constexpr int64_t kStart = int64_t{1'700'000'000} * 1'000'000'000;

void check_flows(const Collector& collector, size_t bytes, int64_t now) {
  // Addresses alone are eight bytes; a sample is more.
  require(collector.flows().size() <= bytes / 8 + 1, "no more flows than bytes can hold");
  for (const CollectedFlow& flow : collector.flows()) {
    require(flow.first <= flow.last, "times are in order");
    require(flow.last.as_nanoseconds() <= now + kMostSkew, "nothing lies far ahead");
    require(flow.first.nanoseconds < 1'000'000'000 && flow.last.nanoseconds < 1'000'000'000,
            "fractions are below a second");
  }
}

void check_bounds(const Collector& collector) {
  const Exporter::Budgets& budgets = collector.exporters().budgets();
  size_t templates = 0;
  size_t waiting = 0;
  collector.exporters().visit([&](const Exporter& exporter) {
    templates += exporter.templates.bytes();
    waiting += exporter.waiting.bytes();
    require(exporter.templates.size() <= TemplateCache::kMaxTemplates, "templates are bounded");
    require(exporter.waiting.bytes() <= WaitingSets::kMaxBytes, "what waits is bounded");
    require(exporter.interfaces.size() <= ExporterInterfaces::kMax, "interfaces are bounded");
    require(exporter.other_fields.fields().size() <= OtherFields::kMaxFields,
            "other fields are bounded");
    require(exporter.completeness() >= 0 && exporter.completeness() <= 1, "a part is a part");
  });
  require(templates == budgets.templates.used(), "templates are paid for");
  require(waiting == budgets.waiting.used(), "what waits is paid for");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader input(data, size);
  Collector collector({.secret = {1, 2, 3, 4}});
  int64_t now = kStart;
  while (input.can_read(3)) {
    const uint8_t who = input.u8(0);
    const size_t length = std::min<size_t>(input.u16(1), input.remaining() - 3);
    input.skip(3);
    const std::span<const uint8_t> message(input.data(), length);
    input.skip(length);
    now += int64_t{who >> 3} * 500'000'000;
    const uint8_t address[] = {192, 0, 2, static_cast<uint8_t>(who & 1)};
    const ExportPeer peer{IpAddress::from_v4(address), static_cast<uint16_t>(who >> 1 & 1)};
    const bool is_stream = (who & 4) != 0;
    const ExportError error = collector.take(message, peer, now, is_stream);
    check_flows(collector, length + WaitingSets::kMaxBytes, now);
    collector.clear_flows();
    if (error == ExportError::kNone) {
      (void)collector.take(message, peer, now, is_stream);
      require(collector.flows().empty(), "a message counts once");
    }
    if (who == 255) collector.pass_second(now);
    check_bounds(collector);
  }
  size_t written = 0;
  collector.exporters().visit([&](const Exporter& exporter) {
    if (!exporter.is_stream()) written += exporter.templates.size();
  });
  const TemplatesRead read =
      read_templates_text(templates_text(collector.exporters(), now), now,
                          [](const ExporterKey&, const TemplatePointer& made) {
                            require(made->min_bytes() > 0, "a record has bytes");
                          });
  require(read.damaged == 0 && read.restored + read.too_old == written, "templates read back");
  return 0;
}
