// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/record_fields.h"

#include <array>

#include <gtest/gtest.h>

#include "record/risks.h"
#include "record/test_places.h"
#include "record/test_records.h"

namespace weir {
namespace {

using test_records::full_flow;
using test_records::full_host;

constexpr RecordContext kContext{"eth0", 3};

std::string flow_json(const FlowRecord& flow, FlowField field) {
  return to_json(to_value(flow_field(flow, field, kContext)));
}

std::string host_json(HostField field, const RecordContext& context) {
  return to_json(to_value(host_field(full_host(), field, context)));
}

TEST(FlowFields, ComeFromTheRecord) {
  const std::vector<std::pair<FlowField, std::string_view>> expected{
      {FlowField::kId, "\"3-ab-12\""},
      {FlowField::kInterface, "\"eth0\""},
      {FlowField::kVlan, "[100,20]"},
      {FlowField::kProtocol, "6"},
      {FlowField::kProtocolName, "\"TCP\""},
      {FlowField::kClientIp, "\"10.1.2.3\""},
      {FlowField::kClientPort, "40000"},
      {FlowField::kServerIp, "\"192.0.2.1\""},
      {FlowField::kServerPort, "443"},
      {FlowField::kClientMac, "\"04:00:01:00:00:01\""},
      {FlowField::kServerMac, "\"04:00:02:00:00:02\""},
      {FlowField::kPackets, "7"},
      {FlowField::kBytes, "1500300"},
      {FlowField::kPacketsToServer, "3"},
      {FlowField::kPacketsToClient, "4"},
      {FlowField::kBytesToServer, "300"},
      {FlowField::kBytesToClient, "1500000"},
      {FlowField::kFirstSeen, "1000"},
      {FlowField::kLastSeen, "1300.5"},
      {FlowField::kDurationS, "300.5"},
      {FlowField::kBitsPerSecond, "500000"},
      {FlowField::kBitsPerSecondToServer, "800"},
      {FlowField::kBitsPerSecondToClient, "499200"},
      {FlowField::kPacketsPerSecond, "3"},
      {FlowField::kApplication, "\"TLS\""},
      {FlowField::kCategory, "\"Web\""},
      {FlowField::kConfidence, "\"port\""},
      {FlowField::kState, "\"established\""},
      {FlowField::kEndReason, "\"closed\""},
      {FlowField::kTcpFlagsToServer, "27"},
      {FlowField::kTcpFlagsToClient, "26"},
      {FlowField::kTunnel, "\"GRE\""},
      {FlowField::kInitialRttMs, "40.5"},
      {FlowField::kClientRttMs, "10"},
      {FlowField::kServerRttMs, "30.5"},
      {FlowField::kRetransmissionsToServer, "11"},
      {FlowField::kRetransmissionsToClient, "21"},
      {FlowField::kOutOfOrderToServer, "12"},
      {FlowField::kOutOfOrderToClient, "22"},
      {FlowField::kLostSegmentsToServer, "13"},
      {FlowField::kLostSegmentsToClient, "23"},
      {FlowField::kDuplicateAcksToServer, "14"},
      {FlowField::kDuplicateAcksToClient, "24"},
      {FlowField::kZeroWindowsToServer, "15"},
      {FlowField::kZeroWindowsToClient, "25"},
      {FlowField::kKeepAlivesToServer, "16"},
      {FlowField::kKeepAlivesToClient, "26"},
      {FlowField::kResetsToServer, "17"},
      {FlowField::kResetsToClient, "27"},
      {FlowField::kTransactions, "3"},
      {FlowField::kApplicationLatencyMs, "1.5"},
      {FlowField::kClientNetworkMs, "1"},
      {FlowField::kServerNetworkMs, "2"},
      {FlowField::kServerThinkingMs, "3"},
      {FlowField::kLossRecoveryMs, "4"},
      {FlowField::kZeroWindowMs, "5"},
      {FlowField::kSenderIdleMs, "6"},
      {FlowField::kScore, "null"},
      {FlowField::kExporter, "\"192.0.2.7\""},
      {FlowField::kInputInterface, "3"},
      {FlowField::kOutputInterface, "null"},
      {FlowField::kPath, "null"},
  };
  constexpr size_t kOfPlaces = 12;  // place_fields_test.cc
  EXPECT_EQ(expected.size() + kOfPlaces + static_cast<size_t>(MetadataField::kCount),
            static_cast<size_t>(FlowField::kCount));
  for (const auto& [field, json] : expected) {
    EXPECT_EQ(flow_json(full_flow(), field), json) << field_info(field).name;
  }
}

TEST(FlowFields, OfMetadataStandInTheOrderOfTheirEnumerators) {
  size_t found = 0;
  for (size_t i = 0; i < static_cast<size_t>(FlowField::kCount); ++i) {
    const auto metadata = metadata_field_of(static_cast<FlowField>(i));
    if (!metadata) continue;
    EXPECT_EQ(static_cast<size_t>(*metadata), found++);
    EXPECT_EQ(metadata_field_name(*metadata), kFlowFields[i].name);
    EXPECT_EQ(is_number(*metadata), kFlowFields[i].type == FieldType::kUints);
  }
  EXPECT_EQ(found, static_cast<size_t>(MetadataField::kCount));
}

TEST(FlowFields, OfMetadataAreOneValueOrAList) {
  FlowRecord flow = full_flow();
  EXPECT_EQ(flow_json(flow, FlowField::kServerName), "null");
  flow.metadata.add(MetadataField::kServerName, "example.org");
  flow.metadata.add(MetadataField::kHttpUrl, "example.org/a");
  flow.metadata.add(MetadataField::kHttpUrl, "example.org/\"<b>\x01\xff");
  flow.metadata.add(MetadataField::kHttpStatus, "200");
  flow.metadata.add(MetadataField::kEncryptedClientHello, "true");
  EXPECT_EQ(flow_json(flow, FlowField::kServerName), "\"example.org\"");
  EXPECT_EQ(flow_json(flow, FlowField::kHttpUrl),
            "[\"example.org/a\",\"example.org/\\\"<b>\\u0001\xef\xbf\xbd\"]");
  EXPECT_EQ(flow_json(flow, FlowField::kHttpStatus), "200");
  EXPECT_EQ(flow_json(flow, FlowField::kEncryptedClientHello), "true");
  flow.metadata.add(MetadataField::kHttpStatus, "404");
  EXPECT_EQ(flow_json(flow, FlowField::kHttpStatus), "[200,404]");
}

TEST(FlowFields, SayWhatMayBeWrongAndHowMuchThatIs) {
  FlowRecord flow = full_flow();
  EXPECT_EQ(flow_json(flow, FlowField::kRisks), "null");
  RiskSet risks;
  risks.add(Risk::kHttpNumericHost);
  set_risks(flow.metadata, risks);
  EXPECT_EQ(flow_json(flow, FlowField::kRisks), "\"http_numeric_host\"");
  EXPECT_EQ(flow_json(flow, FlowField::kScore), "10");
  risks.add(Risk::kPossibleExploit);
  set_risks(flow.metadata, risks);
  EXPECT_EQ(flow_json(flow, FlowField::kRisks), "[\"http_numeric_host\",\"possible_exploit\"]");
  EXPECT_EQ(flow_json(flow, FlowField::kScore), "160");
}

TEST(FlowFields, OfABareRecordAreNotKnown) {
  FlowRecord flow;
  flow.protocol = kProtocolUdp;
  for (const FlowField field :
       {FlowField::kClientMac, FlowField::kServerMac, FlowField::kConfidence, FlowField::kEndReason,
        FlowField::kTcpFlagsToServer, FlowField::kTcpFlagsToClient, FlowField::kTunnel,
        FlowField::kInitialRttMs, FlowField::kClientRttMs, FlowField::kServerRttMs,
        FlowField::kRetransmissionsToServer, FlowField::kResetsToClient}) {
    EXPECT_EQ(flow_json(flow, field), "null") << field_info(field).name;
  }
  EXPECT_EQ(flow_json(flow, FlowField::kApplication), "\"Unknown\"");
  EXPECT_EQ(flow_json(flow, FlowField::kState), "\"one_way\"");
  EXPECT_EQ(to_json(to_value(flow_field(flow, FlowField::kInterface, {}))), "null");
}

TEST(FlowFields, NumberAProtocolWithoutAName) {
  FlowRecord flow;
  flow.protocol = 253;
  EXPECT_EQ(flow_json(flow, FlowField::kProtocolName), "\"IP-253\"");
}

TEST(FlowFields, NameEachStateAndReason) {
  for (int state = 0; state <= static_cast<int>(FlowState::kReset); ++state) {
    EXPECT_FALSE(flow_state_name(static_cast<FlowState>(state)).empty()) << state;
  }
  for (int reason = 0; reason <= static_cast<int>(EndReason::kEnd); ++reason) {
    EXPECT_FALSE(end_reason_name(static_cast<EndReason>(reason)).empty()) << reason;
  }
}

TEST(HostFields, ComeFromTheRecord) {
  const auto places =
      test_places::FakePlaces({{*Prefix::parse("10.0.0.0/8"), {64500, country_code("DE"), 1}}});
  const std::vector<Prefix> local{*Prefix::parse("10.0.0.0/8")};
  const RecordContext context{"eth0", 3, &places, &local};
  const std::vector<std::pair<HostField, std::string_view>> expected{
      {HostField::kKey, "\"10.1.2.3@100.20\""},
      {HostField::kInterface, "\"eth0\""},
      {HostField::kAddress, "\"10.1.2.3\""},
      {HostField::kVlan, "[100,20]"},
      {HostField::kIsLocal, "true"},
      {HostField::kCountry, "\"DE\""},
      {HostField::kAsNumber, "64500"},
      {HostField::kAsName, "\"Example Net\""},
      {HostField::kNetwork, "\"office\""},
      {HostField::kMac, "\"04:00:01:00:00:01\""},
      {HostField::kMacVendor, "\"Maker\""},
      {HostField::kFirstSeen, "1000"},
      {HostField::kLastSeen, "1001.25"},
      {HostField::kPackets, "36"},
      {HostField::kBytes, "51975"},
      {HostField::kPacketsSent, "10"},
      {HostField::kPacketsReceived, "26"},
      {HostField::kBytesSent, "43210"},
      {HostField::kBytesReceived, "8765"},
      {HostField::kBitsPerSecond, "1000"},
      {HostField::kBitsPerSecondSent, "800"},
      {HostField::kBitsPerSecondReceived, "200"},
      {HostField::kPacketsPerSecond, "19"},
      {HostField::kFlows, "7"},
      {HostField::kTcpBytes, "15"},
      {HostField::kUdpBytes, "260"},
      {HostField::kIcmpBytes, "3700"},
      {HostField::kOtherBytes, "48000"},
      {HostField::kBytesError, "512"},
  };
  // Those from kName to kIsPartial: host_profile_fields_test.cc.
  const size_t of_profile =
      static_cast<size_t>(HostField::kIsPartial) - static_cast<size_t>(HostField::kName) + 1;
  EXPECT_EQ(expected.size() + of_profile, static_cast<size_t>(HostField::kCount));
  for (const auto& [field, json] : expected) {
    EXPECT_EQ(host_json(field, context), json) << field_info(field).name;
  }
}

TEST(HostFields, DoNotMentionAnErrorThatIsNone) {
  HostRecord host = full_host();
  host.bytes_error = 0;
  EXPECT_TRUE(
      std::holds_alternative<std::monostate>(host_field(host, HostField::kBytesError, kContext)));
}

TEST(HostKeyText, NamesAddressAndVlan) {
  EXPECT_EQ(host_key_text({*IpAddress::parse("2001:db8::1"), {}}), "2001:db8::1");
  EXPECT_EQ(host_key_text(full_host().key), "10.1.2.3@100.20");
}

TEST(FlowJson, HasAllOfAFlowThatEnded) {
  std::string line;
  append_flow_json(line, full_flow(), kContext);
  EXPECT_EQ(
      line,
      R"({"interface":"eth0","vlan":[100,20],"protocol":6,"protocol_name":"TCP",)"
      R"("client_ip":"10.1.2.3","client_port":40000,"server_ip":"192.0.2.1","server_port":443,)"
      R"("client_mac":"04:00:01:00:00:01","server_mac":"04:00:02:00:00:02",)"
      R"("packets":7,"bytes":1500300,"packets_to_server":3,"packets_to_client":4,)"
      R"("bytes_to_server":300,"bytes_to_client":1500000,"first_seen":1000,"last_seen":1300.5,)"
      R"("duration_s":300.5,"application":"TLS","category":"Web","confidence":"port",)"
      R"("state":"established","end_reason":"closed","tcp_flags_to_server":27,)"
      R"("tcp_flags_to_client":26,"tunnel":"GRE",)"
      R"("initial_rtt_ms":40.5,"client_rtt_ms":10,"server_rtt_ms":30.5,)"
      R"("retransmissions_to_server":11,"retransmissions_to_client":21,)"
      R"("out_of_order_to_server":12,"out_of_order_to_client":22,)"
      R"("lost_segments_to_server":13,"lost_segments_to_client":23,)"
      R"("duplicate_acks_to_server":14,"duplicate_acks_to_client":24,)"
      R"("zero_windows_to_server":15,"zero_windows_to_client":25,)"
      R"("keep_alives_to_server":16,"keep_alives_to_client":26,"resets_to_server":17,)"
      R"("resets_to_client":27,)"
      R"("transactions":3,"application_latency_ms":1.5,"client_network_ms":1,"server_network_ms":2,)"
      R"("server_thinking_ms":3,"loss_recovery_ms":4,"zero_window_ms":5,"sender_idle_ms":6,)"
      R"("exporter":"192.0.2.7","input_interface":3})");
}

TEST(HostJson, HasAllOfAHost) {
  std::string line = "x";
  append_host_json(line, full_host(), kContext);
  EXPECT_TRUE(line.starts_with(R"(x{"key":"10.1.2.3@100.20","interface":"eth0",)")) << line;
  EXPECT_TRUE(line.ends_with(R"("flows_total_as_server":30,"is_partial":true,"bytes_error":512})"))
      << line;
  EXPECT_NE(line.find(R"("icmp_bytes":3700,"other_bytes":48000,)"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("bits_per_second_sent":800,)"), std::string::npos) << line;
}

}  // namespace
}  // namespace weir
