// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/syn_fingerprint.h"

#include <gtest/gtest.h>

#include "decode/test_packets.h"

namespace weir {
namespace {

using test_packets::Bytes;
using test_packets::hex;
using test_packets::u16;
using test_packets::operator+;

// A TCP header with these options, which are filled up to whole words by the test.
Bytes tcp_with(const Bytes& options, uint8_t flags = kTcpSyn) {
  const auto words = static_cast<uint8_t>((20 + options.size()) / 4);
  return hex("9c40 0050 00000001 00000000") + Bytes{static_cast<uint8_t>(words << 4), flags} +
         u16(29200) + hex("0000 0000") + options;
}

Bytes frame_v4(const Bytes& tcp, uint8_t ttl = 64) {
  Bytes ip = test_packets::ipv4(6, tcp);
  ip[8] = ttl;
  return test_packets::ethernet(0x0800, ip);
}

std::string text_of(const Bytes& frame) {
  PacketView view;
  view.data = frame.data();
  view.captured_length = view.wire_length = static_cast<uint32_t>(frame.size());
  DecodedPacket packet;
  decode(view, packet);
  const SynFingerprint fingerprint = syn_fingerprint(packet);
  return fingerprint == 0 ? "" : syn_fingerprint_text(fingerprint);
}

const Bytes kLinux = hex("020405b4 0402 080a0000000100000000 01 030307");

TEST(SynFingerprint, TellsTtlWindowSizesAndOrderOfOptions) {
  EXPECT_EQ(text_of(frame_v4(tcp_with(kLinux))), "64:29200:1460:7:mss,sok,ts,nop,ws");
  EXPECT_EQ(text_of(frame_v4(tcp_with(hex("020405b4 01 030308 01 01 0402")), 113)),
            "128:29200:1460:8:mss,nop,ws,nop,nop,sok");
  EXPECT_EQ(
      text_of(frame_v4(tcp_with(hex("020405b4 01 030306 01 01 080a0000000100000000 0402 0000")))),
      "64:29200:1460:6:mss,nop,ws,nop,nop,ts,sok,eol");
  EXPECT_EQ(text_of(frame_v4(tcp_with({}), 255)), "255:29200:-:-:-");
}

TEST(SynFingerprint, RoundsTheTtlUpToWhereItStarted) {
  const Bytes tcp = tcp_with(kLinux);
  for (const auto& [ttl, start] : std::vector<std::pair<uint8_t, std::string>>{
           {1, "32:"}, {32, "32:"}, {33, "64:"}, {64, "64:"}, {65, "128:"}, {129, "255:"}})
    EXPECT_TRUE(text_of(frame_v4(tcp, ttl)).starts_with(start)) << int{ttl};
}

TEST(SynFingerprint, ReadsIpv6) {
  EXPECT_EQ(text_of(test_packets::ethernet(0x86dd, test_packets::ipv6(6, tcp_with(kLinux)))),
            "64:29200:1460:7:mss,sok,ts,nop,ws");
}

TEST(SynFingerprint, IsOfSynsAlone) {
  EXPECT_EQ(text_of(frame_v4(tcp_with(kLinux, kTcpAck))), "");
  EXPECT_EQ(text_of(frame_v4(tcp_with(kLinux, kTcpSyn | kTcpAck))), "");
  EXPECT_EQ(text_of(test_packets::ethernet(
                0x0800, test_packets::ipv4(17, test_packets::udp(1, 2, hex("00"))))),
            "");
}

TEST(SynFingerprint, StandsOptionsThatMakeNoSense) {
  EXPECT_EQ(text_of(frame_v4(tcp_with(hex("02000000")))), "64:29200:-:-:mss");
  EXPECT_EQ(text_of(frame_v4(tcp_with(hex("0204ffff 0303ff 01")))), "64:29200:65535:14:mss,ws,nop");
  EXPECT_EQ(text_of(frame_v4(tcp_with(hex("fd0401010101010101010101")))),
            "64:29200:-:-:?,nop,nop,nop,nop,nop,nop,nop")
      << "the first eight";
  EXPECT_EQ(text_of(frame_v4(tcp_with(hex("01010108")))), "64:29200:-:-:nop,nop,nop,ts");
  const Bytes whole = frame_v4(tcp_with(kLinux));
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(text_of(test_packets::first(size, whole)), "") << size;
}

}  // namespace
}  // namespace weir
