// SPDX-License-Identifier: GPL-3.0-or-later
// Hosts that are forgotten go to the archive and come back from it.
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/test_traffic.h"
#include "record/applications.h"
#include "record/host_json.h"

namespace weir {
namespace {

using test_traffic::expect_sums_agree;
using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr double kStart = 1'700'000'000;

// Keeps hosts as HostArchive says, at once.
class TestArchive final : public HostArchive {
 public:
  bool has_room(HostLeaves why) override {
    return pasts_.size() < room && (why == HostLeaves::kIdle || takes_dropped);
  }
  bool accept(HostPast&& past) override {
    if (pasts_.size() >= room) return false;
    const auto [own, is_new] = pasts_.try_emplace(past.host.key, past);
    if (is_new) return true;
    merge_past(own->second.host, past.host);
    own->second.counted_sent += past.counted_sent;
    own->second.counted_received += past.counted_received;
    return true;
  }
  void ask(const HostKey& key) override {
    asked.push_back(key);
    const auto past = pasts_.find(key);
    if (past == pasts_.end() || !answers) return;
    found_.push_back(std::move(past->second));
    pasts_.erase(past);
  }
  std::optional<HostPast> take() override {
    if (found_.empty()) return std::nullopt;
    HostPast past = std::move(found_.front());
    found_.pop_front();
    return past;
  }
  // As if it were of an earlier run.
  void forget_what_was_counted() {
    for (auto& [key, past] : pasts_) past.counted_sent = past.counted_received = {};
  }
  [[nodiscard]] const std::map<HostKey, HostPast>& pasts() const { return pasts_; }
  // Answers that the shard has not taken yet come later.
  void hold(std::deque<HostPast>& held) { std::swap(found_, held); }

  size_t room = SIZE_MAX;
  bool takes_dropped = true;
  bool answers = true;
  std::vector<HostKey> asked;

