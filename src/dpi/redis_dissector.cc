// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/redis_dissector.h"

#include <algorithm>
#include <array>
#include <span>

#include "dpi/ascii_text.h"
#include "dpi/store_key.h"

namespace weir {
namespace {

constexpr uint16_t kPort = 6379;
constexpr size_t kLongestCommand = 24;

// In the order of their bytes, all of them.
constexpr std::string_view kWithSubcommand[] = {
    "ACL",      "CLIENT",   "CLUSTER", "COMMAND", "CONFIG", "DEBUG",
    "FUNCTION", "LATENCY",  "MEMORY",  "MODULE",  "OBJECT", "PUBSUB",
    "SCRIPT",   "SENTINEL", "SLOWLOG", "XGROUP",  "XINFO"};
constexpr std::string_view kWithoutKey[] = {
    "AUTH",     "BGREWRITEAOF", "BGSAVE",  "DBSIZE", "DISCARD",   "ECHO",      "EVAL",
    "EVALSHA",  "EVALSHA_RO",   "EVAL_RO", "EXEC",   "FAILOVER",  "FCALL",     "FCALL_RO",
    "FLUSHALL", "FLUSHDB",      "HELLO",   "INFO",   "KEYS",      "LASTSAVE",  "LOLWUT",
    "MIGRATE",  "MULTI",        "PING",    "QUIT",   "RANDOMKEY", "REPLICAOF", "RESET",
    "ROLE",     "SAVE",         "SCAN",    "SELECT", "SHUTDOWN",  "SLAVEOF",   "SWAPDB",
    "TIME",     "UNWATCH",      "WAIT"};
constexpr std::string_view kEndsReplies[] = {"MONITOR",    "PSUBSCRIBE", "PSYNC", "REPLCONF",
                                             "SSUBSCRIBE", "SUBSCRIBE",  "SYNC"};
static_assert(std::is_sorted(std::begin(kWithSubcommand), std::end(kWithSubcommand)));
static_assert(std::is_sorted(std::begin(kWithoutKey), std::end(kWithoutKey)));
static_assert(std::is_sorted(std::begin(kEndsReplies), std::end(kEndsReplies)));

bool is_among(std::span<const std::string_view> names, std::string_view name) {
  return std::binary_search(names.begin(), names.end(), name);
}

// "" for what is no command's name.
std::string upper_word(std::string_view word) {
  if (word.empty() || word.size() > kLongestCommand) return "";
  std::string upper(word);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const bool is_known = (c >= 'A' && c <= 'Z') || is_digit(c) || c == '.' || c == '_' || c == '-';
    if (!is_known) return "";
  }
  return upper;
}

// "*2\r\n$3\r\nG": a list of at least one string, as far as it is there.
bool begins_like_list(const ByteReader& bytes) {
  const std::string_view text = text_of(bytes).substr(0, 24);
  const size_t end = text.find("\r\n");
  if (!text.starts_with('*') || end == std::string_view::npos || end < 2) return false;
  const auto count = parse_decimal(text.substr(1, end - 1));
  if (!count || *count == 0) return false;
  const std::string_view rest = text.substr(end + 2);
  return rest.empty() || (rest.front() == '$' && (rest.size() == 1 || is_digit(rest[1])));
}

bool begins_like_inline(const ByteReader& bytes) {
  const std::string_view text = text_of(bytes);
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return false;
  std::string_view line = trimmed(text.substr(0, end - (end > 0 && text[end - 1] == '\r')));
  const std::string word = upper_word(take_word(line));
  return word == "PING" || word == "INFO" || word == "GET" || word == "SET" || word == "AUTH" ||
         word == "SELECT" || word == "CONFIG" || word == "COMMAND" || word == "KEYS";
}

}  // namespace

bool RedisDissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp || !payload.to_server) return false;
  return begins_like_list(payload.bytes) ||
         (payload.server_port == kPort && begins_like_inline(payload.bytes));
}

