// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "export/ecs_encoder.h"
#include "export/json_encoder.h"
#include "export/ntop_encoder.h"
#include "export/syslog_encoder.h"
#include "export/utc_text.h"
#include "record/instance_paths.h"
#include "record/test_records.h"

namespace weir {
namespace {

using nlohmann::json;

ExportedFlow flow_to_export() {
  ExportedFlow flow;
  flow.flow = test_records::full_flow();
  flow.flow.metadata.add(MetadataField::kServerName, "www.\"example\".org");
  flow.flow.metadata.add(MetadataField::kTlsVersion, "TLS 1.3");
  flow.flow.metadata.add(MetadataField::kJa3, "0123456789abcdef0123456789abcdef");
  flow.flow.metadata.add(MetadataField::kUserAgent, "agent\n\x80");
  flow.flow.origin.path = path_number("leaf/root");
  return flow;
}

RecordContext context() {
  RecordContext context;
  context.interface = "eth0";
  return context;
}

std::vector<Message> encoded(FlowEncoder& encoder, const ExportedFlow& flow = flow_to_export()) {
  std::vector<Message> messages;
  encoder.add(flow, context(), messages);
  encoder.flush(messages);
  return messages;
}

TEST(JsonEncoder, WritesALineOfKnownFields) {
  JsonEncoder encoder;
  const auto messages = encoded(encoder);
  ASSERT_EQ(messages.size(), 1U);
  const std::string& line = messages[0].bytes;
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const json said = json::parse(line);
  EXPECT_EQ(said["client_ip"], "10.1.2.3");
  EXPECT_EQ(said["bytes_to_client"], 1'500'000);
  EXPECT_EQ(said["end_reason"], "closed");
  EXPECT_EQ(said["server_name"], "www.\"example\".org");
  EXPECT_EQ(said["interface"], "eth0");
  EXPECT_EQ(said["path"], "leaf/root");
}

TEST(SyslogEncoder, WritesMessagesOfRfc5424) {
  SyslogEncoder datagrams("my probe", SyslogFraming::kDatagrams);
  const std::string text = encoded(datagrams)[0].bytes;
  EXPECT_EQ(text.substr(0, 55),
            "<134>1 1970-01-01T00:21:40.500000Z my_probe weir " + text.substr(49, 6));
  const size_t body = text.find(" flow - {");
  ASSERT_NE(body, std::string::npos);
  EXPECT_EQ(json::parse(text.substr(body + 8))["server_port"], 443);

  SyslogEncoder counted("my probe", SyslogFraming::kCounted);
  const std::string framed = encoded(counted)[0].bytes;
  const size_t space = framed.find(' ');
  EXPECT_EQ(std::stoul(framed.substr(0, space)), framed.size() - space - 1);
  EXPECT_EQ(framed.substr(space + 1), text);
}

TEST(EcsEncoder, UsesTheNamesOfTheSchema) {
  EcsEncoder encoder("root");
  const json said = json::parse(encoded(encoder)[0].bytes);
  EXPECT_EQ(said["@timestamp"], "1970-01-01T00:21:40.500000Z");
  EXPECT_EQ(said["source"]["ip"], "10.1.2.3");
  EXPECT_EQ(said["source"]["bytes"], 300);
  EXPECT_EQ(said["source"]["mac"], "04-00-01-00-00-01");
  EXPECT_EQ(said["destination"]["port"], 443);
  EXPECT_EQ(said["destination"]["domain"], "www.\"example\".org");
  EXPECT_EQ(said["network"]["transport"], "tcp");
  EXPECT_EQ(said["network"]["bytes"], 1'500'300);
  EXPECT_EQ(said["network"]["vlan"]["id"], "100");
  EXPECT_EQ(said["event"]["duration"], 300'500'000'000);
  EXPECT_EQ(said["event"]["type"], (json{"connection", "end"}));
  EXPECT_EQ(said["tls"]["client"]["ja3"], "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(said["labels"]["path"], "leaf/root");
  EXPECT_FALSE(said.contains("dns"));
}

TEST(NtopEncoder, WritesArraysOfNumberedFields) {
  NtopEncoder encoder;
  std::vector<Message> messages;
  for (uint32_t i = 0; i < NtopEncoder::kBatch + 1; ++i)
    encoder.add(flow_to_export(), context(), messages);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].flows, NtopEncoder::kBatch);
  const json said = json::parse(messages[0].bytes);
  ASSERT_EQ(said.size(), NtopEncoder::kBatch);
  EXPECT_EQ(said[0]["8"], "10.1.2.3");
  EXPECT_EQ(said[0]["12"], "192.0.2.1");
  EXPECT_EQ(said[0]["11"], 443);
  EXPECT_EQ(said[0]["23"], 1'500'000);
  EXPECT_EQ(said[0]["21"], 1300);
  EXPECT_EQ(said[0]["57660"], "www.\"example\".org");
  EXPECT_EQ(said[0]["32473.1"], "leaf/root");
  encoder.flush(messages);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(json::parse(messages[1].bytes).size(), 1U);
  encoder.flush(messages);
  EXPECT_EQ(messages.size(), 2U);
}

TEST(UtcText, WritesDates) {
  EXPECT_EQ(utc_text({1'709'210'096, 7'000}), "2024-02-29T12:34:56.000007Z");
}

}  // namespace
}  // namespace weir
