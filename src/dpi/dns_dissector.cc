// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dns_dissector.h"
#include "dpi/heap_bytes.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr size_t kLengthBytes = 2;

std::string_view protocol_of(const Payload& payload) {
  const auto has_port = [&payload](uint16_t port) {
    return payload.server_port == port || payload.client_port == port;
  };
  if (has_port(53)) return "DNS";
  if (has_port(5353)) return "MDNS";
  if (has_port(5355)) return "LLMNR";
  if (has_port(137)) return "NetBIOS";
  return "";
}

// What a message on a port that is not DNS's must be: a single plain question of class IN, and
// nothing behind the last record.
bool is_surely_dns(const ByteReader& bytes) {
  const uint16_t flags = bytes.u16(2);
  if (bytes.u16(4) != 1 || (flags & 0x7840) != 0) return false;
  if ((flags & 0x8000) == 0 && bytes.u16(6) != 0) return false;
  DnsMessage message;
  if (parse_dns(bytes, false, message, DnsDetail::kAnswers) != DnsParse::kWhole ||
      message.size != bytes.remaining())
    return false;
  const DnsQuestion& question = message.questions.front();
  return question.type != 0 && question.type <= 257 &&
         std::all_of(question.name.begin(), question.name.end(),
                     [](char c) { return c > ' ' && c < 0x7f; });
}

ByteReader without_length(const Payload& payload) {
  ByteReader bytes = payload.bytes;
  if (!payload.is_tcp) return bytes;
  const size_t length = bytes.u16(0);
  bytes.skip(kLengthBytes);
  bytes.truncate(length);
  return bytes;
}

std::string transaction_key(const DnsMessage& message, bool is_netbios) {
  const DnsQuestion& question = message.questions.front();
  return dns_type_name(question.type, is_netbios) + " " + question.name;
}

}  // namespace

bool DnsDissector::may_begin(const Payload& payload) {
  const std::string_view protocol = protocol_of(payload);
  // A client may send the length in a segment of its own.
  if (payload.is_tcp && protocol == "DNS" && payload.bytes.remaining() < 14)
    return payload.is_stream_start && payload.bytes.u16(0) >= 12 && payload.bytes.u8(0) < 0x10;
  const ByteReader bytes = without_length(payload);
  if (!begins_like_dns(bytes)) return false;
  return !protocol.empty() || is_surely_dns(bytes);
}

std::unique_ptr<Dissector> DnsDissector::create() {
  return std::make_unique<DnsDissector>();
}

Progress DnsDissector::feed(const Payload& payload, Findings& findings) {
  if (payload.is_tcp) return feed_stream(payload, findings);
  return take_message(payload.bytes, payload, findings);
}

Progress DnsDissector::feed_stream(const Payload& payload, Findings& findings) {
  Stream& stream = streams_[payload.to_server ? 1 : 0];
  if (payload.has_gap) stream.is_lost = true;
  ByteReader bytes = payload.bytes;
  while (!bytes.empty() && !stream.is_lost) {
    if (stream.wanted == 0) {
      stream.bytes.push_back(bytes.u8(0));
      bytes.skip(1);
      if (stream.bytes.size() < kLengthBytes) continue;
      stream.wanted = ByteReader(stream.bytes).u16(0);
      stream.bytes.clear();
      continue;
    }
    const size_t step = std::min(stream.wanted, bytes.remaining());
    const size_t kept = std::min(step, kMaxMessageBytes - stream.bytes.size());
    stream.bytes.insert(stream.bytes.end(), bytes.rest().begin(), bytes.rest().begin() + kept);
    bytes.skip(step);
    stream.wanted -= step;
    if (stream.wanted > 0) break;
    const Progress progress = take_message(ByteReader(stream.bytes), payload, findings);
    stream.bytes.clear();
    if (progress != Progress::kMore) return progress;
  }
  const bool is_all_lost = streams_[0].is_lost && streams_[1].is_lost;
  if (!is_all_lost) return Progress::kMore;
  return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
}

