// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/host_facts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace weir {
namespace {

using Kind = HostFactKind;

TEST(HostFacts, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < static_cast<size_t>(Kind::kCount); ++i)
    names.insert(host_fact_name(static_cast<Kind>(i)));
  EXPECT_EQ(names.size(), static_cast<size_t>(Kind::kCount));
  EXPECT_FALSE(names.contains(""));
}

TEST(HostFacts, OfAKindAreTheShortestInWhateverOrderTheyCome) {
  std::vector<HostFact> wanted{{Kind::kDhcpName, "laptop"},
                               {Kind::kDnsName, "a.example"},
                               {Kind::kDnsName, "b.example"},
                               {Kind::kDnsName, "cc.example"},
                               {Kind::kDnsName, "ddd.example"}};
  std::vector<HostFact> all = wanted;
  all.push_back({Kind::kDnsName, "eeee.example"});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.text < b.text; });
  do {
    std::vector<HostFact> facts;
    for (const HostFact& fact : all) {
      add_fact(facts, fact);
      add_fact(facts, fact);
    }
    ASSERT_EQ(facts, wanted);
  } while (std::next_permutation(all.begin(), all.end(),
                                 [](const auto& a, const auto& b) { return a.text < b.text; }));
}

std::string_view system_of(Kind kind, std::string text) {
  return guess_system({{kind, std::move(text)}}).name;
}

TEST(HostFacts, TellTheOperatingSystem) {
  EXPECT_EQ(system_of(Kind::kSshBanner, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"), "Debian Linux");
  EXPECT_EQ(system_of(Kind::kSshBanner, "SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.6"), "Ubuntu Linux");
  EXPECT_EQ(system_of(Kind::kDhcpClass, "MSFT 5.0"), "Windows");
  EXPECT_EQ(system_of(Kind::kDhcpClass, "android-dhcp-13"), "Android");
  EXPECT_EQ(system_of(Kind::kUserAgent,
                      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Safari/537.36"),
            "Windows 10 or 11");
  EXPECT_EQ(system_of(Kind::kUserAgent,
                      "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1"),
            "iOS");
  EXPECT_EQ(system_of(Kind::kUserAgent, "Mozilla/5.0 (Linux; Android 13; Pixel 7)"), "Android");
  EXPECT_EQ(system_of(Kind::kUserAgent, "Mozilla/5.0 (X11; Linux x86_64; rv:109.0)"), "Linux");
  EXPECT_EQ(system_of(Kind::kHttpServer, "Apache/2.4.57 (Debian)"), "Debian Linux");
  EXPECT_EQ(system_of(Kind::kSynFingerprint, "64:29200:1460:7:mss,sok,ts,nop,ws"), "Linux");
  EXPECT_EQ(system_of(Kind::kSynFingerprint, "128:64240:1460:8:mss,nop,ws,nop,nop,sok"), "Windows");
  EXPECT_EQ(system_of(Kind::kSynFingerprint, "64:65535:1460:6:mss,nop,ws,nop,nop,ts,sok,eol"),
            "macOS or iOS");
  EXPECT_EQ(system_of(Kind::kUserAgent, "curl/7.88.1"), "");
  EXPECT_EQ(system_of(Kind::kDnsName, "android.example"), "") << "a name is no evidence";
}

TEST(HostFacts, PreferTheStrongestEvidence) {
  const std::vector<HostFact> facts{
      {Kind::kUserAgent, "curl/7"},
      {Kind::kUserAgent, "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0)"},
      {Kind::kSynFingerprint, "128:64240:1460:8:mss,nop,ws,nop,nop,sok"}};
  const SystemGuess guess = guess_system(facts);
  EXPECT_EQ(guess.name, "Ubuntu Linux");
  EXPECT_EQ(guess.evidence, &facts[1]);
  EXPECT_EQ(guess_system({}).evidence, nullptr);
}

}  // namespace
}  // namespace weir
