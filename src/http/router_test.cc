// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/router.h"

#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/sqlite_cache.h"
#include "query/host_days.h"
#include "script/fake_questions.h"
#include "script/fake_setup.h"

namespace weir {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// Has one day, with one host.
class OneDay final : public HostDays {
 public:
  [[nodiscard]] Result<std::string> dump(unsigned /*days_ago*/, unsigned /*keep*/) override {
    return std::string("2026-11-28");
  }
  [[nodiscard]] Answer days() override { return rows(); }
  [[nodiscard]] Answer hosts(std::string_view /*day*/, const ListRequest& /*request*/) override {
    return rows();
  }

 private:
  static Value rows() {
    return Value::Object{{"rows", Value::Array{Value(Value::Object{{"key", "10.0.0.1"}})}}};
  }
};

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
  OneDay days_;
  EventLog events_{size_t{1} << 20, [] { return 1000.0; }};
  std::unique_ptr<SqliteCache> cache_ =
      *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  FakeSetup setup_;
  std::unique_ptr<ScriptRunner> scripts_ =
      *ScriptRunner::open({.folder = WEIR_SOURCE_DIR "/scripts",
                           .on_error = {},
                           .cache = cache_.get(),
                           .days = &days_,
                           .setup = &setup_,
                           .events = &events_},
                          questions_);
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

TEST_F(RouterTest, GivesChangesToScriptsOfTheirOwnWithTheToken) {
  for (const auto& [method, group] : {std::pair("PUT", "put"), std::pair("DELETE", "delete")}) {
    HttpRequest sent = request("/api/v1/preferences/theme?x=1", method);
    sent.body = "{}";
    EXPECT_EQ(answer(sent).status, 403) << method;
    sent.token = token_.text();
    const Route route = router_.route(sent);
    const auto* script = std::get_if<ScriptRequest>(&route);
    ASSERT_NE(script, nullptr) << method;
    EXPECT_EQ(script->group, group);
    EXPECT_EQ(script->resource, "preferences");
    EXPECT_EQ(script->path, "theme");
    EXPECT_EQ(script->body, "{}");
    sent.origin = "http://evil.example";
    EXPECT_EQ(answer(sent).status, 403) << "with the token, too";
  }
  HttpRequest other = request("/api/v1/preferences/theme", "POST");
  other.token = token_.text();
  EXPECT_EQ(answer(other).status, 405);
  EXPECT_THAT(answer(other).headers, Contains(Pair("Allow", "GET, HEAD, PUT, DELETE")));
  for (const char* target : {"/api/v1/hosts", "/lua/preferences", "/preferences", "/%zz",
                             "/api/v1/", "/api/v1/../put/preferences"}) {
    other = request(target, "PUT");
    other.token = token_.text();
    EXPECT_EQ(answer(other).status, 405) << target;
    EXPECT_THAT(answer(other).headers, Contains(Pair("Allow", "GET, HEAD")));
  }
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
    EXPECT_THAT(described.body, ::testing::ContainsRegex("\n  /" + name + "(/[a-z]+)?:\n"));
}

TEST_F(RouterTest, DescribesEveryFieldOfTheSchema) {
  std::ifstream file(WEIR_SOURCE_DIR "/schema/fields.json");
  const std::string schema(std::istreambuf_iterator<char>(file), {});
  const std::regex field(R"re(\{"name": "([a-z_0-9]+)", "type")re");
  size_t fields = 0;
  for (auto at = std::sregex_iterator(schema.begin(), schema.end(), field);
       at != std::sregex_iterator(); ++at, ++fields) {
    const std::string name = (*at)[1].str();
    EXPECT_NE(openapi_yaml().find("\n        " + name + ": {"), std::string_view::npos) << name;
  }
  EXPECT_GT(fields, 50U);
}

// schema/openapi.yaml as far as a test must understand it.
class DescribedPaths : public RouterTest {
 protected:
  struct Path {
    std::string name;                          // "/hosts/{key}"
    std::set<std::string> methods;             // "get", "put" ...
    std::map<std::string, std::string> query;  // parameters of "get": name -> an example
  };

