// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "dpi/dnp3_dissector.h"
#include "dpi/iec104_dissector.h"
#include "dpi/modbus_dissector.h"
#include "dpi/test_conversation.h"

namespace weir {
namespace {

using Field = MetadataField;

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

Payload payload_of(const std::string& bytes, uint16_t server_port, bool is_tcp = true) {
  Payload payload;
  payload.bytes = ByteReader(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  payload.is_tcp = is_tcp;
  payload.server_port = server_port;
  return payload;
}

TEST(ModbusDissector, TellsTheFunctions) {
  for (const size_t step : {1, 5, 100}) {
    Conversation talk(ModbusDissector::create);
    talk.client(bytes_of("000100000006010300000002"))
        .server(bytes_of("00010000000701030400010002"));
    talk.client(bytes_of("0002000000060106000a00ff")).server(bytes_of("000200000003018602"));
    talk.client(bytes_of("000300000002017f")).hear(step);
    EXPECT_EQ(talk.findings.protocol, "Modbus") << step;
    EXPECT_EQ(talk.all(Field::kModbusFunction), "Read Holding Registers Write Single Register 127");
  }
}

TEST(ModbusDissector, NamesUmasByItsFunction) {
  Conversation talk(ModbusDissector::create);
  talk.client(bytes_of("000100000004005a0002")).hear();
  EXPECT_EQ(talk.findings.protocol, "UMAS");
}

TEST(ModbusDissector, WantsItsPortAndHeader) {
  const std::string request = bytes_of("000100000006010300000002");
  EXPECT_TRUE(ModbusDissector::may_begin(payload_of(request, 502)));
  EXPECT_FALSE(ModbusDissector::may_begin(payload_of(request, 503)));
  EXPECT_FALSE(ModbusDissector::may_begin(payload_of(bytes_of("000100010006010300000002"), 502)));
  EXPECT_FALSE(ModbusDissector::may_begin(payload_of("", 502)));
  Conversation talk(ModbusDissector::create);
  talk.client("GET / HTTP/1.1\r\n").hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

const char* const kDnp3Read = "05640bc404000300e42bc1c20102000678a6";
const char* const kDnp3Answer = "05640a44030004007caee7c18100003bdb";
const char* const kDnp3Write = "056412c4040003001e7cc1c10232010701ebe45a87ff002801";

TEST(Dnp3Dissector, TellsTheFunctions) {
  for (const size_t step : {1, 7, 100}) {
    Conversation talk(Dnp3Dissector::create);
    talk.client(bytes_of(kDnp3Read)).server(bytes_of(kDnp3Answer));
    talk.client(bytes_of(kDnp3Write) + bytes_of(kDnp3Read)).hear(step);
    EXPECT_EQ(talk.findings.protocol, "DNP3") << step;
    EXPECT_EQ(talk.all(Field::kDnp3Function), "Read Response Write");
    EXPECT_EQ(talk.progress, Progress::kMore);
  }
}

TEST(Dnp3Dissector, ReadsDatagrams) {
  Conversation talk(Dnp3Dissector::create, false);
  talk.client(bytes_of(kDnp3Read)).server(bytes_of(kDnp3Answer)).hear();
  EXPECT_EQ(talk.all(Field::kDnp3Function), "Read Response");
}

TEST(Dnp3Dissector, WantsTheHeadersChecksum) {
  std::string frame = bytes_of(kDnp3Read);
  EXPECT_TRUE(Dnp3Dissector::may_begin(payload_of(frame, 4711)));
  frame[8] = static_cast<char>(frame[8] ^ 1);
  EXPECT_FALSE(Dnp3Dissector::may_begin(payload_of(frame, 4711)));
  EXPECT_TRUE(Dnp3Dissector::may_begin(payload_of(frame, 20000)));
  Conversation talk(Dnp3Dissector::create);
  talk.client(frame).hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

TEST(Iec104Dissector, TellsTheTypes) {
  for (const size_t step : {1, 4, 100}) {
    Conversation talk(Iec104Dissector::create);
    talk.client(bytes_of("680407000000")).server(bytes_of("68040b000000"));
    talk.client(bytes_of("680e0000000064010600010000000014"));
    talk.server(bytes_of("68040100") + bytes_of("0200") +
                bytes_of("68120000020009010300010064000000005000f0"));
    talk.hear(step);
    EXPECT_EQ(talk.findings.protocol, "IEC60870") << step;
    EXPECT_EQ(talk.all(Field::kIec104Type), "C_IC_NA_1 M_ME_NA_1");
  }
}

TEST(Iec104Dissector, WantsItsPortAndAControlFieldThatThereIs) {
  EXPECT_TRUE(Iec104Dissector::may_begin(payload_of(bytes_of("680443000000"), 2404)));
  EXPECT_FALSE(Iec104Dissector::may_begin(payload_of(bytes_of("680443000000"), 2405)));
  EXPECT_FALSE(Iec104Dissector::may_begin(payload_of(bytes_of("680543000000"), 2404)));
  EXPECT_FALSE(Iec104Dissector::may_begin(payload_of(bytes_of("6803"), 2404)));
  Conversation talk(Iec104Dissector::create);
  talk.client(bytes_of("680443000000")).client("goodbye").hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

}  // namespace
}  // namespace weir
