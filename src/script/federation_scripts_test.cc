// SPDX-License-Identifier: GPL-3.0-or-later
// rest/federation.lua beside others that say what they want. tests/e2e/federation.test.mjs has real
// ones.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/sqlite_cache.h"
#include "fetch/http_client.h"
#include "fetch/test_peer.h"
#include "script/fake_questions.h"
#include "script/script_runner.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class FederationScripts : public ::testing::Test {
 protected:
  // What federation/hosts says beside an instance that answers `body` to everything.
  std::string hosts(const std::string& body, const Parameters& parameters = {}) {
    const test::Peer peer([&](const std::string&) { return std::vector{test::http_answer(body)}; });
    HttpClientOptions options;
    options.allowed = *AllowedUrls::parse({peer.url()});
    HttpClient client(std::move(options));
    const auto runner = *ScriptRunner::open(
        {.folder = WEIR_SOURCE_DIR "/scripts",
         .on_error = [this](const std::string& line) { errors_.push_back(line); },
         .outlets = {.client = &client},
         .cache = cache_.get()},
        questions_);
    EXPECT_TRUE(cache_->set_preference("federation", R"([")" + peer.url() + R"(/"])"));
    std::string answer = runner->run({"federation", "hosts", parameters}).body;
    asked_ = peer.requests().empty() ? "" : peer.requests().front();
    EXPECT_THAT(errors_, IsEmpty());
    return answer;
  }

  FakeQuestions questions_;
  std::string asked_;
  std::vector<std::string> errors_;
  std::unique_ptr<SqliteCache> cache_ =
      *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
};

TEST_F(FederationScripts, AddUpWhatAllCounted) {
  const std::string answer = hosts(
      R"({"total":2,"rows":[{"key":"10.0.0.1","bytes":500,"first_seen":7.5},{"key":"192.0.2.1","bytes":9000,"name":"far"}]})",
      {{"columns", "key,bytes,name"}});
  EXPECT_THAT(answer,
              HasSubstr(R"("rows":[{"bytes":9000,"key":"192.0.2.1","name":"far"},)"
                        R"({"bytes":2000,"key":"10.0.0.2"},{"bytes":1500,"key":"10.0.0.1"})"));
  EXPECT_THAT(answer, HasSubstr(R"("is_complete":true)"));
  EXPECT_THAT(answer, HasSubstr(R"("total":4})"));
}

TEST_F(FederationScripts, PassTheFilterOn) {
  (void)hosts(R"({"total":0,"rows":[]})", {{"filter", "bytes > 1 and name ~ \"a&b\""}});
  EXPECT_THAT(asked_, HasSubstr("&filter=bytes%20%3E%201%20and%20name%20~%20%22a%26b%22"));
  EXPECT_THAT(hosts(R"({"total":0,"rows":[]})", {{"filter", "bad"}}), HasSubstr(R"("status":400)"));
}

TEST_F(FederationScripts, AskNobodyWhatCannotBeAnswered) {
  EXPECT_THAT(hosts("", {{"sort", "beauty"}}), HasSubstr(R"("parameter":"sort")"));
  EXPECT_EQ(asked_, "");
  EXPECT_THAT(hosts("", {{"columns", "key,beauty"}}), HasSubstr(R"("parameter":"columns")"));
  EXPECT_EQ(asked_, "");
}

TEST_F(FederationScripts, SayWhenTheSumsLackSomething) {
  const std::string more = hosts(R"({"total":6000,"rows":[]})");
  EXPECT_THAT(more, HasSubstr(R"("is_complete":false)"));
  EXPECT_THAT(more, HasSubstr(R"("hosts":6000)"));
}

TEST_F(FederationScripts, TakeNothingButListsOfHosts) {
  for (const char* nonsense :
       {"", "no JSON", "[]", "5", R"({"rows":[]})", R"({"rows":5,"total":0})",
        R"({"rows":[5],"total":1})", R"({"rows":[{"key":{}}],"total":1})",
        R"({"rows":[],"total":"1"})"}) {
    const std::string answer = hosts(nonsense);
    EXPECT_THAT(answer, HasSubstr("answered what is no list of hosts")) << nonsense;
    EXPECT_THAT(answer, HasSubstr(R"("total":3})")) << nonsense;
  }
  const std::string odd = hosts(
      R"({"rows":[{"key":"10.0.0.1","bytes":"9","packets":[1],"first_seen":"never","name":{"a":1}}],"total":1})");
  EXPECT_THAT(odd, HasSubstr(R"("bytes":1000,)"));
  EXPECT_THAT(odd, Not(HasSubstr("never")));
}

TEST_F(FederationScripts, NeedAListOfUrls) {
  const auto runner =
      *ScriptRunner::open({.folder = WEIR_SOURCE_DIR "/scripts",
                           .on_error = [this](const std::string& line) { errors_.push_back(line); },
                           .cache = cache_.get()},
                          questions_);
  EXPECT_THAT(runner->run({"federation", "hosts", {}}).body, HasSubstr(R"("instances":[{)"));
  std::string many = R"(["http://a")";
  for (int i = 0; i < 16; ++i) many += R"(,"http://a")";
  for (const std::string& wrong :
       std::vector<std::string>{"x", "5", "[5]", R"({"a":1})", many + "]"}) {
    EXPECT_TRUE(cache_->set_preference("federation", wrong));
    EXPECT_THAT(runner->run({"federation", "hosts", {}}).body, HasSubstr("must be a JSON array"))
        << wrong;
  }
  EXPECT_EQ(runner->run({"federation", "", {}}).body,
            R"({"resources":[{"href":"/api/v1/federation/hosts","name":"federation/hosts"}]})");
  EXPECT_EQ(runner->run({"federation", "flows", {}}).status, 404);
  EXPECT_THAT(errors_, IsEmpty());
}

}  // namespace
}  // namespace weir
