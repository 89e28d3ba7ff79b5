// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/router.h"

#include <array>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/sqlite_cache.h"
#include "script/fake_questions.h"

namespace weir {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class RouterTest : public ::testing::Test {
 protected:
  static HttpRequest request(const std::string& target, const std::string& method = "GET") {
    return {.method = method, .target = target, .host = "localhost:3000", .origin = {}};
  }
  HttpAnswer answer(const HttpRequest& sent) {
    const Route route = router_.route(sent);
    const auto* found = std::get_if<HttpAnswer>(&route);
    if (found == nullptr) ADD_FAILURE() << sent.target << " is not answered by the router";
    return found == nullptr ? HttpAnswer{} : *found;
  }

  FakeQuestions questions_;
  std::unique_ptr<SqliteCache> cache_ =
      *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  std::unique_ptr<ScriptRunner> scripts_ = *ScriptRunner::open(
      {.folder = WEIR_SOURCE_DIR "/scripts", .on_error = {}, .cache = cache_.get()}, questions_);
  std::unique_ptr<AssetStore> assets_ = make_embedded_assets({});
  SessionToken token_ = *SessionToken::make();
  Router router_{OriginPolicy("127.0.0.1", 3000, {}), token_, *scripts_, *assets_};
};

TEST_F(RouterTest, GivesResourcesToScripts) {
  const Route route = router_.route(request("/api/v1/hosts/10.0.0.1%40100?columns=key"));
  const auto* script = std::get_if<ScriptRequest>(&route);
  ASSERT_NE(script, nullptr);
  EXPECT_EQ(script->resource, "hosts");
  EXPECT_EQ(script->path, "10.0.0.1@100");
  EXPECT_THAT(script->parameters, ElementsAre(Pair("columns", "key")));
}

TEST_F(RouterTest, GivesPagesAndMetricsToScripts) {
  const auto script = [&](const std::string& target) {
    return std::get<ScriptRequest>(router_.route(request(target)));
  };
  for (const char* target : {"/lua", "/lua/", "/lua/index"}) {
    EXPECT_EQ(script(target).resource, "index") << target;
    EXPECT_EQ(script(target).group, "pages") << target;
  }
  EXPECT_EQ(script("/metrics?top=5").resource, "metrics");
  EXPECT_EQ(script("/metrics").group, "pages");
  const ScriptRequest page = script("/lua/host/10.0.0.1/x?a=b");
  EXPECT_EQ(page.resource, "host");
  EXPECT_EQ(page.path, "10.0.0.1/x");
  EXPECT_THAT(page.parameters, ElementsAre(Pair("a", "b")));
  EXPECT_EQ(script("/api/v1/hosts").group, "rest");
}

TEST_F(RouterTest, KeepsSlashesInTheKeyOfAnItem) {
  const Route route = router_.route(request("/api/v1/interfaces/pcap%3A%2Ftmp%2Fa.pcap"));
  EXPECT_EQ(std::get<ScriptRequest>(route).path, "pcap:/tmp/a.pcap");
}

TEST_F(RouterTest, ListsTheResources) {
  for (const char* target : {"/api/v1", "/api/v1/"}) {
    EXPECT_THAT(answer(request(target)).body,
                HasSubstr(R"({"name":"hosts","href":"/api/v1/hosts"})"));
  }
  EXPECT_EQ(answer(request("/api/")).status, 404);
  EXPECT_EQ(answer(request("/api/v2/hosts")).status, 404);
}

TEST_F(RouterTest, RefusesAnAddressThatIsNotClean) {
  const HttpAnswer refused = answer(request("/api/v1/%2e%2e/x"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.content_type, "application/problem+json");
  EXPECT_THAT(refused.headers, Contains(Pair("Cache-Control", "no-store")));
}

TEST_F(RouterTest, AsksForAWebSocketWhereTheStreamIs) {
  EXPECT_EQ(answer(request("/api/v1/stream")).status, 426);
  HttpRequest upgrade = request("/api/v1/stream");
  upgrade.wants_websocket = true;
  EXPECT_TRUE(std::holds_alternative<StreamUpgrade>(router_.route(upgrade)));
  upgrade.target = "/api/v1/hosts";
  EXPECT_TRUE(std::holds_alternative<ScriptRequest>(router_.route(upgrade)));
}

TEST_F(RouterTest, RefusesForeignHostsAndOriginsEverywhere) {
  for (const char* target : {"/", "/api/v1/", "/api/v1/hosts", "/api/v1/session", "/api/v1/stream",
                             "/assets/x.js", "/%zz"}) {
    HttpRequest sent = request(target);
    sent.wants_websocket = true;
    sent.origin = "http://evil.example";
    EXPECT_EQ(answer(sent).status, 403) << target;
    sent.origin = "null";
    EXPECT_EQ(answer(sent).status, 403) << target;
    sent.host = "evil.example:3000";
    EXPECT_EQ(answer(sent).status, 421) << target;
    sent.host.reset();
    EXPECT_EQ(answer(sent).status, 400) << target;
  }
}

TEST_F(RouterTest, TakesOnlyGetAndHead) {
  for (const char* method :
       {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND", ""}) {
    const HttpAnswer refused = answer(request("/api/v1/hosts", method));
    EXPECT_EQ(refused.status, 405) << method;
    EXPECT_THAT(refused.headers, Contains(Pair("Allow", "GET, HEAD")));
  }
  EXPECT_TRUE(
      std::holds_alternative<ScriptRequest>(router_.route(request("/api/v1/hosts", "HEAD"))));
}

TEST_F(RouterTest, WantsTheTokenForWhateverChangesSomething) {
  constexpr std::array<std::string_view, 5> kAllowed{"GET", "HEAD", "POST", "PUT", "DELETE"};
  for (const char* method : {"POST", "PUT", "DELETE"}) {
    HttpRequest sent = request("/", method);
    EXPECT_EQ(check_method(sent, kAllowed, token_)->status, 403) << method;
    for (const std::string& wrong :
         {std::string("x"), std::string(64, '0'), token_.text() + "0", token_.text().substr(1)}) {
      sent.token = wrong;
      EXPECT_EQ(check_method(sent, kAllowed, token_)->status, 403) << method;
    }
    sent.token = token_.text();
    EXPECT_FALSE(check_method(sent, kAllowed, token_).has_value()) << method;
  }
  EXPECT_FALSE(check_method(request("/"), kAllowed, token_).has_value());
}

TEST_F(RouterTest, TellsTheTokenToPagesOfTheSameOriginOnly) {
  HttpRequest sent = request("/api/v1/session");
  EXPECT_EQ(answer(sent).body, R"({"token":")" + token_.text() + "\"}");
  for (const char* site : {"cross-site", "same-site", "other"}) {
    sent.fetch_site = site;
    EXPECT_EQ(answer(sent).status, 403) << site;
  }
  sent.fetch_site = "same-origin";
  EXPECT_EQ(answer(sent).status, 200);
}

TEST(SessionTokenTest, HasAsManyBitsAsPromisedAndNeverRepeats) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = SessionToken::make()->text();
    EXPECT_EQ(text.size(), 64U);
    EXPECT_TRUE(seen.insert(text).second);
  }
}

