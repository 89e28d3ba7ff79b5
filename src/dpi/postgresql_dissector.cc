// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/postgresql_dissector.h"

#include <algorithm>
#include <utility>

#include "dpi/ascii_text.h"
#include "dpi/heap_bytes.h"
#include "dpi/mysql_wire.h"
#include "dpi/sql_text.h"

namespace weir {
namespace {

constexpr uint32_t kVersion3 = 3;
constexpr uint32_t kMaxStartupBytes = 10'000;  // as the server has it
enum StartupCode : uint32_t { kCancel = 80'877'102, kTls = 80'877'103, kGssapi = 80'877'104 };

// What waits in the queue of exchanges.
enum Tag : uint32_t {
  kSimpleQuery = 1,  // ends with ReadyForQuery
  kExecute = 2,      // ends with its own rows
  kSync = 3,         // the end of what begins together: ReadyForQuery answers it
};

bool is_startup_code(uint32_t code) {
  return code >> 16 == kVersion3 || (code >= kCancel && code <= kGssapi);
}

std::optional<uint64_t> startup_length(const ByteReader& header) {
  const uint32_t length = header.u32(0);
  if (length < 8 || length > kMaxStartupBytes || !is_startup_code(header.u32(4)))
    return std::nullopt;
  return length - 8;
}

std::optional<uint64_t> message_length(const ByteReader& header) {
  const uint32_t length = header.u32(1);
  if (length < 4 || length > 0x7fffffff || header.u8(0) <= ' ' || header.u8(0) > 'z')
    return std::nullopt;
  return length - 4;
}

// A client's simple query and nothing else.
bool is_whole_query(const ByteReader& bytes) {
  const size_t size = bytes.remaining();
  return bytes.can_read(7) && bytes.u8(0) == 'Q' && bytes.u32(1) == size - 1 &&
         bytes.u8(size - 1) == 0 && begins_like_sql(text_of(bytes).substr(5));
}

// The first message of a statement that stands alone.
bool begins_like_message(const ByteReader& bytes) {
  if (is_whole_query(bytes)) return true;
  return bytes.can_read(5) && (bytes.u8(0) == 'P' || bytes.u8(0) == 'B') && bytes.u32(1) >= 6 &&
         bytes.u32(1) < bytes.remaining();
}

}  // namespace

bool PostgresqlDissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp || !payload.to_server) return false;
  if (is_whole_query(payload.bytes)) return true;
  return payload.is_stream_start && payload.bytes.can_read(8) &&
         startup_length(payload.bytes).has_value();
}

std::unique_ptr<Dissector> PostgresqlDissector::create() {
  return std::make_unique<PostgresqlDissector>();
}

Progress PostgresqlDissector::feed(const Payload& payload, Findings& findings) {
  // A connection that was under way already.
  if (!std::exchange(has_begun_, true) && payload.to_server && is_whole_query(payload.bytes)) {
    phase_ = Phase::kMessages;
    findings.protocol = "PostgreSQL";
  }
  if (tls_) return tls_->feed_rest(payload.bytes, payload, findings);
  Side& side = payload.to_server ? client_ : server_;
  ByteReader bytes = payload.bytes;
  if (payload.has_gap) {
    if (findings.protocol.empty()) return Progress::kNotMine;
    phase_ = Phase::kMessages;
    lose(side);
  }
  if (phase_ == Phase::kEncryptionAnswer && !payload.to_server) {
    const uint8_t answer = bytes.u8(0);
    bytes.skip(1);
    if (answer == 'S') {
      tls_ = std::make_unique<TlsFollower>();
      return tls_->feed_rest(bytes, payload, findings);
    }
    if (answer != 'N') return Progress::kDone;  // what follows is not to be read
    phase_ = Phase::kStartup;
  }
  if (phase_ != Phase::kMessages) {
    if (!payload.to_server) return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
    // It does not wait for the answer: this is TLS.
    if (phase_ == Phase::kEncryptionAnswer) return Progress::kDone;
    const Progress progress = take_startup(bytes, findings);
    if (progress != Progress::kMore || phase_ != Phase::kMessages) return progress;
  }
  if (side.is_lost && !find_again(payload)) return Progress::kMore;
  while (side.messages.next(bytes, message_length)) {
    ByteReader body = side.messages.message();
    const uint8_t type = body.u8(0);
    body.skip(5);
    if (payload.to_server) {
      take_client_message(type, body, payload.when);
    } else {
      take_server_message(type, body, payload.when, findings);
    }
  }
  if (side.messages.is_broken()) lose(side);
  return Progress::kMore;
}

