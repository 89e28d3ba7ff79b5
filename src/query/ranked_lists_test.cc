// SPDX-License-Identifier: GPL-3.0-or-later
// Lists that look only at what can come on the page, and hosts beyond the memory budget.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <regex>

#include "query/shard_answers.h"
#include "query/test_traffic.h"

namespace weir {
namespace {

using test_traffic::questions_about;
using test_traffic::Sent;
using test_traffic::watch;

std::string host_name(uint32_t number) {
  return "10." + std::to_string(number >> 16 & 255) + "." + std::to_string(number >> 8 & 255) +
         "." + std::to_string(number & 255);
}

// Many hosts in two seconds of traffic, so that totals and rates differ.
std::vector<Sent> busy_seconds() {
  std::mt19937 engine(4);
  const auto random = [&] { return static_cast<uint32_t>(engine()); };
  std::vector<Sent> packets;
  for (uint32_t i = 0; i < 6000; ++i) {
    packets.push_back({.source = host_name(random() % 700 + 1),
                       .destination = host_name(random() % 700 + 1),
                       .source_port = static_cast<uint16_t>(random() % 3 + 1000),
                       .destination_port = 9,
                       .protocol = random() % 2 == 0 ? kProtocolUdp : kProtocolTcp,
                       .length = 60 + random() % 1400,
                       .when = {1000 + i / 2400, 0}});
  }
  return packets;
}

// The same question with a filter that everything matches is answered by looking at every record.
ListRequest looking_at_all(ListRequest request) {
  request.filter =
      "last_seen > 0" + (request.filter.empty() ? "" : " and (" + request.filter + ")");
  return request;
}

TEST(RankedLists, SayTheSameAsLookingAtEveryRecord) {
  const auto eth0 = watch("eth0", busy_seconds());
  const LiveQuestions questions = questions_about({eth0.get()});
  for (const char* sort : {"bytes", "bytes_sent", "bytes_received", "bits_per_second",
                           "bits_per_second_sent", "bits_per_second_received", "packets"}) {
    for (const size_t offset : {0U, 37U, 690U}) {
      const ListRequest request{.sort = sort, .offset = offset, .limit = 50};
      const Answer ranked = questions.hosts(request);
      const Answer all = questions.hosts(looking_at_all(request));
      ASSERT_TRUE(ranked && all);
      EXPECT_EQ(to_json(*ranked), to_json(*all)) << sort << " from " << offset;
    }
  }
  for (const char* sort : {"bytes", "bits_per_second", "packets"}) {
    for (const size_t offset : {0U, 37U}) {
      const ListRequest request{.sort = sort, .offset = offset, .limit = 50};
      const Answer ranked = questions.flows(request);
      const Answer all = questions.flows(looking_at_all(request));
      ASSERT_TRUE(ranked && all);
      EXPECT_EQ(to_json(*ranked), to_json(*all)) << sort << " from " << offset;
    }
  }
}

TEST(GlancedLists, SayTheSameAsLookingAtEveryRecord) {
  const auto eth0 = watch("eth0", busy_seconds());
  const LiveQuestions questions = questions_about({eth0.get()});
  size_t found = 0;
  for (const char* filter :
       {"", "address in 10.0.1.0/24 and bytes > 9000", "not bytes_sent > 9k or tcp_bytes > 20k",
        "bits_per_second > 1k", "is_local = true and key = 10.0.0.*", "first_seen >= 1001"}) {
    for (const char* sort : {"key", "address", "mac", "first_seen", "bytes", "bytes_sent",
                             "bytes_received", "bits_per_second", "bits_per_second_sent",
                             "bits_per_second_received", "tcp_bytes", "udp_bytes"}) {
      for (const bool descending : {true, false}) {
        const ListRequest request{
            .filter = filter, .sort = sort, .descending = descending, .offset = 7, .limit = 20};
        const Answer glanced = questions.hosts(request);
        const Answer all = questions.hosts(looking_at_all(request));
        ASSERT_TRUE(glanced && all) << filter << ", " << sort;
        EXPECT_EQ(to_json(*glanced), to_json(*all)) << filter << ", " << sort;
        found += (*glanced)["rows"].as<Value::Array>()->size();
      }
    }
  }
  EXPECT_GT(found, 1000U);
}

TEST(RankedLists, CountEveryRecord) {
  const auto eth0 = watch("eth0", busy_seconds());
  const auto eth1 = watch("eth1", busy_seconds(), 1, 1);
  const LiveQuestions questions = questions_about({eth0.get(), eth1.get()});
  const Answer hosts = questions.hosts({.sort = "bytes", .limit = 3});
  EXPECT_EQ((*hosts)["total"], Value(uint64_t{2} * eth0->shards().front()->hosts().live()));
  const Answer flows = questions.flows({.sort = "bytes", .limit = 0});
  EXPECT_EQ((*flows)["total"], Value(uint64_t{2} * eth0->shards().front()->flows().live()));
}

// One heavy host, then more light ones than an interface of 8 MB remembers.
std::vector<Sent> beyond_the_budget() {
  std::vector<Sent> packets;
  for (int i = 0; i < 50; ++i)
    packets.push_back({.source = "10.200.0.1", .destination = "10.200.0.2", .length = 1500});
  for (uint32_t i = 0; i < 60'000; ++i) {
    packets.push_back({.source = host_name(2 * i),
                       .destination = host_name(2 * i + 1),
                       .length = 100,
                       .when = {1001, i}});
  }
  return packets;
}

TEST(HostsBeyondTheBudget, AreListedAndBounded) {
  const auto eth0 = watch("eth0", beyond_the_budget());
  ASSERT_GT(eth0->shards().front()->counters().hosts_evicted.read(), 0U);
  const LiveQuestions questions = questions_about({eth0.get()});
  const Answer top = questions.hosts({.sort = "bytes", .limit = 2, .columns = {"key", "bytes"}});
  ASSERT_TRUE(top);
  EXPECT_EQ(to_json((*top)["rows"]),
            R"([{"key":"10.200.0.1","bytes":75000},{"key":"10.200.0.2","bytes":75000}])");
  const Answer item = questions.host({"10.200.0.1"});
  ASSERT_TRUE(item);
  EXPECT_EQ((*item)["bytes_sent"], Value(uint64_t{75000}));
  EXPECT_TRUE((*item)["bytes_error"].is_null());

  const Answer interface = questions.interface("eth0");
  const Value& forgotten = (*interface)["forgotten"];
  const uint64_t distinct = *forgotten["distinct_hosts"].as<uint64_t>();
  EXPECT_NEAR(static_cast<double>(distinct), 120'002, 4 * 120'002 * DistinctCount::kRelativeError);
  EXPECT_NEAR(static_cast<double>(*forgotten["distinct_hosts_error"].as<uint64_t>()),
              120'002 * DistinctCount::kRelativeError, 20);
  // A hundred for each time that the table was filled anew: nobody who was forgotten had more, but
  // who comes may have been there each time.
  const uint64_t error = *forgotten["bytes_error"].as<uint64_t>();
  EXPECT_GE(error, 100U);
  EXPECT_LE(error, 1'200U);
  EXPECT_EQ(forgotten["hosts_refused"], Value(uint64_t{0}));
  EXPECT_EQ(to_json(forgotten["other"]), R"({"packets":0,"bytes":0})");
  const Answer list = questions.hosts({.sort = "bytes", .limit = 0});
  EXPECT_EQ(*(*list)["total"].as<uint64_t>(),
            eth0->shards().front()->hosts().live() + *forgotten["tail_hosts"].as<uint64_t>());
}

TEST(HostsBeyondTheBudget, KeepTheirBoundsWhenShardsAreMerged) {
  const std::vector<Sent> packets = beyond_the_budget();
  const auto eth0 = watch("eth0", packets, 2);
  const LiveQuestions questions = questions_about({eth0.get()});
  const Answer top = questions.hosts({.sort = "bytes", .limit = 2, .columns = {"key", "bytes"}});
  ASSERT_TRUE(top);
  EXPECT_EQ(to_json((*top)["rows"]),
            R"([{"key":"10.200.0.1","bytes":75000},{"key":"10.200.0.2","bytes":75000}])");
  const Answer all = questions.hosts({.sort = "bytes", .limit = 100'000});
  ASSERT_TRUE(all);
  for (const Value& row : *(*all)["rows"].as<Value::Array>()) {
    const uint64_t bytes = *row["bytes"].as<uint64_t>();
    const auto* error = row["bytes_error"].as<uint64_t>();
    const uint64_t truth = bytes > 1000 ? 75'000 : 100;
    EXPECT_LE(bytes, truth);
    EXPECT_GE(bytes + (error != nullptr ? *error : 0), truth);
  }
}

TEST(ForgottenAnswer, IsShortWhenNothingWas) {
  const auto eth0 = watch("eth0", busy_seconds());
  EXPECT_TRUE(remembers_all_hosts(*eth0));
  EXPECT_EQ(
      to_json(forgotten_answer(*eth0)),
      R"({"distinct_hosts":700,"hosts_evicted":0,"hosts_refused":0,"tail_hosts":0,"tail_bytes":0,)"
      R"("dropped_hosts":0,"bytes_error":0,"other":{"packets":0,"bytes":0},)"
      R"("restored_hosts":0,"not_archived":0,"earlier":{"packets":0,"bytes":0}})");
}

void add_names(const Value& value, std::vector<std::string>& out) {
  const auto* object = value.as<Value::Object>();
  if (object == nullptr) return;
  for (const auto& [name, member] : *object) {
    out.push_back(name);
    add_names(member, out);
  }
}

// Members of the field, in their order, of whatever depth.
std::vector<std::string> names_in_schema(const std::string& field) {
  std::ifstream file(WEIR_SOURCE_DIR "/schema/fields.json");
  std::string line;
  while (std::getline(file, line) && line.find("\"name\": \"" + field + '"') == std::string::npos) {
  }
  const std::regex member(R"re("([a-z_]+)": ("uint"|\{))re");
  const std::string members = line.substr(std::min(line.size(), line.find("\"members\": {") + 12));
  std::vector<std::string> names;
  for (auto at = std::sregex_iterator(members.begin(), members.end(), member);
       at != std::sregex_iterator(); ++at)
    names.push_back((*at)[1].str());
  return names;
}

TEST(ForgottenAnswer, HasTheMembersOfTheSchema) {
  const auto eth0 = watch("eth0", beyond_the_budget());
  std::vector<std::string> names;
  add_names(forgotten_answer(*eth0), names);
  EXPECT_EQ(names, names_in_schema("forgotten"));
  EXPECT_GT(names.size(), 8U);
}

TEST(PausesAnswer, CountsEachStepOnce) {
  const auto eth0 = watch("eth0", busy_seconds());
  eth0->shards().front()->idle({1010, 0});
  const Value answer = pauses_answer(*eth0);
  const Value& row = (*answer.as<Value::Array>())[0];
  EXPECT_EQ(row["shard"], Value(uint64_t{0}));
  uint64_t steps = 0;
  uint64_t in_buckets = 0;
  for (const char* kind : {"growth", "purge", "plain", "idle"}) {
    if (row[kind].is_null()) continue;
    steps += *row[kind]["steps"].as<uint64_t>();
    for (const auto& [below, count] : *row[kind]["below_us"].as<Value::Object>())
      in_buckets += *count.as<uint64_t>();
    EXPECT_GT(*row[kind]["longest_us"].as<double>(), 0);
  }
  EXPECT_EQ(steps, (6000 + 63) / 64 + 1U);
  EXPECT_EQ(in_buckets, steps);
  EXPECT_EQ(row["idle"]["steps"], Value(uint64_t{1}));
  EXPECT_GT(*row["growth"]["steps"].as<uint64_t>(), 0U) << "the tables took memory";
}

}  // namespace
}  // namespace weir