std::unique_ptr<Dissector> RedisDissector::create() {
  return std::make_unique<RedisDissector>();
}

Progress RedisDissector::feed(const Payload& payload, Findings& findings) {
  Side& side = payload.to_server ? client_ : server_;
  if (payload.has_gap && lose(side, findings) == Progress::kNotMine) return Progress::kNotMine;
  if (side.is_lost && !find_again(payload)) return Progress::kMore;
  ByteReader bytes = payload.bytes;
  for (;;) {
    switch (side.values.next(bytes)) {
      case RespReader::Event::kNone:
        if (!payload.to_server && side.values.is_inside() && side.values.type() != '>' &&
            exchanges_.is_waiting())
          exchanges_.answer_on(payload.when);
        return Progress::kMore;
      case RespReader::Event::kBroken:
        return lose(side, findings);
      case RespReader::Event::kValue:
        if (payload.to_server) {
          const Progress progress = take_command(side.values, payload.when, findings);
          if (progress != Progress::kMore) return progress;
        } else {
          take_reply(side.values, payload.when, findings);
        }
    }
  }
}

void RedisDissector::conclude(Findings& findings) {
  exchanges_.conclude(findings.transactions);
}

Progress RedisDissector::lose(Side& side, const Findings& findings) {
  side.is_lost = true;
  has_lost_track_ = true;
  side.values.clear();
  exchanges_.lose();
  return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
}

bool RedisDissector::find_again(const Payload& payload) {
  if (payload.to_server) {
    client_.is_lost = !begins_like_list(payload.bytes);
    if (!client_.is_lost) exchanges_.lose();
    return !client_.is_lost;
  }
  static constexpr std::string_view kFirstBytes = "+-:$*_#,(!=%~>|";
  server_.is_lost = !exchanges_.is_waiting() ||
                    kFirstBytes.find(text_of(payload.bytes).front()) == std::string_view::npos;
  return !server_.is_lost;
}

Progress RedisDissector::take_command(const RespReader& value, Timestamp when, Findings& findings) {
  const std::vector<std::string>& words = value.words();
  const std::string command = words.empty() ? "" : upper_word(words.front());
  if (command.empty()) {
    if (value.type() == 'i' && !findings.protocol.empty()) return Progress::kMore;
    return lose(client_, findings);
  }
  findings.protocol = "Redis";
  // AUTH [user] password
  if (command == "AUTH" && words.size() == 3)
    findings.metadata.add(MetadataField::kDatabaseUser, words[1]);
  if (command == "SELECT" && words.size() == 2)
    findings.metadata.add(MetadataField::kDatabaseName, words[1]);
  const bool ends_replies =
      is_among(kEndsReplies, command) ||
      (command == "CLIENT" && words.size() > 1 && is_same_word(words[1], "reply"));
  if (ends_replies) return Progress::kDone;
  exchanges_.ask(redis_transaction_key(words), when);
  return Progress::kMore;
}

void RedisDissector::take_reply(const RespReader& value, Timestamp when, Findings& findings) {
  if (value.type() == '>' || !exchanges_.is_waiting()) return;  // told without being asked
  exchanges_.answer_on(when);
  if (value.type() == '-' || value.type() == '!') exchanges_.fail();
  exchanges_.complete(findings.transactions);
}

std::string redis_transaction_key(const std::vector<std::string>& words) {
  std::string key = upper_word(words.front());
  if (words.size() < 2 || is_among(kWithoutKey, key)) return key;
  const bool has_subcommand = is_among(kWithSubcommand, key);
  const std::string argument = has_subcommand ? upper_word(words[1]) : store_key_pattern(words[1]);
  return argument.empty() ? key : key + " " + argument;
}

size_t RedisDissector::held_bytes() const {
  return server_.values.held_bytes() + client_.values.held_bytes() + exchanges_.held_bytes();
}

}  // namespace weir
