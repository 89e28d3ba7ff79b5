// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/netfilter_line.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(NetfilterLine, ReadsAPacketOfTcp) {
  const auto line = read_netfilter_line(
      "[ 1234.567890] DROP in: IN=eth0 OUT= MAC=02:00:00:00:00:02:02:00:00:00:00:01:08:00 "
      "SRC=192.0.2.1 DST=198.51.100.2 LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=54321 DF PROTO=TCP "
      "SPT=40000 DPT=22 SEQ=1 ACK=0 WINDOW=64240 RES=0x00 SYN URGP=0 OPT (020405B4)");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->prefix, "DROP in:");
  EXPECT_EQ(line->input, "eth0");
  EXPECT_EQ(line->output, "");
  EXPECT_EQ(line->source.to_string(), "192.0.2.1");
  EXPECT_EQ(line->destination.to_string(), "198.51.100.2");
  EXPECT_EQ(line->protocol, 6);
  EXPECT_EQ(line->source_port, 40000);
  EXPECT_EQ(line->destination_port, 22);
  EXPECT_EQ(line->tcp_flags, 2);
  EXPECT_EQ(line->bytes, 60U);
}

TEST(NetfilterLine, ReadsOthers) {
  const auto udp = read_netfilter_line(
      "fw:IN= OUT=wlan0 SRC=2001:db8::1 DST=2001:db8::2 LEN=120 TC=0 HOPLIMIT=64 FLOWLBL=0 "
      "PROTO=UDP SPT=5353 DPT=53 LEN=80");
  ASSERT_TRUE(udp);
  EXPECT_EQ(udp->prefix, "fw:");
  EXPECT_EQ(udp->output, "wlan0");
  EXPECT_EQ(udp->bytes, 120U);
  EXPECT_EQ(udp->destination_port, 53);
  // The packet in brackets is the one that the error is about.
  const auto error = read_netfilter_line(
      "IN=eth0 OUT=eth1 SRC=192.0.2.1 DST=192.0.2.2 LEN=88 PROTO=ICMP TYPE=3 CODE=1 [SRC=192.0.2.2 "
      "DST=192.0.2.3 LEN=60 PROTO=TCP SPT=1 DPT=2 ]");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->protocol, 1);
  EXPECT_EQ(error->destination.to_string(), "192.0.2.2");
  EXPECT_EQ(error->source_port, 0);
  EXPECT_EQ(read_netfilter_line("IN=a OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 PROTO=47")->protocol,
            47);
}

TEST(NetfilterLine, IsNothingElse) {
  for (const std::string_view text :
       {"", "IN=", "BEGIN=1 OUT=2", "IN=eth0 OUT= SRC=1.2.3 DST=192.0.2.2 LEN=40 PROTO=TCP",
        "IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP",
        "IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=4000000000 PROTO=TCP",
        "IN=eth0 SRC=192.0.2.1"}) {
    EXPECT_FALSE(read_netfilter_line(text)) << text;
  }
}

}  // namespace
}  // namespace weir
