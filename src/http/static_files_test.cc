// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/static_files.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace weir {
namespace {

using ::testing::HasSubstr;

constexpr std::array<EmbeddedAsset, 2> kTable{{
    {"/index.html", "text/html; charset=utf-8", "\"i1\"", "<html>", ""},
    {"/assets/app-1a2b.js", "text/javascript; charset=utf-8", "\"j1\"", "plain", "zipped"},
}};

std::string header(const HttpAnswer& answer, const std::string& name) {
  for (const auto& [known, value] : answer.headers) {
    if (known == name) return value;
  }
  return "";
}

class StaticFiles : public ::testing::Test {
 protected:
  HttpAnswer get(const std::string& path, const HttpRequest& request = {}) {
    return answer_static(*assets_, request, path);
  }
  std::unique_ptr<AssetStore> assets_ = make_embedded_assets(kTable);
};

TEST_F(StaticFiles, NeverExpireWhereTheNameHasTheHash) {
  const HttpAnswer answer = get("/assets/app-1a2b.js");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(answer.body, "plain");
  EXPECT_THAT(header(answer, "Cache-Control"), HasSubstr("immutable"));
  EXPECT_EQ(header(answer, "ETag"), "\"j1\"");
  EXPECT_EQ(header(get("/"), "Cache-Control"), "no-cache");
}

TEST_F(StaticFiles, AreZippedOnlyForThoseWhoTakeIt) {
  for (const char* accepts : {"gzip", "br, gzip;q=0.5", "deflate,gzip", "gzip ; q=1"}) {
    const HttpAnswer answer = get("/assets/app-1a2b.js", {.accept_encoding = accepts});
    EXPECT_EQ(answer.body, "zipped") << accepts;
    EXPECT_EQ(header(answer, "Content-Encoding"), "gzip");
    EXPECT_EQ(header(answer, "ETag"), "\"j1-gzip\"");
    EXPECT_EQ(header(answer, "Vary"), "Accept-Encoding");
  }
  for (const char* refuses : {"", "br", "gzip;q=0", "gzip; q=0.0", "x-gzip", "*"}) {
    EXPECT_EQ(get("/assets/app-1a2b.js", {.accept_encoding = refuses}).body, "plain") << refuses;
  }
  EXPECT_EQ(get("/", {.accept_encoding = "gzip"}).body, "<html>");
}

TEST_F(StaticFiles, AreNotSentAgainToThoseWhoHaveThem) {
  for (const char* has : {"\"j1\"", "W/\"j1\"", "\"x\", \"j1\"", "*"}) {
    const HttpAnswer answer = get("/assets/app-1a2b.js", {.if_none_match = has});
    EXPECT_EQ(answer.status, 304) << has;
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(header(answer, "ETag"), "\"j1\"");
  }
  EXPECT_EQ(get("/assets/app-1a2b.js", {.if_none_match = "\"j2\""}).status, 200);
  EXPECT_EQ(
      get("/assets/app-1a2b.js", {.accept_encoding = "gzip", .if_none_match = "\"j1\""}).status,
      200);
}

TEST_F(StaticFiles, AreIndexForEachPageOfTheConsole) {
  for (const char* path : {"/", "/live", "/hosts", "/hosts/10.0.0.1", "/hosts/fe80::1@10.20",
                           "/flows/1.2", "/settings/about"}) {
    EXPECT_EQ(get(path).body, "<html>") << path;
  }
  EXPECT_EQ(get("/anything", {.accept = "text/html,*/*"}).body, "<html>");
}

// Those of web/src/lib/router.ts: "  hosts: '/hosts',".
TEST_F(StaticFiles, KnowThePagesThatTheConsoleHas) {
  std::ifstream file(WEIR_SOURCE_DIR "/web/src/lib/router.ts");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::regex path(": '(/[a-z]+)(/[:a-z/]+)?',");
  size_t pages = 0;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), path); at != std::sregex_iterator();
       ++at) {
    EXPECT_EQ(get((*at)[1]).body, "<html>") << (*at)[1];
    ++pages;
  }
  EXPECT_GE(pages, 15U);
}

TEST_F(StaticFiles, AreMissingOtherwise) {
  for (const char* path :
       {"/anything", "/favicon.ico", "/hostsx", "/assets/old.js", "/index.htm", "//index.html"}) {
    const HttpAnswer answer = get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.content_type, "application/problem+json");
  }
  EXPECT_EQ(get("/assets/old.js", {.accept = "text/html"}).status, 404);
}

TEST_F(StaticFiles, SayWhenThereIsNoConsole) {
  assets_ = make_embedded_assets({});
  const HttpAnswer answer = get("/");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("not in this build"));
}

class FolderAssetsTest : public ::testing::Test {
 protected:
  FolderAssetsTest() {
    std::filesystem::create_directories(folder_ + "/web/assets");
    write("web/index.html", "<html>");
    write("secret.html", "secret");
  }
  void write(const std::string& name, const std::string& text) { whole_.write(name, text); }

  const test::TestFolder whole_;
  const std::string folder_ = whole_.path();
};

TEST_F(FolderAssetsTest, ServesFilesAsTheyAreNow) {
  const auto store = *make_folder_assets(folder_ + "/web");
  const auto before = store->find("/index.html");
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->plain, "<html>");
  EXPECT_EQ(before->content_type, "text/html; charset=utf-8");
  write("web/index.html", "<html lang=en>");
  write("web/assets/new.js", "1");
  EXPECT_EQ(store->find("/index.html")->plain, "<html lang=en>");
  EXPECT_NE(store->find("/index.html")->etag, before->etag);
  EXPECT_EQ(store->find("/assets/new.js")->content_type, "text/javascript; charset=utf-8");
}

TEST_F(FolderAssetsTest, NeverLeavesItsFolder) {
  std::filesystem::create_symlink(folder_ + "/secret.html", folder_ + "/web/link.html");
  std::filesystem::create_directory_symlink(folder_, folder_ + "/web/up");
  const auto store = *make_folder_assets(folder_ + "/web");
  for (const char* path : {"/../secret.html", "/link.html", "/up/secret.html", "../secret.html",
                           "/", "", "/assets", "index.html"}) {
    EXPECT_FALSE(store->find(path).has_value()) << path;
  }
}

TEST_F(FolderAssetsTest, SaysWhenTheFolderIsNotThere) {
  const auto store = make_folder_assets(folder_ + "/absent");
  ASSERT_FALSE(store.ok());
  EXPECT_THAT(store.error().message, HasSubstr("absent: No such file or directory"));
}

}  // namespace
}  // namespace weir