Progress DnsDissector::take_message(const ByteReader& bytes, const Payload& payload,
                                    Findings& findings) {
  const std::string_view protocol = protocol_of(payload);
  is_netbios_ = protocol == "NetBIOS";
  is_multicast_ = protocol == "MDNS";
  DnsMessage message;
  const DnsParse parse = parse_dns(bytes, is_netbios_, message, DnsDetail::kAll);
  if (parse == DnsParse::kNotDns) {
    // One message of many that is broken does not make the flow another protocol's.
    if (findings.protocol.empty()) return Progress::kNotMine;
    return Progress::kMore;
  }
  findings.protocol = protocol.empty() ? "DNS" : protocol;
  take_questions(message, findings);
  if (message.is_response) {
    take_answers(message, findings);
    learn(message, findings);
    answer(message, payload.when, findings);
  } else {
    ask(message, payload.when, findings);
  }
  const bool is_enough = queries_ == kMaxQueries && findings.transactions == nullptr;
  return is_enough ? Progress::kDone : Progress::kMore;
}

void DnsDissector::take_questions(const DnsMessage& message, Findings& findings) {
  for (const DnsQuestion& question : message.questions) {
    if (queries_ == kMaxQueries) return;
    if (findings.metadata.add(MetadataField::kDnsQuery, question.name)) ++queries_;
    findings.metadata.add(MetadataField::kDnsType, dns_type_name(question.type, is_netbios_));
  }
}

void DnsDissector::take_answers(const DnsMessage& message, Findings& findings) {
  if (!is_multicast_)
    findings.metadata.add(MetadataField::kDnsRcode, dns_rcode_name(message.rcode));
  for (size_t i = 0; i < message.answers && answers_ < kMaxAnswers; ++i) {
    const std::string& text = message.records[i].text;
    if (findings.metadata.add(MetadataField::kDnsAnswers, text)) ++answers_;
  }
}

// An address gets the name that was asked for, not the one at the end of the aliases: the former is
// what the user knows.
void DnsDissector::learn(const DnsMessage& message, Findings& findings) const {
  const bool has_question = message.questions.size() == 1;
  for (const DnsRecord& record : message.records) {
    const bool is_answer = static_cast<size_t>(&record - message.records.data()) < message.answers;
    const std::string& name =
        has_question && is_answer ? message.questions.front().name : record.name;
    for (const IpAddress& address : record.addresses) findings.learn(address, name);
    const auto reverse = record.type == 12 ? address_of_reverse_name(record.name) : std::nullopt;
    if (reverse && !record.text.empty()) findings.learn(*reverse, record.text);
  }
}

void DnsDissector::ask(const DnsMessage& message, Timestamp when, Findings& findings) {
  if (is_multicast_ || message.questions.empty()) return;
  std::string key = transaction_key(message, is_netbios_);
  const bool is_repeated = std::any_of(waiting_.begin(), waiting_.end(), [&](const Query& query) {
    return query.id == message.id && query.key == key;
  });
  if (is_repeated) return;
  if (waiting_.size() == kMaxWaiting) {
    report_unanswered(waiting_.front(), findings);
    waiting_.erase(waiting_.begin());
  }
  waiting_.push_back({message.id, std::move(key), when});
}

// Where whole groups are asked, as with LLMNR and NetBIOS, silence is an answer.
void DnsDissector::report_unanswered(const Query& query, Findings& findings) const {
  const bool may_be_missing = streams_[0].is_lost || streams_[1].is_lost;
  if (findings.transactions == nullptr || findings.protocol != "DNS" || may_be_missing) return;
  const Timestamp asked = query.asked;
  findings.transactions->accept({"DNS", query.key, asked, asked, asked, false, false});
}

void DnsDissector::conclude(Findings& findings) {
  for (const Query& query : waiting_) report_unanswered(query, findings);
}

void DnsDissector::answer(const DnsMessage& message, Timestamp when, Findings& findings) {
  if (waiting_.empty()) return;
  // Servers that refuse may leave the question out: the identifier alone must do then.
  const std::string key = message.questions.empty() ? "" : transaction_key(message, is_netbios_);
  const auto query = std::find_if(waiting_.begin(), waiting_.end(), [&](const Query& each) {
    return each.id == message.id && (key.empty() || each.key == key);
  });
  if (query == waiting_.end()) return;
  if (findings.transactions != nullptr) {
    findings.transactions->accept(
        {"DNS", query->key, query->asked, when, when, message.rcode != 0});
  }
  waiting_.erase(query);
}

size_t DnsDissector::held_bytes() const {
  size_t bytes =
      heap_bytes(waiting_) + heap_bytes(streams_[0].bytes) + heap_bytes(streams_[1].bytes);
  for (const Query& query : waiting_) bytes += heap_bytes(query.key);
  return bytes;
}

}  // namespace weir
