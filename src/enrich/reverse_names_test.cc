// SPDX-License-Identifier: GPL-3.0-or-later
// Real questions to a name server on loopback.
#include "enrich/reverse_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_patience.h"
#include "cache/sqlite_cache.h"
#include "enrich/test_name_server.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::comes_true;
using test::dns_answer;
using test::NameServer;
using ::testing::Optional;

using Messages = std::vector<std::string>;

uint64_t figure(const ReverseNames& names, std::string_view name) {
  return *names.statistics()[name].as<uint64_t>();
}

class ReverseNamesTest : public ::testing::Test {
 protected:
  std::unique_ptr<ReverseNames> start(const std::string& server, double rate = 10'000) {
    ReverseNamesOptions options;
    options.dns = {.server = server, .timeout = milliseconds(100), .tries = 1};
    options.questions_per_second = rate;
    options.cache = cache_.get();
    options.now = [this] { return seconds(now_.load()); };
    return *ReverseNames::start(std::move(options));
  }
  static NameServer::Answer always(const std::string& name, uint32_t ttl) {
    return [=](const std::string& query) { return Messages{dns_answer(query, {{name, ttl}})}; };
  }

  std::atomic<int64_t> now_{1'000'000};
  std::unique_ptr<SqliteCache> cache_ = *SqliteCache::open(
      {.file = "", .commit_after = {}, .now = [this] { return seconds(now_.load()); }});
  const IpAddress printer_ = *IpAddress::parse("10.0.0.1");
};

TEST_F(ReverseNamesTest, AskAgainWhenTheLifetimeIsOver) {
  const NameServer server(always("printer.example", 5));
  const auto names = start(server.address());
  EXPECT_EQ(names->name(printer_), "");
  names->want(printer_);
  ASSERT_TRUE(comes_true([&] { return names->name(printer_) == "printer.example"; }));
  ASSERT_TRUE(comes_true([&] { return cache_->get("dns/10.0.0.1").has_value(); }));
  EXPECT_THAT(cache_->get("dns/10.0.0.1"), Optional(std::string("1000005 printer.example")));
  now_ += 4;
  names->want(printer_);
  EXPECT_EQ(figure(*names, "pending"), 0U);
  EXPECT_TRUE(cache_->get("dns/10.0.0.1"));
  now_ += 1;
  EXPECT_EQ(cache_->get("dns/10.0.0.1"), std::nullopt);
  names->want(printer_);
  EXPECT_TRUE(comes_true([&] { return server.questions() == 2; }));
  EXPECT_TRUE(comes_true([&] { return figure(*names, "answered") == 2; }));
}

TEST_F(ReverseNamesTest, RememberThatThereIsNone) {
  const NameServer server(
      [](const std::string& query) { return Messages{dns_answer(query, {}, 3)}; });
  const auto names = start(server.address());
  names->want(printer_);
  ASSERT_TRUE(comes_true([&] { return figure(*names, "without_name") == 1; }));
  ASSERT_TRUE(comes_true([&] { return cache_->get("dns/10.0.0.1").has_value(); }));
  EXPECT_THAT(cache_->get("dns/10.0.0.1"), Optional(std::string("1000300")));
  now_ += 299;
  names->want(printer_);
  EXPECT_EQ(figure(*names, "pending"), 0U);
  now_ += 1;
  names->want(printer_);
  EXPECT_TRUE(comes_true([&] { return server.questions() == 2; }));
}