TEST_F(RouterTest, DescribesEveryResourceThereIs) {
  const HttpAnswer described = answer(request("/api/v1/openapi.yaml"));
  EXPECT_EQ(described.content_type, "application/yaml");
  for (const std::string& name : scripts_->scripts("rest"))
    EXPECT_THAT(described.body, HasSubstr("\n  /" + name + ":\n"));
}

TEST_F(RouterTest, DescribesEveryFieldOfTheSchema) {
  std::ifstream file(WEIR_SOURCE_DIR "/schema/fields.json");
  const std::string schema(std::istreambuf_iterator<char>(file), {});
  const std::regex field(R"re(\{"name": "([a-z_0-9]+)", "type")re");
  size_t fields = 0;
  for (auto at = std::sregex_iterator(schema.begin(), schema.end(), field);
       at != std::sregex_iterator(); ++at, ++fields) {
    EXPECT_THAT(std::string(openapi_yaml()), HasSubstr("\n        " + (*at)[1].str() + ": {"));
  }
  EXPECT_GT(fields, 50U);
}

TEST_F(RouterTest, AnswersEveryPathOfItsDescription) {
  const std::string yaml(openapi_yaml());
  const std::regex path("\n  (/[^:\n]*):\n    get:");
  size_t paths = 0;
  for (auto at = std::sregex_iterator(yaml.begin(), yaml.end(), path); at != std::sregex_iterator();
       ++at, ++paths) {
    const std::string target =
        "/api/v1" + std::regex_replace((*at)[1].str(), std::regex(R"(\{[a-z]+\})"), "known");
    Route route = router_.route(request(target));
    if (const auto* script = std::get_if<ScriptRequest>(&route)) {
      EXPECT_EQ(scripts_->run(*script).status, 200) << target;
    } else {
      EXPECT_EQ(std::get<HttpAnswer>(route).status, target == "/api/v1/stream" ? 426 : 200)
          << target;
    }
  }
  EXPECT_EQ(paths, 21U);
}

}  // namespace
}  // namespace weir
