// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dpi/dissector.h"
#include "dpi/exchange_queue.h"
#include "dpi/message_cutter.h"
#include "dpi/tls_follower.h"

namespace weir {

// Follows a connection to MySQL or MariaDB: who logs in to which database, what the server says it
// is, and each command as a transaction: statements by their normalised text, executions by the
// text that was prepared, others by their name ("PING"). An answer with rows is complete with the
// last of them. Of a statement its first kMaxStatementBytes are read; the last kMaxPrepared
// prepared ones are remembered. Under TLS its hellos are read; done where compression begins, at
// replication, and when more commands are under way than ExchangeQueue holds. After missing packets
// it goes on at the next packet that is one whole command. Source: MySQL Internals, Client/Server
// Protocol; MariaDB Server Protocol Docs.
class MysqlDissector : public Dissector {
 public:
  static constexpr size_t kMaxStatementBytes = 1024;
  static constexpr size_t kMaxPrepared = 16;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override;
  void conclude(Findings& findings) override;

  // Whether bytes were missing or not understood. What is found from there on depends on how the
  // stream was cut into packets.
  [[nodiscard]] bool has_lost_track() const { return has_lost_track_; }

 private:
  enum class Phase : uint8_t { kGreeting, kLogin, kAuthentication, kCommands };
  // What the next packet of the server is.
  enum class Answer : uint8_t { kFirst, kNextResult, kColumns, kBehindColumns, kRows };
  struct Side {
    explicit Side(size_t kept_bytes) : packets(4, kept_bytes) {}
    MessageCutter packets;
    bool is_continued = false;  // the last packet was as long as one can be
    bool is_lost = false;
  };
  struct Prepared {
    uint32_t id = 0;
    std::string text;
  };

  void lose(const Payload& payload);
  bool find_again(const Payload& payload);
  Progress take_packet(Side& side, const Payload& payload, Findings& findings);
  Progress take_greeting(ByteReader body, Findings& findings);
  Progress take_login(ByteReader body, Findings& findings);
  void take_authentication(uint8_t first);
  Progress take_command(ByteReader body, Timestamp when, Findings& findings);
  [[nodiscard]] std::string key_of(uint8_t command, const ByteReader& body) const;
  void take_answer(const ByteReader& body, uint64_t length, uint8_t sequence, Timestamp when,
                   Findings& findings);
  void take_first(const ByteReader& body, Findings& findings);
  void begin_columns(const ByteReader& body);
  void take_behind_columns(const ByteReader& body, uint64_t length, Findings& findings);
  void take_row(const ByteReader& body, uint64_t length, Findings& findings);
  void end_result(uint16_t status, Findings& findings);
  void remember(uint32_t id);
  [[nodiscard]] std::string_view prepared(uint32_t id) const;

  Side server_{128};
  Side client_{kMaxStatementBytes};
  bool has_begun_ = false;
  bool has_lost_track_ = false;
  Phase phase_ = Phase::kGreeting;
  Answer answer_ = Answer::kFirst;
  uint32_t server_capabilities_ = 0;
  bool has_cached_columns_ = false;   // MariaDB may leave the columns out
  uint64_t columns_ = 0;              // that are to come
  std::unique_ptr<TlsFollower> tls_;  // once the connection changed over to it
  ExchangeQueue exchanges_{"MySQL"};
  std::vector<Prepared> prepared_;
  std::vector<std::string> preparing_;  // texts whose answer is to come
};

}  // namespace weir
