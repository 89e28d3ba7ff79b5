// SPDX-License-Identifier: GPL-3.0-or-later
// Where hosts and the ends of flows belong.
#include <gtest/gtest.h>

#include "query/test_traffic.h"
#include "record/test_places.h"

namespace weir {
namespace {

using test_traffic::a_second_of_traffic;
using test_traffic::watch;

std::string rows(const Answer& answer) {
  return answer ? to_json((*answer)["rows"])
                : answer.error().parameter + ": " + answer.error().message;
}

class LivePlaces : public ::testing::Test {
 protected:
  [[nodiscard]] LiveQuestions questions() const {
    LiveQuestions::Setting setting;
    setting.interfaces = {eth0_.get()};
    setting.local_networks = {*Prefix::parse("10.0.0.0/8")};
    setting.places = [this] { return places_; };
    setting.now = [] { return 2000.0; };
    setting.uptime = [] { return 60.0; };
    return LiveQuestions(std::move(setting));
  }

  std::unique_ptr<Interface> eth0_ = watch("eth0", a_second_of_traffic());
  std::shared_ptr<const test_places::FakePlaces> places_ =
      std::make_shared<test_places::FakePlaces>(test_places::two_in_the_office());
};

TEST_F(LivePlaces, FilterAndSortHosts) {
  EXPECT_EQ(rows(questions().hosts({.filter = "country = de and local = true",
                                    .sort = "bytes",
                                    .columns = {"key", "country", "network", "mac_vendor"}})),
            R"([{"key":"10.0.0.3","country":"DE","network":"office"},)"
            R"({"key":"10.0.0.1","country":"DE","network":"office","mac_vendor":"Maker"}])");
  EXPECT_EQ(rows(questions().hosts({.filter = "as = 64500", .columns = {"key", "as_name"}})),
            R"([{"key":"192.0.2.1","as_name":"Example Net"}])");
  EXPECT_EQ(rows(questions().hosts({.sort = "country", .limit = 1, .columns = {"key"}})),
            R"([{"key":"192.0.2.1"}])");
}

TEST_F(LivePlaces, FilterFlowsByEitherEnd) {
  EXPECT_EQ(rows(questions().flows({.filter = "country = FR",
                                    .columns = {"client_country", "server_country",
                                                "server_as_number", "client_network"}})),
            R"([{"client_country":"DE","server_country":"FR","server_as_number":64500,)"
            R"("client_network":"office"}])");
  EXPECT_EQ(rows(questions().flows({.filter = "network = office and not as = 64500",
                                    .sort = "bytes",
                                    .columns = {"application"}})),
            R"([{"application":"DNS"},{"application":"ICMP"}])");
  EXPECT_EQ(rows(questions().flows({.filter = "local = false", .columns = {"application"}})),
            R"([{"application":"TLS"},{"application":"NTP"}])");
}

TEST_F(LivePlaces, AreLookedUpForListsThatAskForThem) {
  (void)questions().hosts({.filter = "bytes > 0", .columns = {"key", "bytes"}});
  (void)questions().flows({.filter = "bytes > 0", .columns = {"id", "application"}});
  EXPECT_EQ(places_->asked, 0U);
}

TEST_F(LivePlaces, AreToldInHealth) {
  const Answer health = questions().health();
  ASSERT_TRUE(health.ok());
  EXPECT_EQ(to_json((*health)["places"]), R"({"country":"a file"})");
  EXPECT_TRUE((*test_traffic::questions_about({eth0_.get()}).health())["places"].is_null());
}

}  // namespace
}  // namespace weir
