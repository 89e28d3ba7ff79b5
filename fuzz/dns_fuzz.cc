// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of DNS and its kin. Parsed alone: names are no longer than the protocol's, and all that
// is told lies in the message. As a conversation: memory stays bounded, and over TCP it is the same
// wherever packets split it. First byte: port and transport. Second: how it is split.
#include <cstdint>

#include "dissector_check.h"
#include "dpi/dns_dissector.h"
#include "dpi/dns_message.h"

namespace {

using namespace weir;        // NOLINT(google-build-using-namespace): a program of one file
using namespace weir::fuzz;  // NOLINT(google-build-using-namespace): a program of one file

constexpr size_t kMaxNameBytes = 255;

void check_message(const std::vector<uint8_t>& bytes, bool is_netbios) {
  DnsMessage message;
  const DnsParse parse = parse_dns(ByteReader(bytes), is_netbios, message);
  require(message.size <= bytes.size());
  require(parse == DnsParse::kNotDns || begins_like_dns(ByteReader(bytes)));
  require(message.questions.size() <= DnsMessage::kMaxQuestions);
  require(message.records.size() <= DnsMessage::kMaxRecords);
  require(message.answers <= message.records.size());
  for (const DnsQuestion& question : message.questions)
    require(question.name.size() <= kMaxNameBytes);
  for (const DnsRecord& record : message.records) {
    require(record.name.size() <= kMaxNameBytes);
    require(record.text.size() <= 2 * kMaxNameBytes);
    static_cast<void>(address_of_reverse_name(record.name));
  }
  // Less detail is no other message.
  DnsMessage answers;
  require(parse_dns(ByteReader(bytes), is_netbios, answers, DnsDetail::kAnswers) == parse);
  require(answers.size == message.size && answers.rcode == message.rcode);
  require(answers.answers == message.answers && answers.records.size() == answers.answers);
  for (size_t i = 0; i < answers.answers; ++i)
    require(answers.records[i].text == message.records[i].text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader input(data, size);
  static constexpr uint16_t kPorts[] = {53, 137, 5353, 5355};
  const Ports ports{40000, kPorts[input.u8(0) & 3]};
  const bool is_tcp = (input.u8(0) & 4) != 0;
  const std::vector<uint8_t> splits{input.u8(1), static_cast<uint8_t>(input.u8(1) / 7)};
  input.skip(2);
  const std::vector<Piece> pieces = pieces_of(input);
  for (const Piece& piece : pieces) check_message(piece.bytes, ports.server == 137);
  std::unique_ptr<DnsDissector> dissector;
  const Outcome whole = hear(pieces, {}, is_tcp, ports, dissector);
  if (is_tcp) require(whole == hear(pieces, splits, is_tcp, ports, dissector));
  return 0;
}
