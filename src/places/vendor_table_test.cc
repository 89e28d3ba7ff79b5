// SPDX-License-Identifier: GPL-3.0-or-later
#include "places/vendor_table.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/test_folder.h"

namespace weir {
namespace {

constexpr const char* kHead = "Registry,Assignment,Organization Name,Organization Address\r\n";

MacAddress mac(std::array<uint8_t, 6> bytes) {
  return {bytes};
}

TEST(VendorTable, FindsTheNarrowestAssignment) {
  VendorTable table;
  table.add(std::string(kHead) + "MA-L,70B3D5,IEEE Registration Authority,somewhere\r\n");
  table.add(std::string(kHead) + "MA-S,70B3D5F2F,TELEPLATFORMS,\"Polbina st., 3/1\"\r\n");
  table.add(std::string(kHead) + "MA-M,70B3D51,Middle GmbH,x\n");
  EXPECT_EQ(table.find(mac({0x70, 0xb3, 0xd5, 0xf2, 0xf1, 0x23})), "TELEPLATFORMS");
  EXPECT_EQ(table.find(mac({0x70, 0xb3, 0xd5, 0x12, 0x00, 0x00})), "Middle GmbH");
  EXPECT_EQ(table.find(mac({0x70, 0xb3, 0xd5, 0x00, 0x00, 0x00})), "IEEE Registration Authority");
  EXPECT_EQ(table.find(mac({0x70, 0xb3, 0xd6, 0x00, 0x00, 0x00})), "");
  EXPECT_EQ(table.size(), 3U);
}

TEST(VendorTable, ReadsQuotedNames) {
  VendorTable table;
  table.add(
      "MA-L,001122,\"Example, Inc.\",\"line one\nline two\"\nMA-L,001123,\"Say \"\"x\"\"\",y");
  EXPECT_EQ(table.find(mac({0, 0x11, 0x22, 0, 0, 1})), "Example, Inc.");
  EXPECT_EQ(table.find(mac({0, 0x11, 0x23, 0, 0, 1})), "Say \"x\"");
}

TEST(VendorTable, KnowsNobodyBehindMadeUpAndGroupAddresses) {
  VendorTable table;
  table.add("MA-L,020000,Nobody,x\nMA-L,010000,Group,x\nMA-L,000000,Somebody,x\n");
  EXPECT_EQ(table.find(mac({0x02, 0, 0, 0, 0, 1})), "");
  EXPECT_EQ(table.find(mac({0x01, 0, 0, 0, 0, 1})), "");
  EXPECT_EQ(table.find(mac({0xff, 0xff, 0xff, 0xff, 0xff, 0xff})), "");
  EXPECT_EQ(table.find(mac({0, 0, 0, 0, 0, 1})), "Somebody");
}

TEST(VendorTable, LeavesOutWhatIsNoAssignment) {
  VendorTable table;
  table.add(
      "MA-L,00112,Short,x\nMA-L,zzzzzz,Letters,x\n\n,,\nMA-L,001122,,x\nMA-L,001124,Private,x\n");
  EXPECT_EQ(table.size(), 0U);
}

TEST(VendorTable, LoadsWhatTheFolderHolds) {
  const test::TestFolder folder;
  EXPECT_FALSE(VendorTable::load(folder.path().string()).ok());
  std::ofstream((folder.path() / "oui.csv").string()) << kHead << "MA-L,001122,Example,x\n";
  const auto table = VendorTable::load(folder.path().string());
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->find(mac({0, 0x11, 0x22, 0, 0, 1})), "Example");
}

}  // namespace
}  // namespace weir
