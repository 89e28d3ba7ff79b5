// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/mysql_dissector.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dpi/ascii_text.h"
#include "dpi/heap_bytes.h"
#include "dpi/mysql_wire.h"
#include "dpi/sql_text.h"

namespace weir {
namespace {

constexpr size_t kHeaderBytes = 4;
constexpr uint32_t kLongestPacket = 0xffffff;

enum Capability : uint32_t {
  kLongPassword = 0x1,  // set by MySQL's servers, not by MariaDB's
  kConnectWithDatabase = 0x8,
  kCompress = 0x20,
  kProtocol41 = 0x200,
  kTls = 0x800,
  kSecureConnection = 0x8000,
  kLengthEncodedAuthentication = 0x200000,
  kZstd = 0x4000000,
};
constexpr uint8_t kMariadbCachedMetadata = 0x10;  // of the extended ones
enum ServerStatus : uint16_t { kMoreResults = 0x8, kCursorExists = 0x40 };

enum Command : uint8_t {
  kQuit = 1,
  kInitDatabase = 2,
  kQuery = 3,
  kFieldList = 4,
  kStatistics = 9,
  kChangeUser = 17,
  kBinlogDump = 18,
  kRegisterReplica = 21,
  kPrepare = 22,
  kExecute = 23,
  kSendLongData = 24,
  kCloseStatement = 25,
  kFetch = 28,
  kBinlogDumpGtid = 30,
  kBulkExecute = 250,
};
// By command; "" for what has no answer or is no command any more.
constexpr std::string_view kNames[] = {"",
                                       "",
                                       "INIT_DB",
                                       "QUERY",
                                       "FIELD_LIST",
                                       "CREATE_DB",
                                       "DROP_DB",
                                       "REFRESH",
                                       "SHUTDOWN",
                                       "STATISTICS",
                                       "PROCESS_INFO",
                                       "",
                                       "PROCESS_KILL",
                                       "DEBUG",
                                       "PING",
                                       "",
                                       "",
                                       "CHANGE_USER",
                                       "BINLOG_DUMP",
                                       "",
                                       "",
                                       "REGISTER",
                                       "PREPARE",
                                       "EXECUTE",
                                       "",
                                       "",
                                       "RESET",
                                       "SET_OPTION",
                                       "FETCH",
                                       "",
                                       "",
                                       "RESET_CONNECTION"};

enum FirstByte : uint8_t { kOk = 0, kLocalInfile = 0xfb, kEnd = 0xfe, kError = 0xff };

std::optional<uint64_t> length_of(const ByteReader& header) {
  return mysql_u24(header, 0);
}

std::string_view name_of(uint8_t command) {
  if (command == kBulkExecute) return "EXECUTE";
  return command < std::size(kNames) ? kNames[command] : "";
}

// One packet, whole, of a client that begins something.
bool is_whole_command(const ByteReader& bytes) {
  return bytes.can_read(kHeaderBytes + 1) && bytes.u8(3) == 0 &&
         mysql_u24(bytes, 0) == bytes.remaining() - kHeaderBytes && !name_of(bytes.u8(4)).empty();
}

bool is_whole_query(const ByteReader& bytes) {
  if (!is_whole_command(bytes) || bytes.u8(4) != kQuery) return false;
  return begins_like_sql(text_of(bytes).substr(kHeaderBytes + 1));
}

// Version 10, a version that begins with a digit and ends soon.
bool begins_like_greeting(const ByteReader& bytes) {
  const uint32_t length = mysql_u24(bytes, 0);
  if (!bytes.can_read(6) || bytes.u8(3) != 0 || bytes.u8(4) != 10 || length < 20 || length > 512)
    return false;
  const std::string_view version = text_of(bytes).substr(5, 80);
  const std::string_view text = version.substr(0, version.find('\0'));
  return !text.empty() && text.size() < 80 && is_digit(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// Instead of a greeting: an error of the server (1000 to 1999) and its text, without an SQL state.
bool is_refusal(ByteReader body) {
  const uint16_t code = mysql_u16(body, 1);
  if (body.u8(0) != kError || code < 1000 || code > 1999) return false;
  body.skip(3);
  const std::string_view text = text_of(body);
  return text.size() >= 8 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

// One packet, whole.
bool begins_with_refusal(ByteReader bytes) {
  if (bytes.u8(3) != 0 || mysql_u24(bytes, 0) + kHeaderBytes != bytes.remaining()) return false;
  bytes.skip(kHeaderBytes);
  return is_refusal(bytes);
}

// The status in a packet of OK, or of the end of rows in its form.
uint16_t status_of_ok(ByteReader body) {
  body.skip(1);
  static_cast<void>(take_mysql_number(body));  // rows
  static_cast<void>(take_mysql_number(body));  // identifier
  return mysql_u16(body, 0);
}

}  // namespace

bool MysqlDissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp) return false;
  if (payload.to_server) return is_whole_query(payload.bytes);
  return payload.is_stream_start &&
         (begins_like_greeting(payload.bytes) || begins_with_refusal(payload.bytes));
}

std::unique_ptr<Dissector> MysqlDissector::create() {
  return std::make_unique<MysqlDissector>();
}

Progress MysqlDissector::feed(const Payload& payload, Findings& findings) {
  // A connection that was under way already.
  if (!std::exchange(has_begun_, true) && payload.to_server && is_whole_query(payload.bytes)) {
    phase_ = Phase::kCommands;
    findings.protocol = "MySQL";
  }
  if (tls_) return tls_->feed_rest(payload.bytes, payload, findings);
  Side& side = payload.to_server ? client_ : server_;
  if (payload.has_gap) lose(payload);
  if (side.is_lost && !find_again(payload)) return Progress::kMore;
  ByteReader bytes = payload.bytes;
  while (side.packets.next(bytes, length_of)) {
    const Progress progress = take_packet(side, payload, findings);
    if (progress != Progress::kMore) return progress;
    if (tls_) return tls_->feed_rest(bytes, payload, findings);
  }
  return Progress::kMore;
}

void MysqlDissector::conclude(Findings& findings) {
  exchanges_.conclude(findings.transactions);
}

void MysqlDissector::lose(const Payload& payload) {
  Side& side = payload.to_server ? client_ : server_;
  side.is_lost = true;
  has_lost_track_ = true;
  side.is_continued = false;
  side.packets.clear();
  exchanges_.lose();
  preparing_.clear();
  if (phase_ != Phase::kGreeting) phase_ = Phase::kCommands;
}

bool MysqlDissector::find_again(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  if (payload.to_server) {
    client_.is_lost = !is_whole_command(bytes);
    if (!client_.is_lost) exchanges_.lose();
    return !client_.is_lost;
  }
  // The first packet of an answer to what was asked since.
  server_.is_lost = !exchanges_.is_waiting() || bytes.u8(3) != 1;
  if (!server_.is_lost) answer_ = Answer::kFirst;
  return !server_.is_lost;
}

Progress MysqlDissector::take_packet(Side& side, const Payload& payload, Findings& findings) {
  ByteReader body = side.packets.message();
  const uint8_t sequence = body.u8(3);
  body.skip(kHeaderBytes);
  const uint64_t length = side.packets.length();
  if (std::exchange(side.is_continued, length == kLongestPacket)) return Progress::kMore;
  switch (phase_) {
    case Phase::kGreeting:
      if (payload.to_server) return Progress::kNotMine;
      return take_greeting(body, findings);
    case Phase::kLogin:
      if (payload.to_server) return take_login(body, findings);
      return body.u8(0) == kError ? Progress::kDone : Progress::kMore;
    case Phase::kAuthentication:
      if (!payload.to_server) take_authentication(body.u8(0));
      return Progress::kMore;
    case Phase::kCommands:
      break;
  }
  if (!payload.to_server) {
    take_answer(body, length, sequence, payload.when, findings);
  } else if (sequence == 0) {
    return take_command(body, payload.when, findings);
  }
  return Progress::kMore;
}

// "5.5.5-" is what MariaDB puts before its version for old replicas.
Progress MysqlDissector::take_greeting(ByteReader body, Findings& findings) {
  if (is_refusal(body)) {
    findings.protocol = "MySQL";
    return Progress::kDone;
  }
  if (body.u8(0) != 10) return Progress::kNotMine;
  body.skip(1);
  std::string_view version = take_zero_ended(body);
  if (version.empty() || !is_digit(version.front())) return Progress::kNotMine;
  if (version.starts_with("5.5.5-")) version.remove_prefix(6);
  body.skip(4 + 8 + 1);  // thread, start of the challenge, filler
  server_capabilities_ = mysql_u16(body, 0) | static_cast<uint32_t>(mysql_u16(body, 2 + 1 + 2))
                                                  << 16;
  const bool is_mariadb = version.find("MariaDB") != std::string_view::npos;
  findings.protocol = "MySQL";
  findings.metadata.add(MetadataField::kSoftware,
                        is_mariadb ? std::string(version) : "MySQL " + std::string(version));
  phase_ = Phase::kLogin;
  return Progress::kMore;
}

Progress MysqlDissector::take_login(ByteReader body, Findings& findings) {
  const uint32_t low = mysql_u16(body, 0);
  const bool is_new = (low & kProtocol41) != 0;
  const uint32_t capabilities = is_new ? mysql_u32(body, 0) : low;
  if ((capabilities & server_capabilities_ & kTls) != 0) {
    tls_ = std::make_unique<TlsFollower>();
    return Progress::kMore;
  }
  if (is_new) {
    const bool is_mariadb = ((capabilities | server_capabilities_) & kLongPassword) == 0;
    has_cached_columns_ = is_mariadb && (body.u8(28) & kMariadbCachedMetadata) != 0;
    body.skip(4 + 4 + 1 + 23);
  } else {
    body.skip(2 + 3);
  }
  findings.metadata.add(MetadataField::kDatabaseUser, take_zero_ended(body));
  if ((capabilities & kLengthEncodedAuthentication) != 0) {
    body.skip(static_cast<size_t>(std::min<uint64_t>(take_mysql_number(body), body.remaining())));
  } else if (is_new && (capabilities & kSecureConnection) != 0) {
    body.skip(size_t{1} + body.u8(0));
  } else {
    static_cast<void>(take_zero_ended(body));
  }
  if ((capabilities & kConnectWithDatabase) != 0)
    findings.metadata.add(MetadataField::kDatabaseName, take_zero_ended(body));
  const bool is_compressed = (capabilities & server_capabilities_ & (kCompress | kZstd)) != 0;
  phase_ = Phase::kAuthentication;
  return is_compressed ? Progress::kDone : Progress::kMore;
}

void MysqlDissector::take_authentication(uint8_t first) {
  // After an error the server closes, or the client tries again as another user.
  if (first == kOk || first == kError) phase_ = Phase::kCommands;
}

Progress MysqlDissector::take_command(ByteReader body, Timestamp when, Findings& findings) {
  const uint8_t command = body.u8(0);
  body.skip(1);
  switch (command) {
    case kQuit:
      return Progress::kMore;
    case kBinlogDump:
    case kBinlogDumpGtid:
    case kRegisterReplica:
      return Progress::kDone;
    case kInitDatabase:
      findings.metadata.add(MetadataField::kDatabaseName, text_of(body));
      break;
    case kChangeUser:
      findings.metadata.add(MetadataField::kDatabaseUser, take_zero_ended(body));
      exchanges_.lose();
      phase_ = Phase::kAuthentication;
      return Progress::kMore;
    case kCloseStatement: {
      const uint32_t id = mysql_u32(body, 0);
      std::erase_if(prepared_, [id](const Prepared& each) { return each.id == id; });
      return Progress::kMore;
    }
    default:
      break;
  }
  if (name_of(command).empty()) return Progress::kMore;
  if (!exchanges_.is_waiting()) answer_ = Answer::kFirst;
  if (command == kPrepare) preparing_.push_back(normalised_sql(text_of(body), SqlDialect::kMysql));
  exchanges_.ask(key_of(command, body), when, command);
  return exchanges_.has_uncounted() ? Progress::kDone : Progress::kMore;
}

std::string MysqlDissector::key_of(uint8_t command, const ByteReader& body) const {
  std::string key;
  if (command == kQuery) key = normalised_sql(text_of(body), SqlDialect::kMysql);
  if (command == kPrepare) key = ("PREPARE " + preparing_.back()).substr(0, kMaxSqlTextBytes);
  if (command == kExecute || command == kBulkExecute) key = prepared(mysql_u32(body, 0));
  return key.empty() ? std::string(name_of(command)) : key;
}

void MysqlDissector::take_answer(const ByteReader& body, uint64_t length, uint8_t sequence,
                                 Timestamp when, Findings& findings) {
  // Definitions that follow an answer whose end is known already.
  const bool is_first = answer_ == Answer::kFirst;
  if (!exchanges_.is_waiting() || (is_first && sequence != 1)) return;
  exchanges_.answer_on(when);
  switch (answer_) {
    case Answer::kFirst:
    case Answer::kNextResult:
      return take_first(body, findings);
    case Answer::kColumns:
      if (--columns_ == 0) answer_ = Answer::kBehindColumns;
      return;
    case Answer::kBehindColumns:
      return take_behind_columns(body, length, findings);
    case Answer::kRows:
      return take_row(body, length, findings);
  }
}

void MysqlDissector::take_first(const ByteReader& body, Findings& findings) {
  const uint32_t command = exchanges_.tag();
  const uint8_t first = body.u8(0);
  if (command == kPrepare) {
    if (first == kOk) remember(mysql_u32(body, 1));
    preparing_.erase(preparing_.begin());
    if (first == kError) exchanges_.fail();
    return end_result(0, findings);
  }
  if (first == kError) {
    exchanges_.fail();
    return end_result(0, findings);
  }
  const bool has_rows = command == kQuery || command == kExecute || command == kBulkExecute;
  if (command == kFieldList || command == kFetch) {
    answer_ = Answer::kRows;
    return take_row(body, body.remaining(), findings);
  }
  if (!has_rows) return end_result(0, findings);
  if (first == kOk) return end_result(status_of_ok(body), findings);
  if (first == kLocalInfile) {
    answer_ = Answer::kNextResult;  // after the client's file
    return;
  }
  begin_columns(body);
}

void MysqlDissector::begin_columns(const ByteReader& body) {
  ByteReader rest = body;
  columns_ = take_mysql_number(rest);
  const bool are_left_out = has_cached_columns_ && !rest.empty() && rest.u8(0) == 0;
  answer_ = are_left_out || columns_ == 0 ? Answer::kBehindColumns : Answer::kColumns;
}

// Servers that do not say CLIENT_DEPRECATE_EOF end the columns with a packet of five bytes, which
// no row is: what the two agreed on need not be known.
void MysqlDissector::take_behind_columns(const ByteReader& body, uint64_t length,
                                         Findings& findings) {
  answer_ = Answer::kRows;
  if (body.u8(0) != kEnd || length != 5) return take_row(body, length, findings);
  // The rows stay with the server until they are fetched.
  if ((mysql_u16(body, 3) & kCursorExists) != 0) end_result(0, findings);
}

void MysqlDissector::take_row(const ByteReader& body, uint64_t length, Findings& findings) {
  if (body.u8(0) == kError) {
    exchanges_.fail();
    end_result(0, findings);
  } else if (body.u8(0) == kEnd && length < kLongestPacket) {
    end_result(length == 5 ? mysql_u16(body, 3) : status_of_ok(body), findings);
  }
}

void MysqlDissector::end_result(uint16_t status, Findings& findings) {
  if ((status & kMoreResults) != 0) {
    answer_ = Answer::kNextResult;
    return;
  }
  answer_ = Answer::kFirst;
  exchanges_.complete(findings.transactions);
}

void MysqlDissector::remember(uint32_t id) {
  std::erase_if(prepared_, [id](const Prepared& each) { return each.id == id; });
  if (prepared_.size() == kMaxPrepared) prepared_.erase(prepared_.begin());
  prepared_.push_back({id, preparing_.front()});
}

std::string_view MysqlDissector::prepared(uint32_t id) const {
  for (const Prepared& each : prepared_) {
    if (each.id == id) return each.text;
  }
  return "";
}

size_t MysqlDissector::held_bytes() const {
  size_t bytes = server_.packets.held_bytes() + client_.packets.held_bytes() +
                 exchanges_.held_bytes() + heap_bytes(prepared_) + heap_bytes(preparing_);
  for (const Prepared& each : prepared_) bytes += heap_bytes(each.text);
  for (const std::string& each : preparing_) bytes += heap_bytes(each);
  if (tls_ != nullptr) bytes += sizeof(TlsFollower) + tls_->held_bytes();
  return bytes;
}

}  // namespace weir
