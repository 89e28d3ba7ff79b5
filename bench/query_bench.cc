// SPDX-License-Identifier: GPL-3.0-or-later
// What a list of the top 100 costs beside a table of a million hosts (or five million flows), and
// what the writer loses while lists are asked for one after the other. The writer's figure counts
// its own processor time, so that sharing a core does not enter it. Read the ratios.
#include <benchmark/benchmark.h>
#include <ctime>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "engine/interface.h"
#include "query/live_questions.h"

namespace weir {
namespace {

constexpr size_t kFrameBytes = 64;

// Packets of `hosts` hosts and `flows` flows in a fixed, scattered order: flow i joins hosts i and
// a scrambled one, packet n belongs to flow n times an odd factor.
class Traffic64 {
 public:
  Traffic64(uint32_t hosts, uint32_t flows) : hosts_(hosts), flows_(flows) {
    constexpr std::array<uint8_t, 42> kTemplate{
        2, 0,  0,  0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0,    0x45, 0,    0,    50, 0,  0, 0,
        0, 64, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x03, 0xe8, 0x07, 0xd0, 0,  30, 0, 0};
    for (auto& frame : frames_) std::memcpy(frame.data(), kTemplate.data(), kTemplate.size());
  }

  // The next batch; `second` is its time.
  const PacketBatch& next(uint32_t second) {
    batch_.clear();
    while (!batch_.full()) {
      std::array<uint8_t, kFrameBytes>& frame = frames_[batch_.count];
      const auto flow = static_cast<uint32_t>(number_++ * 2654435761U % flows_);
      write(frame, 26, flow % hosts_);
      write(frame, 30, (flow / hosts_ + flow * 7919U + 1) % hosts_);
      PacketView& view = batch_.add() = {};
      view.data = frame.data();
      view.captured_length = kFrameBytes;
      view.wire_length = 64 + flow % 1400;
      view.timestamp = {second, 0};
    }
    return batch_;
  }

 private:
  static void write(std::array<uint8_t, kFrameBytes>& frame, size_t offset, uint32_t host) {
    const uint32_t address = (host + 1) * 2654435761U;
    std::memcpy(frame.data() + offset, &address, sizeof(address));
  }

