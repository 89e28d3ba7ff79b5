// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_address.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

RedisAddress made(const std::string& host, uint16_t port = 6379, uint32_t database = 0,
                  const std::string& prefix = "weir") {
  RedisAddress address;
  address.host = host;
  address.port = port;
  address.database = database;
  address.prefix = prefix;
  return address;
}
RedisAddress made_for(const std::string& user, const std::string& password, RedisAddress address) {
  address.user = user;
  address.password = password;
  return address;
}

TEST(RedisAddress, IsReadFromAnUrl) {
  EXPECT_EQ(*RedisAddress::parse("redis://localhost"), made("localhost"));
  EXPECT_EQ(*RedisAddress::parse("redis://10.0.0.1:6380/3?prefix=office-1"),
            made("10.0.0.1", 6380, 3, "office-1"));
  EXPECT_EQ(*RedisAddress::parse("redis://[2001:db8::1]:7000/"), made("2001:db8::1", 7000));
  EXPECT_EQ(*RedisAddress::parse("redis://weir:p%40ss%3a%25@h"),
            made_for("weir", "p@ss:%", made("h")));
  EXPECT_EQ(*RedisAddress::parse("redis://:a@b:c@h/1"), made_for("", "a@b:c", made("h", 6379, 1)));
}

TEST(RedisAddress, IsShownWithoutUserAndPassword) {
  EXPECT_EQ(RedisAddress::parse("redis://user:secret@h?prefix=a")->to_string(), "redis://h:6379/0");
  EXPECT_EQ(RedisAddress::parse("redis://[::1]/2")->to_string(), "redis://[::1]:6379/2");
}

TEST(RedisAddress, RefusesWhatIsNone) {
  for (const char* url : {"",
                          "localhost",
                          "redis:/h",
                          "redis://",
                          "redis://:6379",
                          "redis://h:",
                          "redis://h:0",
                          "redis://h:65536",
                          "redis://h:6379x",
                          "redis://h/x",
                          "redis://h/-1",
                          "redis://h/65536",
                          "redis://[::1",
                          "redis://[]",
                          "redis://[::1]6379",
                          "redis://user@h",
                          "redis://u:%zz@h",
                          "redis://u:%4@h",
                          "redis://h?prefix=",
                          "redis://h?prefix=a b",
                          "redis://h?colour=red",
                          "redis://h h",
                          "rediss://h"})
    EXPECT_FALSE(RedisAddress::parse(url).ok()) << url;
  const auto refused = RedisAddress::parse("redis://user:secret@h:x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace weir
