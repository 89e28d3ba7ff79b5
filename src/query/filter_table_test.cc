// SPDX-License-Identifier: GPL-3.0-or-later
// tests/filters/*.txt: each filter gives the same rows by the predicate that it is compiled to, by
// a naive evaluation of its text, and by SQLite with the condition that is made of it; and as many
// as the file says.
#include <array>
#include <fstream>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "query/filter.h"
#include "query/filter_sql.h"
#include "query/test_naive_filter.h"
#include "query/test_row_table.h"
#include "record/record_fields.h"
#include "record/test_places.h"
#include "record/test_records.h"

namespace weir {
namespace {

using test_naive_filter::NaiveFilter;
using test_row_table::Row;
using test_row_table::RowTable;

struct Line {
  size_t rows = 0;
  std::string filter;
};

// "12<tab>filter"; lines that begin with # are for people.
std::vector<Line> read_filters(const std::string& name) {
  std::ifstream file(WEIR_SOURCE_DIR "/tests/filters/" + name);
  std::vector<Line> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const size_t tab = line.find('\t');
    lines.push_back({std::stoul(line.substr(0, tab)), line.substr(tab + 1)});
  }
  return lines;
}

template <typename T, size_t kSize>
T pick(const std::array<T, kSize>& values, size_t number) {
  return values[number % kSize];
}

Row row_of(size_t fields, const std::function<FieldValue(uint8_t)>& get) {
  Row row;
  for (size_t i = 0; i < fields; ++i) row.push_back(get(static_cast<uint8_t>(i)));
  return row;
}

// What a view in a field points to must outlive the rows.
const test_places::FakePlaces& places() {
  static const test_places::FakePlaces kPlaces(
      {{*Prefix::parse("10.1.0.0/16"), {0, country_code("DE"), 1}},
       {*Prefix::parse("192.0.2.0/24"), {64500, country_code("US"), 0}},
       {*Prefix::parse("2001:db8::/32"), {64501, country_code("FR"), 0}}});
  return kPlaces;
}
const std::vector<Prefix>& local_networks() {
  static const std::vector<Prefix> kLocal{*Prefix::parse("10.0.0.0/8"),
                                          *Prefix::parse("fe80::/10")};
  return kLocal;
}

constexpr std::array<const char*, 6> kServerNames{"www.example.com",
                                                  "Mail.Example.COM",
                                                  "it's; -- \"odd\"",
                                                  "\xc3\xbc"
                                                  "ber.example",
                                                  "100%_[a]?.x",
                                                  "cdn.example.net"};

void add_metadata(FlowRecord& flow, size_t i) {
  if (i % 4 == 0) return;
  flow.metadata.add(MetadataField::kServerName, pick(kServerNames, i));
  if (i % 3 == 0) {
    flow.metadata.add(MetadataField::kHttpStatus, "200");
    if (i % 2 == 0) flow.metadata.add(MetadataField::kHttpStatus, "404");
    flow.metadata.add(MetadataField::kHttpUrl, "www.example.com/a?b=1&c='" + std::to_string(i));
  }
  if (i % 5 == 0) {
    flow.metadata.add(MetadataField::kDnsQuery, "a.example.com");
    flow.metadata.add(MetadataField::kDnsQuery, "b.example.org");
  }
  if (i % 7 == 0) flow.metadata.add(MetadataField::kEncryptedClientHello, "true");
}

FlowRecord flow_number(size_t i) {
  FlowRecord flow = test_records::full_flow();
  flow.client = *IpAddress::parse(
      pick(std::array{"10.1.2.3", "10.1.2.200", "10.200.0.1", "2001:db8::1", "fe80::1"}, i));
  flow.server = *IpAddress::parse(pick(
      std::array{"192.0.2.1", "192.0.2.77", "10.1.9.9", "2001:db8:1::5", "::1", "8.8.8.8"}, i / 2));
  flow.protocol = pick(std::array<uint8_t, 4>{kProtocolTcp, kProtocolUdp, kProtocolTcp, 47}, i);
  flow.client_port = static_cast<uint16_t>(40'000 + i * 37);
  flow.server_port = pick(std::array<uint16_t, 5>{443, 80, 53, 8443, 22}, i / 3);
  flow.application = guess_application(flow.protocol, flow.client_port, flow.server_port);
  flow.vlan = {};
  if (i % 3 == 0) flow.vlan.push(static_cast<uint16_t>(100 + i % 4));
  if (i % 6 == 0) flow.vlan.push(20);
  if (i % 5 == 0) flow.client_mac = {};
  if (i % 2 == 0) flow.tunnels = {};
  flow.to_server = {i, i * i * 1000};
  flow.to_client = {i / 2, i * 777};
  flow.last_seen = {static_cast<uint32_t>(1000 + i * 61),
                    static_cast<uint32_t>(i % 4 * 250'000'000)};
  flow.rate_to_server = {i % 3, i * 1000 % 7001};
  flow.state = i % 4 == 1 ? FlowState::kOneWay : FlowState::kEstablished;
  flow.has_tcp_quality = flow.protocol == kProtocolTcp;
  if (i % 4 == 3) flow.round_trips = {};
  if (i % 3 == 1) flow.transactions = {};
  add_metadata(flow, i);
  return flow;
}

std::vector<Row> flow_rows() {
  std::vector<Row> rows;
  for (size_t i = 0; i < 60; ++i) {
    const FlowRecord flow = flow_number(i);
    const std::string_view interface = i % 5 == 4 ? "it's" : "eth0";
    rows.push_back(row_of(kFlowFields.size(), [&](uint8_t field) {
      return flow_field(flow, static_cast<FlowField>(field),
                        {interface, 0, &places(), &local_networks()});
    }));
  }
  return rows;
}

HostRecord host_number(size_t i) {
  HostRecord host = test_records::full_host();
  host.key.address = *IpAddress::parse(pick(
      std::array{"10.1.2.3", "10.1.2.4", "192.0.2.9", "2001:db8::7", "fe80::9", "203.0.113.5"}, i));
  host.key.vlan = {};
  if (i % 4 == 0) host.key.vlan.push(static_cast<uint16_t>(i));
  if (i % 3 == 0) host.mac = {};
  host.sent[0] = {i, i * 100'000};
  host.first_seen = {static_cast<uint32_t>(1000 + i), 0};
  host.active_flows = static_cast<uint32_t>(i % 5);
  host.is_partial = i % 2 == 0;
  host.bytes_error = i % 3 == 0 ? 0 : 512;
  if (i % 2 == 0)
    add_fact(host.profile.facts, {HostFactKind::kDhcpName, "PC-" + std::to_string(i)});
  if (i % 6 == 0) add_fact(host.profile.facts, {HostFactKind::kDnsName, "www.example.com"});
  return host;
}

std::vector<Row> host_rows() {
  std::vector<Row> rows;
  for (size_t i = 0; i < 30; ++i) {
    const HostRecord host = host_number(i);
    rows.push_back(row_of(kHostFields.size(), [&](uint8_t field) {
      return host_field(host, static_cast<HostField>(field),
                        {"eth0", 0, &places(), &local_networks()});
    }));
  }
  return rows;
}

Value as_value(const Row& row, Entity entity) {
  Value value{Value::Object{}};
  for (size_t i = 0; i < row.size(); ++i) {
    if (!std::holds_alternative<std::monostate>(row[i]))
      value.set(fields_of(entity)[i].name, to_value(row[i]));
  }
  return value;
}

class FilterTable {
 public:
  FilterTable(Entity entity, std::vector<Row> rows)
      : entity_(entity), rows_(std::move(rows)), database_(entity) {
    for (const Row& row : rows_) {
      database_.add(row);
      values_.push_back(as_value(row, entity));
    }
  }

  void check(const Line& line) {
    const auto filter = Filter::parse(line.filter, entity_);
    ASSERT_TRUE(filter.ok()) << line.filter << ": " << filter.error().message;
    std::vector<size_t> by_predicate;
    std::vector<size_t> naively;
    NaiveFilter naive(line.filter, entity_);
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (filter->matches([&](uint8_t field) { return rows_[i][field]; }))
        by_predicate.push_back(i);
      if (naive.holds(values_[i])) naively.push_back(i);
    }
    const auto condition = to_sql(*filter, database_.table());
    ASSERT_TRUE(condition.ok()) << line.filter << ": " << condition.error().message;
    EXPECT_EQ(by_predicate, naively) << line.filter;
    EXPECT_EQ(by_predicate, database_.rows_where(*condition)) << line.filter << condition->text;
    EXPECT_EQ(by_predicate.size(), line.rows) << line.filter;
    splits_ += by_predicate.empty() || by_predicate.size() == rows_.size() ? 0 : 1;
  }
  // How many filters held for some of the rows and not for all.
  [[nodiscard]] size_t splits() const { return splits_; }

 private:
  Entity entity_;
  std::vector<Row> rows_;
  std::vector<Value> values_;
  RowTable database_;
  size_t splits_ = 0;
};

TEST(FilterTable, OfFlowsGivesTheSameRowsThreeTimes) {
  FilterTable table(Entity::kFlow, flow_rows());
  const auto lines = read_filters("flows.txt");
  for (const Line& line : lines) table.check(line);
  EXPECT_GE(lines.size(), 150U);
  EXPECT_GE(table.splits(), 120U);
}

TEST(FilterTable, OfHostsGivesTheSameRowsThreeTimes) {
  FilterTable table(Entity::kHost, host_rows());
  const auto lines = read_filters("hosts.txt");
  for (const Line& line : lines) table.check(line);
  EXPECT_GE(lines.size(), 50U);
  EXPECT_GE(table.splits(), 40U);
}

}  // namespace
}  // namespace weir