  uint32_t hosts_;
  uint32_t flows_;
  uint64_t number_ = 0;
  std::array<std::array<uint8_t, kFrameBytes>, kBatchSize> frames_{};
  PacketBatch batch_;
};

// Addresses all over 200 countries and 20,000 autonomous systems, of which the largest have most of
// the hosts: a system's share is inverse to its rank.
class ScatteredPlaces final : public Places {
 public:
  [[nodiscard]] Place of(const IpAddress& address) const override {
    uint32_t number = 0;
    std::memcpy(&number, address.bytes().data() + 12, sizeof(number));
    const double share = static_cast<double>(number * 2654435761U) * 0x1p-32;
    const auto rank = static_cast<uint32_t>(std::pow(20'000.0, share));
    return {rank, static_cast<CountryCode>(1 + rank % 200), 0};
  }
  [[nodiscard]] std::string_view country_name(CountryCode) const override { return "a country"; }
  [[nodiscard]] std::string_view as_name(uint32_t) const override { return "a system"; }
  [[nodiscard]] uint16_t network_count() const override { return 0; }
  [[nodiscard]] std::string_view network_name(uint16_t) const override { return {}; }
  [[nodiscard]] std::string network_prefix(uint16_t) const override { return {}; }
  [[nodiscard]] std::string_view vendor(const MacAddress&) const override { return {}; }
  [[nodiscard]] std::string_view why_no_countries() const override { return {}; }
  [[nodiscard]] std::string_view why_no_as() const override { return {}; }
  [[nodiscard]] Value files() const override { return {}; }
};

double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// A table that is full of what it will hold, and its writer.
class World {
 public:
  World(uint32_t hosts, uint32_t flows) : traffic_(hosts, flows) {
    ShardOptions options;
    options.memory_bytes = size_t{4} << 30;
    options.secret = KeyedHash::random_secret();
    options.places = std::make_shared<ScatteredPlaces>();
    std::vector<std::unique_ptr<Shard>> shards;
    shards.push_back(std::move(*Shard::create(options, nullptr)));
    interface_ = std::make_unique<Interface>("bench", "bench", 0, std::move(shards));
    for (uint64_t packets = 0; packets < uint64_t{2} * flows; packets += kBatchSize) step();
    LiveQuestions::Setting setting;
    setting.interfaces = {interface_.get()};
    setting.places = [places = options.places] { return places; };
    setting.now = [] { return 0.0; };
    setting.uptime = [] { return 0.0; };
    questions_ = std::make_unique<LiveQuestions>(std::move(setting));
  }

  // Runs the writer; a new second each million packets.
  void step() {
    packets_ += kBatchSize;
    interface_->shards().front()->process(
        traffic_.next(1'700'000'000 + static_cast<uint32_t>(packets_ >> 20)));
  }
  void write_until(const std::atomic<bool>& stop) {
    const uint64_t before = packets_;
    const double start = thread_seconds();
    while (!stop.load(std::memory_order_relaxed)) {
      for (int i = 0; i < 64; ++i) step();
    }
    written_ = static_cast<double>(packets_ - before) / (thread_seconds() - start);
  }
  [[nodiscard]] double written_per_second() const { return written_; }
  [[nodiscard]] const Questions& questions() const { return *questions_; }

 private:
  Traffic64 traffic_;
  std::unique_ptr<Interface> interface_;
  std::unique_ptr<LiveQuestions> questions_;
  uint64_t packets_ = 0;
  double written_ = 0;
};

// One at a time is in memory: the last one that was asked for.
World& world(uint32_t hosts, uint32_t flows) {
  static std::unique_ptr<World> made;
  static uint32_t made_flows = 0;
  if (made_flows != flows) {
    made.reset();
    made = std::make_unique<World>(hosts, flows);
    made_flows = flows;
  }
  return *made;
}

enum class List { kHosts, kFlows, kCountries, kSystems, kVlans, kApplications };

Answer answer_to(const Questions& questions, List list, const ListRequest& request) {
  switch (list) {
    case List::kHosts:
      return questions.hosts(request);
    case List::kFlows:
      return questions.flows(request);
    case List::kCountries:
      return questions.groups(GroupKind::kCountry, request);
    case List::kSystems:
      return questions.groups(GroupKind::kAs, request);
    case List::kVlans:
      return questions.groups(GroupKind::kVlan, request);
    case List::kApplications:
      break;
  }
  return questions.applications(request);
}

enum class Flows : uint32_t { kFew = 500'000, kMany = 5'000'000 };

void ask(benchmark::State& state, List list, ListRequest request, bool writes,
         Flows flows = Flows::kFew) {
  World& its = world(1'000'000, static_cast<uint32_t>(flows));
  std::atomic<bool> stop{false};
  std::thread writer;
  if (writes) writer = std::thread([&] { its.write_until(stop); });
  for (auto iteration : state) {
    const Answer answer = answer_to(its.questions(), list, request);
    if (!answer) state.SkipWithError("refused");
  }
  stop.store(true);
  if (!writes) return;
  writer.join();
  state.counters["writer"] = benchmark::Counter(its.written_per_second());
}

// What the writer does when nobody asks: the figure to compare "writer" with.
void writer_alone(benchmark::State& state) {
  World& its = world(1'000'000, 500'000);
  for (auto iteration : state) {
    std::atomic<bool> stop{false};
    std::jthread writer([&] { its.write_until(stop); });
    // So long, some millions of packets, that the cold caches of its start do not show in the rate.
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    stop.store(true);
  }
  state.counters["writer"] = benchmark::Counter(its.written_per_second());
}

ListRequest sorted_by(std::string sort) {
  ListRequest request;
  request.sort = std::move(sort);
  return request;
}
ListRequest filtered(std::string filter) {
  ListRequest request = sorted_by("bytes");
  request.filter = std::move(filter);
  return request;
}
ListRequest grouped(std::string field, std::vector<std::string> columns) {
  ListRequest request = sorted_by("bytes");
  request.group_by = {std::move(field)};
  request.columns = std::move(columns);
  return request;
}

// One host by its key, as its page and scripts ask for it.
void one_host(benchmark::State& state) {
  const World& its = world(1'000'000, 500'000);
  ListRequest busiest = sorted_by("bytes");
  busiest.limit = 1;
  const Answer answer = its.questions().hosts(busiest);
  const std::string key = *(*answer)["rows"].as<Value::Array>()->front()["key"].as<std::string>();
  for (auto iteration : state) {
    if (!its.questions().host({key})) state.SkipWithError("it is not there");
  }
}

void configure(benchmark::internal::Benchmark* bench) {
  bench->Unit(benchmark::kMillisecond)->UseRealTime()->MinTime(1);
}
BENCHMARK(writer_alone)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(3);
BENCHMARK(one_host)->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_by_bytes, List::kHosts, sorted_by("bytes"), false)->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_by_bytes_writing, List::kHosts, sorted_by("bytes"), true)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_by_rate, List::kHosts, sorted_by(""), false)->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_by_rate_writing, List::kHosts, sorted_by(""), true)->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_by_last_seen, List::kHosts, sorted_by("last_seen"), false)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_in_a_network, List::kHosts, filtered("ip in 10.0.0.0/8"), false)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_by_a_word, List::kHosts, filtered("example"), false)->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_by_name, List::kHosts, filtered("name ~ example"), false)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_by_peers, List::kHosts, filtered("peers_as_client > 2"), false)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, some_flows_by_a_word, List::kFlows, filtered("example"), false)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_by_a_word_writing, List::kHosts, filtered("example"), true)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_by_peers_writing, List::kHosts, filtered("peers_as_client > 2"), true)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, some_flows_by_a_word_writing, List::kFlows, filtered("example"), true)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, some_flows_by_server_name, List::kFlows, filtered("server_name ~ example"),
                  false)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, hosts_in_groups, List::kHosts, grouped("vlan", {}), false)->Apply(configure);
