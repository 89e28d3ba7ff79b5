// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/applications.h"

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "net/ip_protocol.h"
#include "record/application_catalogue.h"

namespace weir {
namespace {

std::string_view guess(uint8_t protocol, uint16_t client_port, uint16_t server_port) {
  return application_name(guess_application(protocol, client_port, server_port));
}

TEST(Applications, AreNamedByTheServersPort) {
  EXPECT_EQ(guess(kProtocolTcp, 40000, 443), "TLS");
  EXPECT_EQ(guess(kProtocolUdp, 40000, 443), "QUIC");
  EXPECT_EQ(guess(kProtocolUdp, 40000, 53), "DNS");
  EXPECT_EQ(guess(kProtocolUdpLite, 40000, 53), "DNS");
  EXPECT_EQ(guess(kProtocolUdp, 40000, 138), "NetBIOS") << "the middle of a range";
}

TEST(Applications, AreNamedByTheClientsPortWhereTheServersSaysNothing) {
  EXPECT_EQ(guess(kProtocolTcp, 443, 40000), "TLS");
  EXPECT_EQ(guess(kProtocolTcp, 443, 80), "HTTP") << "the server's first";
  EXPECT_EQ(guess(kProtocolTcp, 40001, 40000), "Unknown");
}

TEST(Applications, WithoutPortsAreNamedByProtocol) {
  EXPECT_EQ(guess(kProtocolIcmp, 0, 0), "ICMP");
  EXPECT_EQ(guess(kProtocolIcmpv6, 0, 0), "ICMPV6");
  EXPECT_EQ(guess(89, 0, 0), "OSPF");
  EXPECT_EQ(guess(kProtocolEsp, 0, 0), "IPSec");
  EXPECT_EQ(guess(kProtocolAh, 0, 0), "IPSec");
  EXPECT_EQ(guess(kProtocolTcp, 0, 0), "Unknown");
  EXPECT_EQ(guess(253, 0, 0), "Unknown");
  EXPECT_EQ(guess(0, 0, 0), "Unknown");
}

TEST(Applications, HaveCategories) {
  EXPECT_EQ(application_category(application_of_port(kProtocolTcp, 443)), "Web");
  EXPECT_EQ(application_category(kApplicationUnknown), "Unknown");
}

TEST(Applications, OwnPortsOfTheirTransportOnly) {
  EXPECT_EQ(application_of_port(kProtocolTcp, 67), kApplicationUnknown);
  EXPECT_NE(application_of_port(kProtocolUdp, 67), kApplicationUnknown);
  EXPECT_EQ(application_of_port(kProtocolTcp, 0), kApplicationUnknown);
}

TEST(Applications, EachHaveOneNumber) {
  std::set<std::string_view> names;
  for (uint16_t i = 0; i < application_count(); ++i) {
    EXPECT_FALSE(application_name(i).empty()) << i;
    EXPECT_FALSE(application_category(i).empty()) << i;
    names.insert(application_name(i));
  }
  EXPECT_EQ(names.size(), application_count());
}

TEST(Applications, BeyondTheLastAreUnknown) {
  EXPECT_EQ(application_name(application_count()), "Unknown");
  EXPECT_EQ(application_category(UINT16_MAX), "Unknown");
}

TEST(Applications, GetANumberWhenSomebodyAsksForIt) {
  const uint16_t before = application_count();
  EXPECT_EQ(find_application("TLS.Example"), kApplicationUnknown);
  const uint16_t number = application_number(std::string("TLS.") + "Example", "Shopping");
  EXPECT_EQ(number, before);
  EXPECT_EQ(application_count(), before + 1);
  EXPECT_EQ(application_name(number), "TLS.Example");
  EXPECT_EQ(application_category(number), "Shopping");
  EXPECT_EQ(application_number("TLS.Example", "Other"), number);
  EXPECT_EQ(application_category(number), "Shopping") << "the first category stays";
  EXPECT_EQ(find_application("TLS.Example"), number);
  EXPECT_EQ(application_number("TLS", "Other"), application_of_port(kProtocolTcp, 443));
}

TEST(ApplicationCatalogue, StartsEmptyAndCutsLongNames) {
  const auto catalogue = std::make_unique<ApplicationCatalogue>();
  EXPECT_EQ(catalogue->at(0).name, "");
  EXPECT_EQ(catalogue->find("Unknown"), 0);
  EXPECT_EQ(catalogue->add("Unknown", "Unknown"), 0);
  EXPECT_EQ(catalogue->add("", "Web"), 0);
  const std::string name(kMaxApplicationNameBytes, 'n');
  EXPECT_EQ(catalogue->add(name + "more", ""), 1);
  EXPECT_EQ(catalogue->find(name + "other"), 1);
  EXPECT_EQ(catalogue->at(1).name, name);
  EXPECT_EQ(catalogue->at(1).category, "Unknown");
}

TEST(ApplicationCatalogue, GivesTheMastersNumberWhenItIsFull) {
  const auto catalogue = std::make_unique<ApplicationCatalogue>();
  (void)catalogue->add("Unknown", "Unknown");
  const uint16_t tls = catalogue->add("TLS", "Web");
  for (int i = 2; i < kMaxApplications; ++i) {
    ASSERT_EQ(catalogue->add("application " + std::to_string(i), "Web"), i);
  }
  EXPECT_EQ(catalogue->count(), kMaxApplications);
  EXPECT_EQ(catalogue->left_out(), 0U);
  EXPECT_EQ(catalogue->add("TLS.More", "Web"), tls);
  EXPECT_EQ(catalogue->add("More", "Web"), kApplicationUnknown);
  EXPECT_EQ(catalogue->add("No.More", "Web"), kApplicationUnknown);
  EXPECT_EQ(catalogue->left_out(), 3U);
  EXPECT_EQ(catalogue->add("application 4095", "Web"), 4095) << "those that are there stay";
}

TEST(ApplicationCatalogue, GivesManyThreadsTheSameNumbers) {
  const auto catalogue = std::make_unique<ApplicationCatalogue>();
  (void)catalogue->add("Unknown", "Unknown");
  constexpr int kNames = 500;
  std::vector<std::vector<uint16_t>> numbers(4);
  {
    std::vector<std::jthread> threads;
    for (auto& own : numbers) {
      threads.emplace_back([&] {
        for (int i = 0; i < kNames; ++i) {
          const std::string name = "name " + std::to_string(i);
          const uint16_t number = catalogue->add(name, "Web");
          own.push_back(catalogue->at(number).name == name ? number : uint16_t{0});
        }
      });
    }
  }
  EXPECT_EQ(catalogue->count(), kNames + 1);
  EXPECT_EQ(std::set<uint16_t>(numbers[0].begin(), numbers[0].end()).size(), size_t{kNames});
  for (const auto& own : numbers) EXPECT_EQ(own, numbers[0]);
  EXPECT_FALSE(std::set<uint16_t>(numbers[0].begin(), numbers[0].end()).contains(0));
}

}  // namespace
}  // namespace weir