TEST_F(ReverseNamesTest, AreTakenFromTheCache) {
  cache_->set("dns/10.0.0.1", "1000060 kept.example", seconds(60));
  cache_->set("dns/10.0.0.2", "1000060", seconds(60));
  cache_->set("dns/10.0.0.3", "1000060 <b>bad</b>", seconds(60));
  cache_->set("dns/10.0.0.4", "nonsense", seconds(60));
  cache_->set("dns/10.0.0.5", "999999 old.example", seconds(60));
  cache_->set("dns/10.0.0.6", "9999999999 future.example", seconds(60));
  const NameServer server(always("asked.example", 60));
  const auto names = start(server.address());
  for (const char* text : {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"})
    names->want(*IpAddress::parse(text));
  ASSERT_TRUE(comes_true([&] { return figure(*names, "answered") == 4; }));
  EXPECT_EQ(figure(*names, "from_cache"), 2U);
  EXPECT_EQ(names->name(printer_), "kept.example");
  EXPECT_EQ(names->name(*IpAddress::parse("10.0.0.2")), "");
  for (const char* text : {"10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"})
    EXPECT_EQ(names->name(*IpAddress::parse(text)), "asked.example") << text;
}

TEST_F(ReverseNamesTest, AskForSoManyASecond) {
  const NameServer server(always("host.example", 3'600));
  constexpr double kRate = 500;
  const auto begin = std::chrono::steady_clock::now();
  const auto names = start(server.address(), kRate);
  for (uint32_t i = 0; i < 10'000; ++i) {
    const uint8_t bytes[4] = {10, 1, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
    names->want(IpAddress::from_v4(bytes));
  }
  EXPECT_GT(figure(*names, "pending"), 9'000U);
  const auto is_bounded = [&] {
    const uint64_t asked = server.questions();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    EXPECT_LE(static_cast<double>(asked), kRate * time.count() + kRate / 10 + 1);
    return asked >= 400;
  };
  EXPECT_TRUE(comes_true(is_bounded));
}

TEST_F(ReverseNamesTest, GoOnWithoutAnAnswer) {
  const NameServer silent([](const std::string&) { return Messages{}; });
  const auto names = start(silent.address());
  names->want(printer_);
  EXPECT_TRUE(comes_true([&] { return figure(*names, "failed") == 1; }));
  names->want(printer_);
  EXPECT_EQ(figure(*names, "pending"), 0U) << "not at once again";
  now_ += 60;
  names->want(printer_);
  EXPECT_TRUE(comes_true([&] { return figure(*names, "asked") == 2; }));
}

TEST_F(ReverseNamesTest, AskLessOftenWhoDoesNotAnswer) {
  std::atomic<bool> answers{false};
  const NameServer server([&](const std::string& query) {
    return answers ? Messages{dns_answer(query, {{"host.example", 60}})} : Messages{};
  });
  const auto names = start(server.address());
  for (int i = 0; i < 200; ++i) names->want(*IpAddress::parse("10.0.0." + std::to_string(i)));
  const auto is_slowed = [&] { return *names->statistics()["slowed"].as<bool>(); };
  EXPECT_TRUE(comes_true([&] { return is_slowed() && figure(*names, "failed") >= 64; }));
  EXPECT_LT(figure(*names, "asked"), 100U) << "those in flight, and few more";
  answers = true;
  EXPECT_TRUE(comes_true([&] { return !is_slowed(); }));
  EXPECT_TRUE(comes_true([&] { return figure(*names, "asked") == 200; }));
}

TEST_F(ReverseNamesTest, EndWhileTheyWait) {
  const NameServer silent([](const std::string&) { return Messages{}; });
  const auto names = start(silent.address());
  names->want(printer_);
  EXPECT_TRUE(comes_true([&] { return silent.questions() == 1; }));
}

TEST_F(ReverseNamesTest, TakeNoHarmFromHostileAnswers) {
  const std::string long_label(200, 'x');
  const std::vector<NameServer::Answer> hostile{
      // Another's number, and another's question.
      [](const std::string& query) {
        std::string forged = dns_answer(query, {{"forged.example", 60}});
        forged[0] = static_cast<char>(forged[0] ^ 1);
        return Messages{forged};
      },
      [](const std::string& query) {
        const std::string other = test::dns_query("9.0.0.10.in-addr.arpa");
        return Messages{query.substr(0, 2) + dns_answer(other, {{"forged.example", 60}}).substr(2)};
      },
      [](const std::string&) {
        return Messages{"", "x", std::string(4096, '\xff')};
      },
      [](const std::string& query) { return Messages{dns_answer(query, 65'535, "")}; },
      [](const std::string& query) {
        return Messages{dns_answer(query, 1, test::dns_record(12, 60, "\xc0\x0c\xc0"))};
      },
      [&](const std::string& query) {
        return Messages{dns_answer(query, 1, test::dns_record(12, 60, '\xc8' + long_label))};
      },
      [](const std::string& query) {
        return Messages{dns_answer(query, {{"a\x1b]0;owned\x07", 60}})};
      },
      [](const std::string& query) {
        return Messages{dns_answer(query, {{"<script>alert(1)</script>", 60}})};
      },
      [&](const std::string& query) {
        std::string name;
        for (int i = 0; i < 20; ++i) name += std::string(60, 'y') + ".";
        return Messages{dns_answer(query, {{name, 60}})};
      }};
  for (size_t i = 0; i < hostile.size(); ++i) {
    const NameServer server(hostile[i]);
    const auto names = start(server.address());
    names->want(printer_);
    EXPECT_TRUE(comes_true([&] {
      return figure(*names, "failed") + figure(*names, "bad_names") +
                 figure(*names, "without_name") ==
             1;
    })) << i;
    EXPECT_EQ(names->name(printer_), "") << i;
    EXPECT_EQ(figure(*names, "answered"), 0U) << i;
    now_ += 1'000;  // what was said before is over
  }
}

TEST_F(ReverseNamesTest, AskForWhatIsFed) {
  const NameServer server(always("printer.example", 60));
  ReverseNamesOptions options;
  options.dns.server = server.address();
  options.feed = [this](const ReverseNamesOptions::Want& want) { want(printer_); };
  const auto names = *ReverseNames::start(std::move(options));
  EXPECT_TRUE(comes_true([&] { return names->name(printer_) == "printer.example"; }));
}

TEST_F(ReverseNamesTest, SayThatAServerIsNone) {
  ReverseNamesOptions options;
  options.dns.server = "no address";
  const auto names = ReverseNames::start(std::move(options));
  ASSERT_FALSE(names.ok());
  EXPECT_NE(names.error().message.find("no address"), std::string::npos);
}

}  // namespace
}  // namespace weir
