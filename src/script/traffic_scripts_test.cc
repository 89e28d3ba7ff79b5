// SPDX-License-Identifier: GPL-3.0-or-later
// The resources that put flows together, over a real engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/test_traffic.h"
#include "script/script_runner.h"

namespace weir {
namespace {

using test_traffic::Sent;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<Sent> traffic() {
  std::vector<Sent> packets = test_traffic::a_second_of_traffic();
  // In a VLAN the same addresses are others.
  packets.push_back({.source = "10.0.0.1",
                     .destination = "10.0.0.9",
                     .source_port = 40003,
                     .destination_port = 443,
                     .protocol = kProtocolTcp,
                     .length = 500,
                     .vlan = {100}});
  return packets;
}

class TrafficScripts : public ::testing::Test {
 protected:
  ScriptResponse get(const std::string& resource, Parameters parameters = {}) {
    ScriptResponse response = runner_->run({resource, "", std::move(parameters)});
    EXPECT_THAT(errors_, IsEmpty());
    return response;
  }
  std::string body(const std::string& resource, Parameters parameters = {}) {
    return get(resource, std::move(parameters)).body;
  }

  std::unique_ptr<Interface> eth0_ = test_traffic::watch("eth0", traffic());
  LiveQuestions questions_ = test_traffic::questions_about({eth0_.get()});
  std::vector<std::string> errors_;
  std::unique_ptr<ScriptRunner> runner_ = *ScriptRunner::open(
      {.folder = WEIR_SOURCE_DIR "/scripts",
       .on_error = [this](const std::string& line) { errors_.push_back(line); }},
      questions_);
};

TEST_F(TrafficScripts, PortsAreThoseOfServers) {
  EXPECT_EQ(
      body("ports", {{"columns", "protocol_name,server_port,count,bytes"}, {"sort", "bytes"}}),
      R"({"offset":0,"rows":[{"bytes":1240,"count":1,"protocol_name":"UDP","server_port":53},)"
      R"({"bytes":850,"count":2,"protocol_name":"TCP","server_port":443},)"
      R"({"bytes":90,"count":1,"protocol_name":"UDP","server_port":123}],"time":2000,"total":3})");
  EXPECT_EQ(body("ports",
                 {{"columns", "server_port,bytes"}, {"filter", "proto = TCP"}, {"format", "csv"}}),
            "server_port,bytes\r\n443,850\r\n");
  const ScriptResponse wrong = get("ports", {{"filter", "bytes > x"}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, HasSubstr(R"("column":9,)")) << "of the filter as it was written";
}

TEST_F(TrafficScripts, PeersOfAHostAreSummedBothWays) {
  // 10.0.0.3 asked 10.0.0.2 for a name and was pinged by 10.0.0.1.
  EXPECT_EQ(
      body("peers", {{"host", "10.0.0.3"}, {"sort", "bytes"}}),
      R"({"offset":0,"rows":[{"address":"10.0.0.2","bits_per_second":1920,"bytes":1240,)"
      R"("bytes_received":160,"bytes_sent":1080,"first_seen":1000,"flows":1,"flows_as_client":1,)"
      R"("last_seen":1001,"packets":3,"packets_received":1,"packets_sent":2},)"
      R"({"address":"10.0.0.1","bits_per_second":512,"bytes":64,"bytes_received":64,)"
      R"("bytes_sent":0,"first_seen":1000,"flows":1,"flows_as_server":1,"last_seen":1000,)"
      R"("packets":1,"packets_received":1,"packets_sent":0}],"time":2000,"total":2})");
  EXPECT_THAT(
      body("peers",
           {{"host", "10.0.0.1"}, {"columns", "address"}, {"sort", "address"}, {"order", "asc"}}),
      HasSubstr(
          R"("rows":[{"address":"10.0.0.3"},{"address":"10.0.0.9"},{"address":"192.0.2.1"}])"));
  EXPECT_THAT(body("peers", {{"host", "10.0.0.1"},
                             {"filter", "app = TLS or app = x"},
                             {"columns", "address"},
                             {"limit", "1"},
                             {"offset", "1"}}),
              HasSubstr(R"("rows":[{"address":"192.0.2.1"}])"));
  EXPECT_THAT(body("peers", {{"host", "10.0.0.1@100"}, {"columns", "address,bytes_sent"}}),
              HasSubstr(R"("rows":[{"address":"10.0.0.9","bytes_sent":500}])"));
  EXPECT_THAT(body("peers", {{"host", "10.0.0.77"}}),
              HasSubstr(R"("rows":[],"time":2000,"total":0)"));
  EXPECT_THAT(body("peers", {{"host", "2001:db8::1"}, {"columns", "address"}}),
              HasSubstr("2001:db8::2"));
}

TEST_F(TrafficScripts, PeersWithoutAHostArePairs) {
  const std::string pairs =
      body("peers", {{"columns", "client_ip,server_ip,count,bytes"}, {"sort", "bytes"}});
  EXPECT_THAT(
      pairs,
      HasSubstr(R"([{"bytes":1240,"client_ip":"10.0.0.3","count":1,"server_ip":"10.0.0.2"})"));
  EXPECT_THAT(pairs, HasSubstr(R"("total":5)"));
}

TEST_F(TrafficScripts, PeersNameTheParameterThatIsWrong) {
  const auto wrong = [&](Parameters parameters) {
    const ScriptResponse response = get("peers", std::move(parameters));
    EXPECT_EQ(response.status, 400);
    return response.body;
  };
  for (const char* host :
       {"x", "10.0.0.1 or 1", "1.2.3", "10.0.0.1@", "10.0.0.1@x", "10.0.0.1\"", "::::"})
    EXPECT_THAT(wrong({{"host", host}}), HasSubstr(R"("parameter":"host")")) << host;
  EXPECT_THAT(wrong({{"host", "10.0.0.1"}, {"sort", "colour"}}),
              HasSubstr(R"("parameter":"sort")"));
  EXPECT_THAT(wrong({{"host", "10.0.0.1"}, {"columns", "colour"}}),
              HasSubstr(R"("parameter":"columns")"));
  EXPECT_THAT(wrong({{"host", "10.0.0.1"}, {"filter", "bytes > x"}}), HasSubstr(R"("column":9,)"));
  EXPECT_THAT(wrong({{"group_by", "vlan"}}), HasSubstr(R"("parameter":"group_by")"));
  // A filter is one of its own, and gets nowhere by its parentheses.
  const char* out = "bytes > 1) or (bytes > 1";
  EXPECT_THAT(wrong({{"host", "10.0.0.1"}, {"filter", out}}),
              AllOf(HasSubstr(R"("column":10,)"), HasSubstr(R"("parameter":"filter")")));
  EXPECT_THAT(wrong({{"filter", out}}), HasSubstr(R"("column":10,)"));
  const ScriptResponse ports = get("ports", {{"filter", out}});
  EXPECT_EQ(ports.status, 400);
  EXPECT_THAT(ports.body, HasSubstr(R"("column":10,)"));
}

TEST_F(TrafficScripts, GroupsGoThroughCsvColumnsAndLimit) {
  EXPECT_EQ(body("flows", {{"group_by", "protocol_name"},
                           {"columns", "protocol_name,count,bytes"},
                           {"sort", "bytes"},
                           {"limit", "1"},
                           {"format", "csv"}}),
            "protocol_name,count,bytes\r\nUDP,2,1330\r\n");
  EXPECT_THAT(body("hosts", {{"group_by", "is_local"}, {"columns", "is_local,count"}}),
              HasSubstr(R"({"count":5,"is_local":true})"));
  EXPECT_THAT(body("flows", {{"group_by", "bytes"}}), HasSubstr(R"("parameter":"group_by")"));
}

TEST_F(TrafficScripts, CsvHasTheSameNamesOnEachPage) {
  const auto names = [&](const std::string& resource, Parameters parameters) {
    parameters.emplace_back("format", "csv");
    const std::string text = body(resource, std::move(parameters));
    return text.substr(0, text.find("\r\n"));
  };
  for (const char* resource : {"hosts", "flows", "interfaces", "applications", "transactions",
                               "exporters", "ports", "peers", "countries"}) {
    const std::string none = names(resource, {{"limit", "0"}});
    EXPECT_THAT(none, HasSubstr(",")) << resource;
    EXPECT_EQ(names(resource, {{"limit", "1"}}), none);
    EXPECT_EQ(names(resource, {{"limit", "1"}, {"offset", "1"}}), none);
  }
  EXPECT_THAT(names("flows", {{"limit", "0"}}), HasSubstr("bits_per_second,"));
  EXPECT_THAT(names("hosts", {{"limit", "0"}}), Not(HasSubstr("applications")));
  EXPECT_THAT(names("ports", {{"limit", "0"}}), StartsWith("protocol_name,server_port,count,"));
  EXPECT_THAT(names("hosts", {{"group_by", "is_local"}, {"limit", "0"}}),
              StartsWith("is_local,count,"));
  EXPECT_EQ(names("peers", {{"host", "10.0.0.1"}, {"limit", "0"}}),
            names("peers", {{"host", "10.0.0.1"}, {"limit", "9"}}));
  EXPECT_THAT(body("hosts", {}), Not(HasSubstr(R"("columns")")));
}

TEST_F(TrafficScripts, CompleteOffersWhatCanBeWritten) {
  EXPECT_EQ(body("complete", {{"text", "app = t"}, {"list", "flows"}, {"limit", "1"}}),
            R"({"from":7,"items":[{"count":2,"kind":"value","text":"TLS"}],"to":8})");
  EXPECT_EQ(
      body("complete", {{"text", "app = TLS and byt > 5"}, {"cursor", "18"}, {"limit", "1"}}),
      R"({"from":15,"items":[{"doc":"Bytes on the wire in both directions.","kind":"field","text":"bytes"}],"to":18})");
  EXPECT_THAT(body("complete"), Not(HasSubstr(R"("items":[])")));
  EXPECT_THAT(body("complete", {{"text", "x"}, {"cursor", "9"}}),
              HasSubstr(R"("parameter":"cursor")"));
  EXPECT_THAT(body("complete", {{"list", "colours"}}), HasSubstr(R"("parameter":"list")"));
  EXPECT_THAT(body("complete", {{"limit", "201"}}), HasSubstr(R"("parameter":"limit")"));
}

}  // namespace
}  // namespace weir