void PostgresqlDissector::conclude(Findings& findings) {
  exchanges_.conclude(findings.transactions);
}

void PostgresqlDissector::lose(Side& side) {
  side.is_lost = true;
  has_lost_track_ = true;
  side.messages.clear();
  exchanges_.lose();
  uncounted_cycles_ = 0;
  has_failed_ = false;
}

bool PostgresqlDissector::find_again(const Payload& payload) {
  if (payload.to_server) {
    client_.is_lost = !begins_like_message(payload.bytes);
    if (!client_.is_lost) exchanges_.lose();
    return !client_.is_lost;
  }
  const uint8_t type = payload.bytes.u8(0);
  const bool begins_answer =
      type == 'T' || type == 'C' || type == 'E' || type == '1' || type == '2';
  server_.is_lost = !exchanges_.is_waiting() || !begins_answer ||
                    payload.bytes.u32(1) >= payload.bytes.remaining();
  return !server_.is_lost;
}

// Before anything else the client may ask for encryption, once in each kind.
Progress PostgresqlDissector::take_startup(ByteReader& bytes, Findings& findings) {
  if (!startup_.next(bytes, startup_length)) {
    if (!startup_.is_broken()) return Progress::kMore;
    return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
  }
  ByteReader body = startup_.message();
  const uint32_t code = body.u32(4);
  body.skip(8);
  findings.protocol = "PostgreSQL";
  if (code == kCancel) return Progress::kDone;
  if (code >> 16 != kVersion3) {
    phase_ = Phase::kEncryptionAnswer;
    return bytes.empty() ? Progress::kMore : Progress::kDone;
  }
  take_parameters(body, findings);
  phase_ = Phase::kMessages;
  return Progress::kMore;
}

void PostgresqlDissector::take_parameters(ByteReader body, Findings& findings) {
  FlowMetadata& metadata = findings.metadata;
  std::string_view user;
  bool has_database = false;
  while (!body.empty()) {
    const std::string_view name = take_zero_ended(body);
    if (name.empty()) break;
    const std::string_view value = take_zero_ended(body);
    if (name == "user") {
      user = value;
      metadata.add(MetadataField::kDatabaseUser, value);
    } else if (name == "database") {
      has_database = metadata.add(MetadataField::kDatabaseName, value);
    } else if (name == "application_name") {
      metadata.add(MetadataField::kSoftware, value);
    }
  }
  if (!has_database) metadata.add(MetadataField::kDatabaseName, user);
}

void PostgresqlDissector::take_client_message(uint8_t type, ByteReader body, Timestamp when) {
  switch (type) {
    case 'Q':
      return ask(normalised_sql(take_zero_ended(body), SqlDialect::kPostgresql), when,
                 kSimpleQuery);
    case 'F':
      return ask("", when, kSimpleQuery);
    case 'P': {
      const std::string_view name = take_zero_ended(body);
      const std::string text = normalised_sql(take_zero_ended(body), SqlDialect::kPostgresql);
      return remember(statements_, kMaxStatements, name, text);
    }
    case 'B': {
      const std::string_view portal = take_zero_ended(body);
      const std::string_view statement = take_zero_ended(body);
      return remember(portals_, kMaxPortals, portal, text_by(statements_, statement));
    }
    case 'E': {
      const std::string_view text = text_by(portals_, take_zero_ended(body));
      return ask(text.empty() ? "EXECUTE" : std::string(text), when, kExecute);
    }
    case 'S':
      return ask("", when, kSync);
    case 'C': {
      const bool is_statement = body.u8(0) == 'S';
      body.skip(1);
      return forget(is_statement ? statements_ : portals_, take_zero_ended(body));
    }
    default:
      return;
  }
}

