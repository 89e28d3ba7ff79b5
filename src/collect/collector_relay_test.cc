// SPDX-License-Identifier: GPL-3.0-or-later
// A network between exporter and collector that loses, doubles and reorders datagrams by a seed.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "collect/collector.h"
#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

struct Sent {
  Bytes message;
  uint32_t records = 0;
  uint32_t units = 0;  // in which the exporter counts
};

// One whose flows are all different, so that none is another's duplicate.
class Exporting {
 public:
  virtual ~Exporting() = default;
  [[nodiscard]] virtual Sent next(uint32_t records, bool with_template) = 0;

 protected:
  [[nodiscard]] PlainRecord flow() {
    ++number_;
    PlainRecord record;
    record.source = 0x0a000000 + number_ / 50'000;
    record.source_port = static_cast<uint16_t>(10'000 + number_ % 50'000);
    record.destination_port = 443;
    return record;
  }

 private:
  uint32_t number_ = 0;
};

class Ipfix final : public Exporting {
 public:
  // `counts_own`: like those who number from the end of their message.
  explicit Ipfix(bool counts_own) : counts_own_(counts_own) {}
  Sent next(uint32_t records, bool with_template) override {
    Bytes data;
    for (uint32_t i = 0; i < records; ++i) append(data, plain_record(flow()));
    std::vector<Bytes> sets;
    if (with_template) sets.push_back(plain_template_set());
    sets.push_back(set_of(kPlain, data));
    const uint32_t number = counts_own_ ? sequence_ + records : sequence_;
    sequence_ += records;
    return {ipfix(number, sets), records, records};
  }

 private:
  bool counts_own_;
  uint32_t sequence_ = UINT32_MAX - 5000;  // it wraps on the way
};

class Netflow9 final : public Exporting {
 public:
  Sent next(uint32_t records, bool with_template) override {
    Bytes data;
    for (uint32_t i = 0; i < records; ++i) append(data, plain_record(flow()));
    std::vector<Bytes> sets;
    if (with_template) sets.push_back(set_of(0, template_record(kPlain, plain_fields())));
    sets.push_back(set_of(kPlain, data));
    return {netflow9(sequence_++, sets), records, 1};
  }

 private:
  uint32_t sequence_ = UINT32_MAX - 500;
};

class Netflow5 final : public Exporting {
 public:
  Sent next(uint32_t records, bool /*with_template*/) override {
    Bytes bytes;
    put(bytes, 5, 2);
    put(bytes, records, 2);
    put(bytes, 100'000, 4);
    put(bytes, kNowSeconds, 4);
    put(bytes, 0, 4);
    put(bytes, sequence_, 4);
    put(bytes, 0, 4);
    for (uint32_t i = 0; i < records; ++i) {
      const PlainRecord record = flow();
      put(bytes, record.source, 4);
      put(bytes, record.destination, 4);
      put(bytes, 0, 8);  // next hop, interfaces
      put(bytes, record.packets, 4);
      put(bytes, record.bytes, 4);
      put(bytes, 99'000, 4);
      put(bytes, 100'000, 4);
      put(bytes, record.source_port, 2);
      put(bytes, record.destination_port, 2);
      put(bytes, 0, 2);
      put(bytes, record.protocol, 1);
      put(bytes, 0, 9);
    }
    sequence_ += records;
    return {bytes, records, records};
  }

 private:
  uint32_t sequence_ = UINT32_MAX - 5000;
};

std::unique_ptr<Exporting> exporter_of(const std::string& kind) {
  if (kind == "Netflow9") return std::make_unique<Netflow9>();
  if (kind == "Netflow5") return std::make_unique<Netflow5>();
  return std::make_unique<Ipfix>(kind == "IpfixFromTheEnd");
}

class CollectorBehindARelay : public ::testing::TestWithParam<std::tuple<std::string, uint32_t>> {};

TEST_P(CollectorBehindARelay, KnowsWhatWasLostAndDoublesNothing) {
  constexpr size_t kMessages = 3000;
  const auto& [kind, seed] = GetParam();
  std::mt19937 random(seed);
  const auto happens = [&random](uint32_t percent) { return random() % 100 < percent; };
  const auto exporter = exporter_of(kind);
  std::vector<Sent> arriving;
  uint64_t lost_units = 0;
  uint64_t records = 0;
  size_t lost = 0;
  size_t doubled = 0;
  size_t late = 0;
  for (size_t i = 0; i < kMessages; ++i) {
    Sent sent = exporter->next(static_cast<uint32_t>(1 + random() % 20), i % 50 == 0);
    // What nothing comes after cannot be known to be lost.
    if (i > 0 && i + 1 < kMessages && happens(1)) {
      lost_units += sent.units;
      ++lost;
      continue;
    }
    records += sent.records;
    arriving.push_back(sent);
    if (happens(1)) {
      arriving.push_back(sent);
      ++doubled;
    }
  }
  // One in twenty is overtaken by up to three others; the first brings the template.
  for (size_t i = 1; i + 4 < arriving.size(); ++i) {
    if (!happens(5)) continue;
    const auto from = arriving.begin() + static_cast<std::ptrdiff_t>(i);
    std::rotate(from, from + 1, from + 1 + 1 + static_cast<std::ptrdiff_t>(random() % 3));
    ++late;
  }
  ASSERT_GT(lost, 10U);
  ASSERT_GT(doubled, 10U);
  ASSERT_GT(late, 50U);

  Collector collector({.secret = {1, 2, 3, 4}});
  Traffic counted;
  uint64_t flows = 0;
  for (const Sent& sent : arriving) {
    ASSERT_EQ(collector.take(sent.message, peer(), kNow), ExportError::kNone);
    for (const CollectedFlow& flow : collector.flows()) counted += flow.forward;
    flows += collector.flows().size();
    collector.clear_flows();
  }
  EXPECT_EQ(flows, records);
  EXPECT_EQ(counted, (Traffic{records * 10, records * 1000}));
  const Exporter& seen = only_exporter(collector);
  EXPECT_NEAR(static_cast<double>(seen.sequence.lost()), static_cast<double>(lost_units), 1);
  EXPECT_EQ(seen.sequence.restarts(), 0U);
  EXPECT_EQ(seen.counters.repeats, doubled);
}

INSTANTIATE_TEST_SUITE_P(Kinds, CollectorBehindARelay,
                         ::testing::Combine(::testing::Values("Ipfix", "IpfixFromTheEnd",
                                                              "Netflow9", "Netflow5"),
                                            ::testing::Values(1U, 2U, 3U)),
                         [](const auto& one) {
                           return std::get<0>(one.param) + "Seed" +
                                  std::to_string(std::get<1>(one.param));
                         });

}  // namespace
}  // namespace weir
