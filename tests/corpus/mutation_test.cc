// SPDX-License-Identifier: GPL-3.0-or-later
// 200,000 damaged packets made of those of the corpus. Worth most under the sanitizers (preset
// asan).
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "corpus.h"
#include "decode/decode.h"
#include "decode/decode_properties.h"
#include "engine/test_traffic.h"

namespace weir {
namespace {

constexpr size_t kMutations = 200'000;

struct Sample {
  std::vector<uint8_t> bytes;
  uint32_t wire_length;
  LinkType link_type;
};

std::vector<Sample> read_samples(const std::filesystem::path& folder) {
  std::vector<Sample> samples;
  for (const auto& file : corpus::list_captures(folder)) {
    (void)corpus::for_each_packet(file, [&samples](const PacketView& view) {
      samples.push_back(
          {{view.data, view.data + view.captured_length}, view.wire_length, view.link_type});
    });
  }
  return samples;
}

class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  size_t below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  // One to four damages. Most of them hit the headers, which are in the first bytes.
  void damage(Sample& sample) {
    for (size_t count = 1 + below(4); count > 0; --count) damage_once(sample);
  }

 private:
  void damage_once(Sample& sample) {
    auto& bytes = sample.bytes;
    if (bytes.empty()) return;
    const size_t at = below(below(4) == 0 ? bytes.size() : std::min<size_t>(bytes.size(), 100));
    switch (below(6)) {
      case 0:
        bytes.resize(below(bytes.size() + 1));
        break;  // cut anywhere
      case 1:
        bytes.resize(std::min(bytes.size(), below(65)));
        break;  // a short snap length
      case 2:
        bytes[at] ^= static_cast<uint8_t>(1U << below(8));
        break;
      case 3:
        bytes[at] = static_cast<uint8_t>(random_());
        break;
      case 4:
        write_length(bytes, at);
        break;
      case 5:
        sample.wire_length = static_cast<uint32_t>(random_());
        break;
    }
  }
  // Lengths that hurt, in both byte orders.
  void write_length(std::vector<uint8_t>& bytes, size_t at) {
    static constexpr std::array<uint16_t, 10> kLengths{0,      1,      7,      19,     0x7fff,
                                                       0x8000, 0xffff, 0xfffe, 0xff00, 0x0100};
    const uint16_t value = kLengths[below(kLengths.size())];
    if (at + sizeof(value) <= bytes.size()) std::memcpy(bytes.data() + at, &value, sizeof(value));
  }

  std::mt19937 random_;
};

TEST(Mutation, OfRealPacketsBreaksNoProperty) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  const std::vector<Sample> samples = read_samples(*folder);
  ASSERT_FALSE(samples.empty());
  Mutator mutator(20'240'607);
  // The whole engine eats them too, with a budget that they exceed and times that leap.
  ShardOptions options;
  options.memory_bytes = Shard::kMinMemory;
  test_traffic::TestShard test(options);
  // More than it exceeds, or hardly a flow were inspected: damaged ones seldom come to a verdict.
  options.memory_bytes = size_t{128} << 20;
  options.inspects = true;
  test_traffic::TestShard inspecting(options);
  PacketBatch batch;
  size_t with_ip = 0;
  size_t with_error = 0;
  for (size_t i = 0; i < kMutations; ++i) {
    Sample sample = samples[mutator.below(samples.size())];
    mutator.damage(sample);
    // A copy of exactly its size, so that the sanitizer sees a read beyond the end.
    const std::vector<uint8_t> exact(sample.bytes.begin(), sample.bytes.end());
    PacketView view;
    view.data = exact.data();
    view.captured_length = static_cast<uint32_t>(exact.size());
    view.wire_length = sample.wire_length;
    view.link_type = sample.link_type;
    view.timestamp = {mutator.below(1000) == 0 ? static_cast<uint32_t>(mutator.below(UINT32_MAX))
                                               : 1'700'000'000 + static_cast<uint32_t>(i / 500),
                      static_cast<uint32_t>(i % 500)};
    batch.clear();
    batch.add() = view;
    test.shard->process(batch);
    inspecting.shard->process(batch);
    DecodedPacket first;
    decode(view, first);
    ASSERT_EQ(broken_property(view, first), "") << "mutation " << i;
    DecodedPacket second;
    decode(view, second);
    ASSERT_TRUE(same_answer(first, second)) << "mutation " << i;
    with_ip += first.has_ip ? 1 : 0;
    with_error += first.error != DecodeError::kNone ? 1 : 0;
  }
  EXPECT_EQ(test.shard->counters().total.read().packets, kMutations);
  test_traffic::expect_sums_agree(*test.shard, "mutations");
  test_traffic::expect_sums_agree(*inspecting.shard, "mutations that were inspected");
  EXPECT_GT(inspecting.shard->inspector()->inspected_packets(), kMutations / 40);
  // Neither all broken nor all whole, or this would test little.
  EXPECT_GT(with_ip, kMutations / 4);
  EXPECT_GT(with_error, kMutations / 10);
}

}  // namespace
}  // namespace weir