 private:
  std::map<HostKey, HostPast> pasts_;
  std::deque<HostPast> found_;
};

HostKey key_of(uint32_t address) {
  const std::array<uint8_t, 4> bytes{
      static_cast<uint8_t>(address >> 24), static_cast<uint8_t>(address >> 16),
      static_cast<uint8_t>(address >> 8), static_cast<uint8_t>(address)};
  return {IpAddress::from_v4(bytes.data()), {}};
}

ShardOptions with_archive(HostArchive& archive) {
  ShardOptions options;
  options.archive = &archive;
  return options;
}

PacketSpec packet(double seconds, uint32_t source = 0x0a000001, uint32_t destination = 0x0a000002,
                  uint16_t port = 2000) {
  PacketSpec spec;
  spec.source = source;
  spec.destination = destination;
  spec.destination_port = port;
  spec.seconds = seconds;
  return spec;
}

HostRecord host_of(const TestShard& shard, uint32_t address) {
  for (uint32_t slot = 1; slot < shard.shard->hosts().limit(); ++slot) {
    const auto host = shard.shard->last_word(slot);
    if (host && host->key == key_of(address)) return *host;
  }
  return {};
}

// Lets so much time pass that flows and hosts end.
void let_pass(TestShard& shard, double until) {
  const auto now = Timestamp::from_nanoseconds(static_cast<int64_t>(until * 1e9));
  for (int i = 0; i < 20; ++i) shard.shard->idle(now);
}

TEST(ShardArchive, GetsAHostThatIsSilentForTooLong) {
  TestArchive archive;
  TestShard shard(with_archive(archive));
  shard.see({packet(kStart), packet(kStart + 1), packet(kStart + 1, 0x0a000001, 0x0a000003, 53)});
  let_pass(shard, kStart + 100);
  EXPECT_TRUE(archive.pasts().empty()) << "they have flows";
  let_pass(shard, kStart + 1000);
  ASSERT_EQ(archive.pasts().size(), 3U);
  EXPECT_EQ(shard.hosts().size(), 0U);
  const HostPast& past = archive.pasts().at(key_of(0x0a000001));
  EXPECT_EQ(past.host.total_sent(), (Traffic{3, 300}));
  EXPECT_EQ(past.counted_sent, (Traffic{3, 300}));
  EXPECT_EQ(past.host.first_seen.seconds, kStart);
  EXPECT_EQ(past.host.last_seen.seconds, kStart + 1);
  EXPECT_EQ(past.host.flows_ever[0], 2U);
  EXPECT_EQ(past.host.profile.applications.size(), 2U);
  EXPECT_EQ(past.host.profile.set(HostSet::kServers).count(), 2U);
  EXPECT_FALSE(past.host.is_partial);
  expect_sums_agree(*shard.shard, "when all are gone");
}

TEST(ShardArchive, GivesAHostItsPastBack) {
  TestArchive archive;
  TestShard shard(with_archive(archive));
  shard.see({packet(kStart), packet(kStart, 0x0a000001, 0x0a000003, 53)});
  let_pass(shard, kStart + 1000);
  shard.see({packet(kStart + 2000, 0x0a000001, 0x0a000004, 123)});
  EXPECT_TRUE(archive.pasts().contains(key_of(0x0a000002)));
  EXPECT_FALSE(archive.pasts().contains(key_of(0x0a000001))) << "it is here again";
  const HostRecord host = host_of(shard, 0x0a000001);
  EXPECT_EQ(host.total_sent(), (Traffic{3, 300}));
  EXPECT_EQ(host.first_seen.seconds, kStart);
  EXPECT_EQ(host.flows_ever[0], 3U);
  EXPECT_EQ(host.profile.set(HostSet::kServers).count(), 3U);
  EXPECT_FALSE(host.is_partial);
  EXPECT_EQ(shard.shard->counters().hosts_restored.read(), 1U);
  EXPECT_EQ(shard.shard->counters().hosts_earlier_sent.read(), Traffic{});
  expect_sums_agree(*shard.shard, "when one is back");
}

TEST(ShardArchive, ApplicationsOfBothLivesSumToTheWhole) {
  TestArchive archive;
  TestShard shard(with_archive(archive));
  shard.see({packet(kStart, 0x0a000001, 0x0a000003, 53),
             packet(kStart, 0x0a000001, 0x0a000003, 123),
             packet(kStart, 0x0a000001, 0x0a000003, 161)});
  let_pass(shard, kStart + 1000);
  shard.see({packet(kStart + 2000, 0x0a000001, 0x0a000003, 123)});
  let_pass(shard, kStart + 2200);  // the flow ends, the host stays
  shard.see({packet(kStart + 2201, 0x0a000001, 0x0a000003, 443)});
  let_pass(shard, kStart + 9000);
  const HostRecord& host = archive.pasts().at(key_of(0x0a000001)).host;
  std::map<std::string_view, uint64_t> flows;
  for (const ApplicationPart& part : host.profile.applications)
    flows[application_name(part.application)] = part.flows;
  EXPECT_EQ(host.profile.applications.size(), 4U);
  EXPECT_EQ(flows[application_name(guess_application(kProtocolUdp, 0, 123))], 2U);
  EXPECT_EQ(flows[application_name(guess_application(kProtocolUdp, 0, 53))], 1U);
  EXPECT_EQ(host.flows_ever[0], 5U);
}

TEST(ShardArchive, CountsWhatIsOfAnEarlierRunApart) {
  TestArchive archive;
  TestShard before(with_archive(archive));
  before.see({packet(kStart), packet(kStart)});
  let_pass(before, kStart + 1000);
  archive.forget_what_was_counted();
  TestShard after(with_archive(archive));
  for (int life = 0; life < 3; ++life) {
    after.see({packet(kStart + 2000 * (life + 1))});
    EXPECT_EQ(host_of(after, 0x0a000001).total_sent().packets, 3U + static_cast<uint64_t>(life));
    EXPECT_EQ(host_of(after, 0x0a000001).first_seen.seconds, kStart);
    expect_sums_agree(*after.shard, "while it is here");
    let_pass(after, kStart + 2000 * (life + 1) + 1000);
    expect_sums_agree(*after.shard, "when it went again");
  }
  EXPECT_EQ(after.shard->counters().hosts_earlier_sent.read(), (Traffic{2, 200}));
  EXPECT_EQ(after.shard->counters().total.read().packets, 3U);
}

TEST(ShardArchive, APastThatComesTooLateGoesBack) {
  TestArchive archive;
  TestShard shard(with_archive(archive));
  shard.see({packet(kStart)});
  let_pass(shard, kStart + 1000);
  std::deque<HostPast> held;
  archive.answers = true;
  shard.see({packet(kStart + 2000)});  // takes what was found at once
  let_pass(shard, kStart + 3000);
  // The next time the answer is on its way while the host goes again.
  PacketBatch none;
  archive.ask(key_of(0x0a000001));
  archive.hold(held);
  EXPECT_EQ(held.size(), 1U);
  archive.answers = false;
  shard.see({packet(kStart + 4000)});
  let_pass(shard, kStart + 5000);
  archive.hold(held);
  shard.shard->process(none);
  const HostPast& past = archive.pasts().at(key_of(0x0a000001));
  EXPECT_EQ(past.host.total_sent(), (Traffic{3, 300}));
  EXPECT_EQ(past.counted_sent, (Traffic{3, 300}));
  EXPECT_EQ(past.host.first_seen.seconds, kStart);
  expect_sums_agree(*shard.shard, "after all");
}

TEST(ShardArchive, HostsStayWhileThereIsNoRoom) {
  TestArchive archive;
  archive.room = 1;
  TestShard shard(with_archive(archive));
  shard.see({packet(kStart)});
  let_pass(shard, kStart + 1000);
  EXPECT_EQ(shard.hosts().size(), 1U);
  EXPECT_EQ(archive.pasts().size(), 1U);
  archive.room = 2;
  let_pass(shard, kStart + 1001);
  EXPECT_EQ(shard.hosts().size(), 0U);
  EXPECT_EQ(archive.pasts().size(), 2U);
  EXPECT_EQ(shard.shard->counters().hosts_not_archived.read(), 0U);
}

// One-packet hosts, more than there is memory for.
void flood(TestShard& shard, uint32_t hosts, double seconds) {
  std::vector<PacketSpec> packets;
  for (uint32_t i = 0; i < hosts; ++i)
    packets.push_back(packet(seconds, 0x0b000000 + i, 0x0c000001));
  shard.see(packets);
}

TEST(ShardArchive, GetsWhatTheTailLetsGo) {
  TestArchive archive;
  ShardOptions options = with_archive(archive);
  options.memory_bytes = Shard::kMinMemory;
  TestShard shard(options);
  flood(shard, 60'000, kStart);
  ASSERT_GT(shard.shard->tail().hosts_dropped(), 0U);
  EXPECT_EQ(archive.pasts().size(), shard.shard->tail().hosts_dropped());
  EXPECT_TRUE(archive.pasts().begin()->second.host.is_partial);
  expect_sums_agree(*shard.shard, "in the flood");
  // Each of them comes back with what it had.
  const HostKey dropped = archive.pasts().begin()->first;
  const uint32_t address = __builtin_bswap32(dropped.address.v4_bits());
  shard.see({packet(kStart + 1, address, 0x0c000001)});
  EXPECT_EQ(host_of(shard, address).total_sent().packets, 2U);
  expect_sums_agree(*shard.shard, "when one is back");
}

TEST(ShardArchive, CountsWhatItHadNoRoomFor) {
  TestArchive archive;
  archive.takes_dropped = false;
  ShardOptions options = with_archive(archive);
  options.memory_bytes = Shard::kMinMemory;
  TestShard shard(options);
  flood(shard, 60'000, kStart);
  EXPECT_TRUE(archive.pasts().empty());
  EXPECT_EQ(shard.shard->counters().hosts_not_archived.read(), shard.shard->tail().hosts_dropped());
  expect_sums_agree(*shard.shard, "without room");
}

TEST(ShardArchive, NoLifeOfATailHostEnds) {
  TestArchive archive;
  ShardOptions options = with_archive(archive);
  options.memory_bytes = Shard::kMinMemory;
  TestShard shard(options);
  flood(shard, 60'000, kStart);
  uint32_t address = 0;
  for (uint32_t i = 0; i < shard.shard->tail().limit() && address == 0; ++i) {
    const auto host = shard.shard->tail().any_snapshot(i);
    if (host) address = __builtin_bswap32(host->key.address.v4_bits());
  }
  ASSERT_NE(address, 0U);
  let_pass(shard, kStart + 5000);
  shard.see({packet(kStart + 5001, address, 0x0c000001)});
  EXPECT_EQ(host_of(shard, address).total_sent().packets, 2U);
  EXPECT_EQ(host_of(shard, address).first_seen.seconds, kStart);
  expect_sums_agree(*shard.shard, "when it is back");
}

TEST(ShardArchive, KeepsNames) {
  TestArchive archive;
  TestShard before(with_archive(archive));
  before.see({packet(kStart)});
  let_pass(before, kStart + 1000);
  HostPast past = archive.pasts().at(key_of(0x0a000001));
  past.host.profile.facts = {{HostFactKind::kDhcpName, "printer"}};
  ASSERT_TRUE(archive.accept(std::move(past)));
  TestShard after(with_archive(archive));
  after.see({packet(kStart + 2000)});
  const HostRecord host = host_of(after, 0x0a000001);
  ASSERT_EQ(host.profile.facts.size(), 1U);
  EXPECT_EQ(host.profile.facts[0].text, "printer");
}

TEST(ShardArchive, LargeSetsOfPeersContinue) {
  TestArchive archive;
  TestShard shard(with_archive(archive));
  std::vector<PacketSpec> packets;
  for (uint32_t i = 0; i < 400; ++i) packets.push_back(packet(kStart, 0x0a000001, 0x0c000000 + i));
  shard.see(packets);
  const uint64_t before = host_of(shard, 0x0a000001).profile.set(HostSet::kServers).count();
  EXPECT_NEAR(static_cast<double>(before), 400, 80);
  let_pass(shard, kStart + 1000);
  // The same peers again: none is new.
  for (PacketSpec& spec : packets) spec.seconds = kStart + 2000;
  shard.see(packets);
  EXPECT_EQ(host_of(shard, 0x0a000001).profile.set(HostSet::kServers).count(), before);
}

}  // namespace
}  // namespace weir
