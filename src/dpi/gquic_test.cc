// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/gquic.h"

#include <gtest/gtest.h>

#include "dpi/test_tls.h"

namespace weir {
namespace {

using namespace test_tls;

std::string little(uint32_t value, size_t size) {
  const std::string bytes = number(value, size);
  return {bytes.rbegin(), bytes.rend()};
}

std::string chlo() {
  const std::string values = "pad" + std::string("www.example.org") + "Chrome/60";
  return "CHLO" + little(3, 2) + std::string(2, '\0') + std::string("PAD\0", 4) + little(3, 4) +
         std::string("SNI\0", 4) + little(18, 4) + "UAID" + little(27, 4) + values;
}

// Flags, connection id, version, packet number, hash, the header of a STREAM frame.
std::string google_datagram(std::string_view version) {
  return std::string(1, '\x09') + "connecti" + std::string(version) + std::string(1, '\1') +
         std::string(12, 'h') + std::string("\xa0\x01\0\0", 4) + chlo();
}

TEST(Gquic, ReadsTheVersion) {
  uint32_t number = 0;
  EXPECT_TRUE(read_gquic_version(reader(google_datagram("Q035")), number));
  EXPECT_EQ(number, 0x51303335U);
  EXPECT_FALSE(read_gquic_version(reader(google_datagram("Q050")), number));
  EXPECT_FALSE(read_gquic_version(reader(google_datagram("Q001")), number));
  EXPECT_FALSE(read_gquic_version(reader(google_datagram("QUIC")), number));
  EXPECT_FALSE(
      read_gquic_version(reader(std::string(1, 8) + google_datagram("Q035").substr(1)), number));
  EXPECT_TRUE(read_gquic_version(reader(std::string("\xc3Q046\x50", 6)), number));
  EXPECT_FALSE(read_gquic_version(reader(std::string("\xc3Q050\x50", 6)), number));
  EXPECT_FALSE(read_gquic_version(reader(""), number));
}

TEST(Gquic, ReadsTheHello) {
  const std::string datagram = google_datagram("Q043");
  ByteReader message;
  GquicHello hello;
  ASSERT_TRUE(find_gquic_hello(reader(datagram), message));
  ASSERT_TRUE(parse_gquic_hello(message, hello));
  EXPECT_EQ(hello.server_name, "www.example.org");
  EXPECT_EQ(hello.user_agent, "Chrome/60");
}

TEST(Gquic, TakesWhatThereIsOfAHello) {
  const std::string whole = chlo();
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    GquicHello hello;
    EXPECT_EQ(parse_gquic_hello(reader(cut), hello), size >= 8) << size;
    EXPECT_TRUE(std::string("www.example.org").starts_with(hello.server_name));
  }
}

TEST(Gquic, RefusesOffsetsThatGoBack) {
  std::string hello = chlo();
  hello[20] = 1;  // the end of SNI before that of PAD
  GquicHello out;
  EXPECT_FALSE(parse_gquic_hello(reader(hello), out));
  const std::string many = "CHLO" + little(129, 2) + std::string(2, '\0');
  EXPECT_FALSE(parse_gquic_hello(reader(many), out));
}

TEST(Gquic, LooksForTheHelloNearTheFrontOnly) {
  ByteReader message;
  EXPECT_FALSE(find_gquic_hello(reader(std::string(200, 'x') + chlo()), message));
  EXPECT_FALSE(find_gquic_hello(reader("CHLO"), message));
}

}  // namespace
}  // namespace weir