  DescribedPaths() {
    const std::string yaml(openapi_yaml());
    const size_t components = yaml.find("\ncomponents:\n");
    std::istringstream lines(yaml.substr(yaml.find("\npaths:\n"), components));
    const std::regex path("  (/[^:]*):");
    const std::regex method("    (get|put|delete|post|patch):");
    std::smatch found;
    std::string at;
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("components:", 0) == 0) break;
      if (std::regex_match(line, found, path)) paths_.push_back({found[1], {}, {}});
      if (std::regex_match(line, found, method)) {
        at = found[1];
        paths_.back().methods.insert(at);
      }
      if (at == "get") read_parameter(line, yaml.substr(components));
    }
    EXPECT_TRUE(cache_->set_preference("known", "x").ok());
  }

  // An address of the path with things that are there.
  static std::string target(const Path& path) {
    if (path.name == "/scripts/{script}") return "/api/v1/scripts/rest/hosts";
    return "/api/v1" + std::regex_replace(path.name, std::regex(R"(\{[a-z]+\})"), "known");
  }
  // What comes of a request with the token: the status and the Allow header.
  std::pair<int, std::string> send(const std::string& method, const std::string& target) {
    HttpRequest sent = request(target, method);
    sent.token = token_.text();
    sent.body = R"({"value":"x"})";
    const Route route = router_.route(sent);
    if (const auto* script = std::get_if<ScriptRequest>(&route))
      return {scripts_->run(*script).status, ""};
    const auto& answer = std::get<HttpAnswer>(route);
    for (const auto& [name, value] : answer.headers) {
      if (name == "Allow") return {answer.status, value};
    }
    return {answer.status, ""};
  }

  std::vector<Path> paths_;

 private:
  // Of a line such as "- {name: text, in: query, schema: ..., example: x}" or a reference to one.
  void read_parameter(const std::string& line, const std::string& components) {
    std::smatch found;
    std::string text = line;
    if (std::regex_search(line, found, std::regex("'#/components/parameters/([a-z_]+)'"))) {
      const size_t begin = components.find("\n    " + found[1].str() + ": {name: ");
      ASSERT_NE(begin, std::string::npos) << line;
      text = components.substr(begin + 1, components.find('\n', begin + 1) - begin);
    }
    const bool is_short =
        std::regex_search(text, found, std::regex("\\{name: ([a-z_]+), in: query"));
    const bool is_long = std::regex_match(line, found, std::regex(" +- name: ([a-z_]+)"));
    if (!is_short && !is_long) return;
    if (is_short) std::regex_search(text, found, std::regex("\\{name: ([a-z_]+), in: query"));
    const std::string name = found[1];
    std::string example;
    if (std::regex_search(text, found, std::regex("example: (\"([^\"]*)\"|[^,}]*)")))
      example = found[2].matched && found[2].length() > 0 ? found[2] : found[1];
    paths_.back().query[name] = example;
  }
};

TEST_F(DescribedPaths, Answer) {
  EXPECT_EQ(paths_.size(), 41U);
  for (const Path& path : paths_) {
    const int expected = path.name == "/stream" ? 426 : 200;
    EXPECT_EQ(send("GET", target(path)).first, expected) << path.name;
    EXPECT_EQ(send("HEAD", target(path)).first, expected) << path.name;
  }
}

TEST_F(DescribedPaths, TakeTheMethodsTheyName) {
  for (const Path& path : paths_) {
    EXPECT_EQ(path.methods.count("get"), 1U) << path.name;
    std::string allowed = "GET, HEAD";
    // A resource takes them for all that is below it.
    const bool is_script = path.name.rfind("/scripts", 0) == 0;
    if (path.name == "/setup") allowed += ", PUT";
    if (is_script || path.name.rfind("/preferences", 0) == 0) allowed += ", PUT, DELETE";
    for (const char* method : {"POST", "PATCH", "OPTIONS"})
      EXPECT_EQ(send(method, target(path)), std::pair(405, allowed)) << method << path.name;
    if (is_script) {  // nobody said that they may be changed
      EXPECT_EQ(send("PUT", target(path)).first, 403) << path.name;
      EXPECT_EQ(send("DELETE", target(path)).first, 403) << path.name;
    } else if (path.name == "/setup") {
      EXPECT_EQ(send("PUT", target(path)).first, 400) << "there is no question \"value\"";
      EXPECT_EQ(send("DELETE", target(path)), std::pair(405, allowed));
    } else if (path.methods.count("put") != 0) {
      EXPECT_EQ(send("PUT", target(path)).first, 200) << path.name;
      EXPECT_EQ(send("DELETE", target(path)).first, 200) << path.name;
      EXPECT_EQ(send("GET", target(path)).first, 404) << path.name;
    } else if (allowed == "GET, HEAD") {
      EXPECT_EQ(send("PUT", target(path)), std::pair(405, allowed)) << path.name;
      EXPECT_EQ(send("DELETE", target(path)), std::pair(405, allowed)) << path.name;
    } else {
      EXPECT_EQ(send("PUT", target(path)).first, 400) << path.name << " has no name";
      EXPECT_EQ(send("DELETE", target(path)).first, 404) << path.name;
    }
  }
}

// What is described and what the scripts take is the same.
TEST_F(DescribedPaths, NameTheirParameters) {
  size_t parameters = 0;
  for (const Path& path : paths_) {
    const Route route = router_.route(request(target(path) + "?zzz=1"));
    const auto* script = std::get_if<ScriptRequest>(&route);
    if (script == nullptr) continue;
    const ScriptResponse refused = scripts_->run(*script);
    EXPECT_EQ(refused.status, 400) << path.name;
    std::string names;
    for (const auto& [name, example] : path.query) names += (names.empty() ? "" : ", ") + name;
    EXPECT_THAT(refused.body,
                HasSubstr("unknown parameter zzz; there " +
                          (names.empty() ? std::string("are none\"") : "is " + names + "\"")))
        << path.name;
    for (const auto& [name, example] : path.query) {
      ++parameters;
      if (example.empty()) continue;
      std::string escaped;
      for (const char c : example)
        escaped += c == ' ' ? std::string("+") : c == '=' ? "%3D" : std::string(1, c);
      EXPECT_EQ(send("GET", target(path) + "?" + name + "=" + escaped).first, 200)
          << path.name << name;
    }
  }
  EXPECT_GT(parameters, 100U);
}

}  // namespace
}  // namespace weir