BENCHMARK_CAPTURE(ask, countries, List::kCountries, sorted_by("bytes"), false)->Apply(configure);
BENCHMARK_CAPTURE(ask, countries_writing, List::kCountries, sorted_by("bytes"), true)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, systems, List::kSystems, sorted_by("bytes"), false)->Apply(configure);
BENCHMARK_CAPTURE(ask, vlans, List::kVlans, sorted_by("bytes"), false)->Apply(configure);
BENCHMARK_CAPTURE(ask, applications, List::kApplications, sorted_by("bytes"), false)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, flows_by_bytes, List::kFlows, sorted_by("bytes"), false, Flows::kMany)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, flows_by_rate, List::kFlows, sorted_by(""), false, Flows::kMany)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, flows_by_rate_writing, List::kFlows, sorted_by(""), true, Flows::kMany)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, flows_by_packets, List::kFlows, sorted_by("packets"), false, Flows::kMany)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, flows_in_groups, List::kFlows, grouped("server_port", {}), false,
                  Flows::kMany)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, flows_in_groups_of_bytes, List::kFlows,
                  grouped("server_port", {"server_port", "bytes"}), false, Flows::kMany)
    ->Apply(configure);
BENCHMARK_CAPTURE(ask, flows_in_many_groups, List::kFlows,
                  grouped("client_ip", {"client_ip", "bytes"}), false, Flows::kMany)
    ->Apply(configure);

}  // namespace
}  // namespace weir
