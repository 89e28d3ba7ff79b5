// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dpi/dissector.h"
#include "dpi/dns_message.h"

namespace weir {

// Follows DNS over UDP and TCP, mDNS, LLMNR and the NetBIOS name service as long as the flow lasts:
// queries, answers, the names of addresses that answers tell, and each query with its answer as a
// transaction (not of mDNS, where nobody in particular is asked). A query to a DNS server that has
// no answer when the flow ends, or when kMaxWaiting younger ones wait, is reported as that. Which
// of the four it is the port says, since the messages are the same; on other ports it is DNS when
// the whole message is. Of a message over TCP its first kMaxMessageBytes are read.
class DnsDissector : public Dissector {
 public:
  static constexpr size_t kMaxMessageBytes = 2048;
  static constexpr size_t kMaxWaiting = 12;   // queries that await their answer
  static constexpr uint8_t kMaxQueries = 14;  // in the metadata
  static constexpr uint8_t kMaxAnswers = 6;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override;
  void conclude(Findings& findings) override;

 private:
  struct Query {
    uint16_t id = 0;
    std::string key;
    Timestamp asked;
  };
  // One direction of a TCP connection.
  struct Stream {
    std::vector<uint8_t> bytes;  // the message so far, with its length before it
    size_t wanted = 0;           // bytes of the message that are to come, those left out too
    bool is_lost = false;
  };

  Progress feed_stream(const Payload& payload, Findings& findings);
  Progress take_message(const ByteReader& bytes, const Payload& payload, Findings& findings);
  void take_questions(const DnsMessage& message, Findings& findings);
  void take_answers(const DnsMessage& message, Findings& findings);
  void learn(const DnsMessage& message, Findings& findings) const;
  void ask(const DnsMessage& message, Timestamp when, Findings& findings);
  void report_unanswered(const Query& query, Findings& findings) const;
  void answer(const DnsMessage& message, Timestamp when, Findings& findings);

  std::vector<Query> waiting_;
  Stream streams_[2];  // by Payload::to_server
  uint8_t queries_ = 0;
  uint8_t answers_ = 0;
  bool is_netbios_ = false;
  bool is_multicast_ = false;  // mDNS
};

}  // namespace weir