// Beyond what the queue holds only the cycles are counted, so that it is known when all is
// answered.
void PostgresqlDissector::ask(std::string key, Timestamp when, uint32_t tag) {
  const bool ends_cycle = tag != kExecute;
  exchanges_.ask(std::move(key), when, tag);
  if (exchanges_.has_uncounted() && ends_cycle) ++uncounted_cycles_;
}

void PostgresqlDissector::take_server_message(uint8_t type, ByteReader body, Timestamp when,
                                              Findings& findings) {
  if (type == 'S') {  // ParameterStatus
    if (take_zero_ended(body) == "server_version")
      findings.metadata.add(MetadataField::kSoftware,
                            "PostgreSQL " + std::string(take_zero_ended(body)));
    return;
  }
  if (type == 'N' || type == 'A') return;  // notices and notifications come at any time
  if (!exchanges_.is_waiting()) return;
  if (type == 'Z') return end_cycle(when, findings);
  if (has_failed_ || exchanges_.tag() == kSync) return;
  exchanges_.answer_on(when);
  if (type == 'E') {
    has_failed_ = true;
    exchanges_.fail();
  } else if (type == 'C' || type == 's' || type == 'I') {
    end_statement(findings);
  }
}

void PostgresqlDissector::end_statement(Findings& findings) {
  if (exchanges_.tag() == kExecute) exchanges_.complete(findings.transactions);
}

// ReadyForQuery: all up to the next Sync is answered or was left out after an error.
void PostgresqlDissector::end_cycle(Timestamp when, Findings& findings) {
  bool is_first = true;
  has_failed_ = false;
  while (exchanges_.tag() == kExecute) {
    if (is_first) {
      exchanges_.complete(findings.transactions);
    } else {
      exchanges_.drop();
    }
    is_first = false;
  }
  if (exchanges_.tag() == kSync) return exchanges_.drop();
  if (exchanges_.tag() == kSimpleQuery) {
    exchanges_.answer_on(when);
    return exchanges_.complete(findings.transactions);
  }
  if (uncounted_cycles_ > 0 && --uncounted_cycles_ > 0) return;
  exchanges_.lose();
}

void PostgresqlDissector::remember(Texts& texts, size_t most, std::string_view name,
                                   std::string_view text) {
  forget(texts, name);
  if (texts.size() == most) texts.erase(texts.begin());
  texts.emplace_back(name.substr(0, kMaxNameBytes), text);
}

void PostgresqlDissector::forget(Texts& texts, std::string_view name) {
  const std::string_view cut = name.substr(0, kMaxNameBytes);
  std::erase_if(texts, [cut](const auto& each) { return each.first == cut; });
}

std::string_view PostgresqlDissector::text_by(const Texts& texts, std::string_view name) {
  for (const auto& [each, text] : texts) {
    if (each == name.substr(0, kMaxNameBytes)) return text;
  }
  return "";
}

size_t PostgresqlDissector::held_bytes() const {
  size_t bytes = startup_.held_bytes() + server_.messages.held_bytes() +
                 client_.messages.held_bytes() + exchanges_.held_bytes();
  for (const Texts* texts : {&statements_, &portals_}) {
    bytes += heap_bytes(*texts);
    for (const auto& [name, text] : *texts) bytes += heap_bytes(name) + heap_bytes(text);
  }
  if (tls_ != nullptr) bytes += sizeof(TlsFollower) + tls_->held_bytes();
  return bytes;
}

}  // namespace weir
