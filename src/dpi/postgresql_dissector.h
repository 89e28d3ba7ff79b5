// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dpi/dissector.h"
#include "dpi/exchange_queue.h"
#include "dpi/message_cutter.h"
#include "dpi/tls_follower.h"

namespace weir {

// Follows a connection to PostgreSQL: who logs in to which database, with what, the server's
// version, and each statement as a transaction with its normalised text. A simple query is complete
// with ReadyForQuery, an Execute of the extended protocol when its own rows end; what stands behind
// a failed one up to Sync never ran and is not reported. Of a statement its first
// kMaxStatementBytes are read; the last kMaxStatements prepared ones are remembered, and of their
// names the first kMaxNameBytes. Under TLS its hellos are read; done where GSSAPI encryption begins
// and at a cancellation. After missing packets it goes on at the next packet that begins with a
// whole query. Source: PostgreSQL 15 documentation, 55 (Frontend/Backend Protocol).
class PostgresqlDissector : public Dissector {
 public:
  static constexpr size_t kMaxStatementBytes = 1024;
  static constexpr size_t kMaxStatements = 14;
  static constexpr size_t kMaxPortals = 4;
  static constexpr size_t kMaxNameBytes = 64;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override;
  void conclude(Findings& findings) override;

  // Whether bytes were missing or not understood. What is found from there on depends on how the
  // stream was cut into packets.
  [[nodiscard]] bool has_lost_track() const { return has_lost_track_; }

 private:
  enum class Phase : uint8_t { kStartup, kEncryptionAnswer, kMessages };
  struct Side {
    explicit Side(size_t kept_bytes) : messages(5, kept_bytes) {}
    MessageCutter messages;
    bool is_lost = false;
  };
  // Texts by name, the oldest first.
  using Texts = std::vector<std::pair<std::string, std::string>>;

  void lose(Side& side);
  bool find_again(const Payload& payload);
  Progress take_startup(ByteReader& bytes, Findings& findings);
  static void take_parameters(ByteReader body, Findings& findings);
  void take_client_message(uint8_t type, ByteReader body, Timestamp when);
  void take_server_message(uint8_t type, ByteReader body, Timestamp when, Findings& findings);
  void ask(std::string key, Timestamp when, uint32_t tag);
  void end_statement(Findings& findings);
  void end_cycle(Timestamp when, Findings& findings);
  static void remember(Texts& texts, size_t most, std::string_view name, std::string_view text);
  static void forget(Texts& texts, std::string_view name);
  [[nodiscard]] static std::string_view text_by(const Texts& texts, std::string_view name);

  MessageCutter startup_{8, kMaxStatementBytes};
  Side server_{128};
  Side client_{kMaxStatementBytes};
  bool has_begun_ = false;
  bool has_lost_track_ = false;
  Phase phase_ = Phase::kStartup;
  bool has_failed_ = false;           // what comes up to ReadyForQuery is no answer
  uint32_t uncounted_cycles_ = 0;     // that end after what is in exchanges_, not told apart
  std::unique_ptr<TlsFollower> tls_;  // once the connection changed over to it
  ExchangeQueue exchanges_{"PostgreSQL"};
  Texts statements_;
  Texts portals_;
};

}  // namespace weir
