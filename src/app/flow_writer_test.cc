// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/flow_writer.h"

#include <cstdio>

#include <gtest/gtest.h>

#include "record/test_records.h"

namespace weir {
namespace {

const std::vector<Prefix> kNoNetworks;

FlowRecord flow(uint32_t second, const char* client, uint16_t port) {
  FlowRecord record = test_records::full_flow();
  record.first_seen = {second, 0};
  record.client = *IpAddress::parse(client);
  record.client_port = port;
  return record;
}

// The client ports of the lines, in order.
std::vector<std::string> ports(std::vector<SortedLines> lines) {
  std::FILE* file = std::tmpfile();
  EXPECT_TRUE(SortedLines::merge(lines, file));
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  std::vector<std::string> found;
  constexpr std::string_view kMember = "\"client_port\":";
  for (size_t at = text.find(kMember); at != std::string::npos; at = text.find(kMember, at + 1)) {
    const size_t start = at + kMember.size();
    found.push_back(text.substr(start, text.find(',', start) - start));
  }
  return found;
}

TEST(FlowWriter, WritesFlowsInTheOrderTheyBegan) {
  FlowWriter writer("eth0", RowContext(nullptr, kNoNetworks), testing::TempDir());
  writer.accept(flow(70000, "10.0.0.1", 4));
  writer.accept(flow(255, "10.0.0.9", 1));
  writer.accept(flow(256, "10.0.0.10", 3));
  writer.accept(flow(256, "10.0.0.9", 2));
  std::vector<SortedLines> lines;
  lines.push_back(std::move(writer.lines()));
  EXPECT_EQ(ports(std::move(lines)), (std::vector<std::string>{"1", "2", "3", "4"}));
}

TEST(FlowWriter, GivesTheSameHoweverFlowsWereSpread) {
  const auto written = [](const std::vector<size_t>& spread) {
    std::vector<FlowWriter> writers;
    for (int i = 0; i < 2; ++i)
      writers.emplace_back("eth0", RowContext(nullptr, kNoNetworks), testing::TempDir());
    for (size_t i = 0; i < spread.size(); ++i) {
      writers[spread[i]].accept(
          flow(static_cast<uint32_t>(1000 + i / 3), "10.0.0.1", static_cast<uint16_t>(100 - i)));
    }
    std::vector<SortedLines> lines;
    for (FlowWriter& writer : writers) lines.push_back(std::move(writer.lines()));
    return ports(std::move(lines));
  };
  const auto expected = written({0, 0, 0, 0, 0, 0});
  EXPECT_EQ(expected, (std::vector<std::string>{"98", "99", "100", "95", "96", "97"}));
  EXPECT_EQ(written({0, 1, 0, 1, 1, 0}), expected);
  EXPECT_EQ(written({1, 0, 0, 0, 1, 1}), expected);
}

}  // namespace
}  // namespace weir
