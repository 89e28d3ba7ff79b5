// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/outlet_spec.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using Encoding = OutletSpec::Encoding;
using Transport = OutletSpec::Transport;

OutletSpec parsed(std::string_view text) {
  auto spec = parse_outlet(text);
  EXPECT_TRUE(spec) << (spec ? "" : spec.error().message);
  return spec ? *spec : OutletSpec();
}

TEST(OutletSpec, NamesAFile) {
  const OutletSpec spec = parsed("json:/var/log/flows.json?format=ecs&rotate=100M&keep=3&spool=1G");
  EXPECT_EQ(spec.encoding, Encoding::kEcs);
  EXPECT_EQ(spec.transport, Transport::kFile);
  EXPECT_EQ(spec.path, "/var/log/flows.json");
  EXPECT_EQ(spec.rotate_bytes, uint64_t{100} << 20);
  EXPECT_EQ(spec.keep, 3U);
  EXPECT_EQ(spec.spool_bytes, size_t{1} << 30);
}

TEST(OutletSpec, NamesPeers) {
  struct Case {
    std::string_view text;
    Encoding encoding;
    Transport transport;
    std::string_view host;
    uint16_t port;
  };
  for (const Case& one : {
           Case{"json:tcp://logs.example.org:5000", Encoding::kJson, Transport::kTcp,
                "logs.example.org", 5000},
           Case{"ipfix:192.0.2.1:4739", Encoding::kIpfix, Transport::kUdp, "192.0.2.1", 4739},
           Case{"ipfix:udp://192.0.2.1:4739", Encoding::kIpfix, Transport::kUdp, "192.0.2.1", 4739},
           Case{"ipfix:tcp://[2001:db8::1]:4739", Encoding::kIpfix, Transport::kTcp, "2001:db8::1",
                4739},
           Case{"syslog:localhost:514", Encoding::kSyslog, Transport::kUdp, "localhost", 514},
           Case{"syslog:tls://logs:6514?ca=/etc/ca.pem", Encoding::kSyslog, Transport::kTls, "logs",
                6514},
       }) {
    const OutletSpec spec = parsed(one.text);
    EXPECT_EQ(spec.encoding, one.encoding) << one.text;
    EXPECT_EQ(spec.transport, one.transport) << one.text;
    EXPECT_EQ(spec.host, one.host) << one.text;
    EXPECT_EQ(spec.port, one.port) << one.text;
  }
}

TEST(OutletSpec, NamesZeroMqAddresses) {
  const OutletSpec compact = parsed("zmq:tcp://127.0.0.1:5556");
  EXPECT_EQ(compact.encoding, Encoding::kIpfix);
  EXPECT_EQ(compact.transport, Transport::kZmqConnect);
  EXPECT_EQ(compact.path, "tcp://127.0.0.1:5556");
  const OutletSpec json = parsed("zmq-listen:tcp://127.0.0.1:5556?format=json");
  EXPECT_EQ(json.encoding, Encoding::kNtopJson);
  EXPECT_EQ(json.transport, Transport::kZmqListen);
  const std::string url = "tcp://192.0.2.1:5556?key=rq:rM>}U?@Lns47E1%kR.o@n%&cmmsL/@{H8]yf7";
  const OutletSpec keyed = parsed("zmq:" + url + "&spool=1M");
  EXPECT_EQ(keyed.path, url);
  EXPECT_EQ(keyed.spool_bytes, size_t{1} << 20);
}

TEST(OutletSpec, SaysWhatIsWrong) {
  for (const std::string_view text : {"",
                                      "flows.json",
                                      "json:",
                                      "xml:flows",
                                      "ipfix:192.0.2.1",
                                      "ipfix:192.0.2.1:0",
                                      "ipfix:192.0.2.1:65536",
                                      "ipfix::4739",
                                      "ipfix:2001:db8::1:4739",
                                      "ipfix:a@b:1",
                                      "json:f?rotate=1",
                                      "json:f?rotate=x",
                                      "json:f?keep=1001",
                                      "json:f?format=xml",
                                      "ipfix:h:1?format=ecs",
                                      "syslog:h:1?rotate=1M",
                                      "json:tcp://h:1?ca=x",
                                      "json:tls://h:1",
                                      "zmq:5556",
                                      "zmq:tcp://h:1?format=ecs",
                                      "json:f?spool=18446744073709551615G"}) {
    const auto spec = parse_outlet(text);
    ASSERT_FALSE(spec) << text;
    EXPECT_EQ(spec.error().message.substr(0, text.size()), text);
  }
}

}  // namespace
}  // namespace weir
