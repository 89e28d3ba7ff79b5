// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/host_profile_fields.h"

#include <gtest/gtest.h>

#include "record/applications.h"
#include "record/test_records.h"

namespace weir {
namespace {

HostRecord host_with_profile() {
  HostRecord host = test_records::full_host();
  HostProfile& profile = host.profile;
  const auto app = [](std::string_view name) { return find_application(name); };
  profile.add_application({app("DNS"), 3, {3, 300}, {3, 900}});
  profile.add_application({app("TLS"), 2, {20, 3000}, {30, 40000}});
  profile.add_application({app("HTTP"), 1, {2, 40}, {3, 60}});
  profile.rest_application = kOtherApplications;
  profile.tcp_sent = {1, 2, 3, 4, 5, 6, 7};
  profile.round_trips = {{{3'000'000, 2}, {0, 0}}};
  add_fact(profile.facts, {HostFactKind::kDnsName, "mail.example.org"});
  add_fact(profile.facts, {HostFactKind::kDhcpName, "laptop"});
  add_fact(profile.facts, {HostFactKind::kHttpName, "mail.example.org"});
  add_fact(profile.facts, {HostFactKind::kUserAgent, "curl/8"});
  add_fact(profile.facts, {HostFactKind::kUserAgent, "X (Windows NT 10.0)"});
  for (const uint32_t hash : {1U, 2U, 3U}) profile.sets[0].add(hash);
  profile.sets[2].add(443);
  return host;
}

std::string json_of(const HostRecord& host, HostField field) {
  const auto plain = plain_profile_field(host, field);
  return to_json(to_value(plain ? to_field_value(*plain) : profile_field(host, field)));
}

TEST(HostProfileFields, ComeFromTheProfile) {
  const HostRecord host = host_with_profile();
  const std::vector<std::pair<HostField, std::string_view>> expected{
      {HostField::kName, "\"laptop\""},
      {HostField::kNames, R"(["laptop","mail.example.org"])"},
      {HostField::kNameSources,
       R"([{"name":"laptop","source":"dhcp"},{"name":"mail.example.org","source":"dns"},)"
       R"({"name":"mail.example.org","source":"http"}])"},
      {HostField::kOs, "\"Windows 10 or 11\""},
      {HostField::kOsEvidence, R"x(["user agent: X (Windows NT 10.0)","user agent: curl/8"])x"},
      {HostField::kFlowsAsClient, "5"},
      {HostField::kFlowsAsServer, "2"},
      {HostField::kFlowsTotal, "50"},
      {HostField::kFlowsTotalAsClient, "20"},
      {HostField::kFlowsTotalAsServer, "30"},
      {HostField::kPeersAsClient, "3"},
      {HostField::kPeersAsServer, "null"},
      {HostField::kPortsContacted, "1"},
      {HostField::kPortsServed, "null"},
      {HostField::kApplication, "\"TLS\""},
      {HostField::kClientRttMs, "1.5"},
      {HostField::kServerRttMs, "null"},
      {HostField::kTcpSent,
       R"({"retransmissions":1,"out_of_order":2,"lost_segments":3,"duplicate_acks":4,)"
       R"("zero_windows":5,"keep_alives":6,"resets":7})"},
      {HostField::kTcpReceived, "null"},
      {HostField::kIsPartial, "true"},
  };
  for (const auto& [field, json] : expected)
    EXPECT_EQ(json_of(host, field), json) << field_info(field).name;
}

TEST(HostProfileFields, ListApplicationsAndCategoriesByTheirBytes) {
  const HostRecord host = host_with_profile();
  EXPECT_EQ(json_of(host, HostField::kApplications),
            R"([{"name":"TLS","category":"Web","flows":2,"packets_sent":20,"packets_received":30,)"
            R"("bytes_sent":3000,"bytes_received":40000},)"
            R"({"name":"DNS","category":"Network","flows":3,"packets_sent":3,)"
            R"("packets_received":3,"bytes_sent":300,"bytes_received":900},)"
            R"({"name":"HTTP","category":"Web","flows":1,"packets_sent":2,"packets_received":3,)"
            R"("bytes_sent":40,"bytes_received":60}])");
  EXPECT_EQ(json_of(host, HostField::kCategories),
            R"([{"name":"Web","flows":3,"packets_sent":22,"packets_received":33,)"
            R"("bytes_sent":3040,"bytes_received":40060},)"
            R"({"name":"Network","flows":3,"packets_sent":3,"packets_received":3,)"
            R"("bytes_sent":300,"bytes_received":900}])");
}

TEST(HostProfileFields, DoNotSayWhatNobodyAskedFor) {
  HostRecord host = test_records::full_host();
  host.is_partial = false;
  for (const HostField field :
       {HostField::kName, HostField::kNames, HostField::kNameSources, HostField::kOs,
        HostField::kOsEvidence, HostField::kApplication, HostField::kApplications,
        HostField::kCategories, HostField::kTcpSent, HostField::kIsPartial})
    EXPECT_EQ(json_of(host, field), "null") << field_info(field).name;
}

TEST(HostProfileFields, DoNotTakeForgottenFlowsForNone) {
  HostRecord host = test_records::full_host();
  host.flows_ever = {};
  EXPECT_EQ(json_of(host, HostField::kFlowsTotal), "null");
  host.is_partial = false;
  EXPECT_EQ(json_of(host, HostField::kFlowsTotal), "0");
}

TEST(HostProfileFields, TellWhichNeedTheProfile) {
  EXPECT_FALSE(is_of_profile(HostField::kBytes));
  EXPECT_FALSE(is_of_profile(HostField::kFlowsTotal));
  EXPECT_TRUE(is_of_profile(HostField::kPortsServed));
  EXPECT_FALSE(is_of_whole_profile(HostField::kPortsServed));
  EXPECT_TRUE(is_of_whole_profile(HostField::kTcpReceived));
  EXPECT_TRUE(is_of_profile(HostField::kApplications));
}

}  // namespace
}  // namespace weir
