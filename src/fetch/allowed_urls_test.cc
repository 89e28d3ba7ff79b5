// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/allowed_urls.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using ::testing::HasSubstr;

TEST(AllowedUrls, AllowsAnOriginAndEverythingOfIt) {
  const auto allowed = *AllowedUrls::parse({"https://hooks.example.org"});
  EXPECT_EQ(*allowed.check("https://hooks.example.org/a/b?c=d"),
            "https://hooks.example.org/a/b?c=d");
  EXPECT_TRUE(allowed.check("https://HOOKS.example.org:443/"));
  EXPECT_TRUE(allowed.check("https://hooks.example.org"));
  EXPECT_TRUE(allowed.check("https://somebody:secret@hooks.example.org/"));
}

TEST(AllowedUrls, RefusesAnotherSchemeHostOrPort) {
  const auto allowed = *AllowedUrls::parse({"https://hooks.example.org"});
  for (const char* url :
       {"http://hooks.example.org/", "https://hooks.example.org:444/", "https://example.org/",
        "https://hooks.example.org.evil.test/", "https://evil.test/hooks.example.org",
        "https://hooks.example.org@evil.test/", "https://evil.test#@hooks.example.org/",
        "https://evil.test?@hooks.example.org/", "https://evil.test/@hooks.example.org/"}) {
    const auto checked = allowed.check(url);
    ASSERT_FALSE(checked) << url;
    EXPECT_THAT(checked.error().message, HasSubstr("--allow-url")) << url;
  }
}

TEST(AllowedUrls, RefusesWhatIsNoUrlOfTheWeb) {
  const auto allowed = *AllowedUrls::parse({"http://127.0.0.1:9200"});
  for (const std::string& url :
       {std::string("file:///etc/passwd"), std::string("gopher://127.0.0.1:9200/"), std::string(),
        std::string("http://"), std::string("http://127.0.0.1:9200/a b"),
        std::string("http://127.0.0.1:9200/\r\nX: y"), std::string("http://127.0.0.1:9200/\0x", 25),
        "http://127.0.0.1:9200/" + std::string(AllowedUrls::kMaxBytes, 'x')}) {
    EXPECT_FALSE(allowed.check(url)) << url;
  }
}

TEST(AllowedUrls, KeepsToThePathOfAnEntry) {
  const auto allowed = *AllowedUrls::parse({"http://[::1]:8086/api/"});
  EXPECT_TRUE(allowed.check("http://[::1]:8086/api"));
  EXPECT_TRUE(allowed.check("http://[::1]:8086/api/write?db=x%2e%2e"));
  for (const char* path :
       {"", "/", "/apis", "/api/../admin", "/api/%2e%2e/admin", "/api/%2E./admin",
        "/api/..%2fadmin", "/api/..%5cadmin", "/api/..\\admin"}) {
    EXPECT_FALSE(allowed.check("http://[::1]:8086" + std::string(path))) << path;
  }
}

TEST(AllowedUrls, AllowsNothingWithoutEntries) {
  EXPECT_FALSE(AllowedUrls().check("http://127.0.0.1/"));
}

TEST(AllowedUrls, RefusesEntriesThatSayMoreThanAnOriginAndAPath) {
  for (const char* entry : {"hooks", "ftp://example.org", "https://example.org/?a=b",
                            "https://example.org/#a", "https://me@example.org/", "https://", ""}) {
    EXPECT_FALSE(AllowedUrls::parse({entry})) << entry;
  }
}

}  // namespace
}  // namespace weir
