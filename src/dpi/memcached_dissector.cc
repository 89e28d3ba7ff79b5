// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/memcached_dissector.h"

#include <algorithm>
#include <iterator>

#include "dpi/ascii_text.h"
#include "dpi/store_key.h"

namespace weir {
namespace {

constexpr uint8_t kRequest = 0x80;
constexpr uint8_t kResponse = 0x81;
constexpr uint64_t kMaxValueBytes = uint64_t{1} << 30;  // as the server has it

enum class Shape : uint8_t {
  kNone,      // no command
  kPlain,     // name [key ...]
  kStorage,   // name key flags exptime bytes ...: data follows
  kGetTouch,  // name exptime key ...
  kKeyless,   // name ...
  kMeta,      // name key ...; "ms" has data
};

struct Command {
  std::string_view name;
  Shape shape;
};
constexpr Command kCommands[] = {
    {"get", Shape::kPlain},       {"gets", Shape::kPlain},        {"set", Shape::kStorage},
    {"add", Shape::kStorage},     {"replace", Shape::kStorage},   {"append", Shape::kStorage},
    {"prepend", Shape::kStorage}, {"cas", Shape::kStorage},       {"delete", Shape::kPlain},
    {"incr", Shape::kPlain},      {"decr", Shape::kPlain},        {"touch", Shape::kPlain},
    {"gat", Shape::kGetTouch},    {"gats", Shape::kGetTouch},     {"stats", Shape::kKeyless},
    {"version", Shape::kKeyless}, {"flush_all", Shape::kKeyless}, {"verbosity", Shape::kKeyless},
    {"mg", Shape::kMeta},         {"ms", Shape::kMeta},           {"md", Shape::kMeta},
    {"ma", Shape::kMeta},         {"me", Shape::kMeta},           {"mn", Shape::kKeyless},
};

Shape shape_of(std::string_view name) {
  for (const Command& each : kCommands) {
    if (each.name == name) return each.shape;
  }
  return Shape::kNone;
}

// By opcode of the binary protocol; those that end with Q are quiet.
constexpr std::string_view kBinaryNames[] = {
    "get",    "set",       "add",   "replace",   "delete",    "incr",      "decr",
    "quit",   "flush_all", "get",   "noop",      "version",   "get",       "get",
    "append", "prepend",   "stats", "set",       "add",       "replace",   "delete",
    "incr",   "decr",      "quit",  "flush_all", "append",    "prepend",   "verbosity",
    "touch",  "gat",       "gat",   "",          "sasl_list", "sasl_auth", "sasl_step"};
constexpr uint8_t kBinaryVersion = 0x0b;
constexpr uint8_t kBinaryStats = 0x10;

// NOT_FOUND, EXISTS, NOT_STORED and "more of SASL" are answers.
bool is_binary_error(uint16_t status) {
  return status != 0 && status != 1 && status != 2 && status != 5 && status != 0x21;
}

std::optional<uint64_t> binary_length(const ByteReader& header) {
  const uint64_t extra = uint64_t{header.u16(2)} + header.u8(4);
  const bool is_known = header.u8(0) == kRequest || header.u8(0) == kResponse;
  if (!is_known || header.u32(8) < extra || header.u32(8) > kMaxValueBytes) return std::nullopt;
  return header.u32(8);
}

bool begins_like_binary(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  const uint8_t magic = payload.to_server ? kRequest : kResponse;
  const bool is_header = bytes.can_read(24) && bytes.u8(0) == magic &&
                         bytes.u8(1) < std::size(kBinaryNames) && bytes.u8(5) == 0 &&
                         bytes.u16(6) < 0x100 && bytes.u32(8) < 0x100000 &&
                         binary_length(bytes).has_value();
  if (!is_header) return false;
  const size_t size = size_t{24} + bytes.u32(8);
  return size >= bytes.remaining() || bytes.u8(size) == magic;
}

bool begins_like_text(const ByteReader& bytes) {
  const std::string_view text = text_of(bytes).substr(0, 512);
  const size_t end = text.find("\r\n");
  if (end == std::string_view::npos) return false;
  std::string_view line = text.substr(0, end);
  const std::string_view name = take_word(line);
  const Shape shape = shape_of(name);
  const bool is_word = std::all_of(line.begin(), line.end(), [](char c) { return c >= ' '; });
  if (!is_word || shape == Shape::kNone || shape == Shape::kMeta) return false;
  if (shape == Shape::kKeyless) return line.empty() && name != "version";
  if (shape != Shape::kStorage) return !line.empty() && line.front() != '/';
  static_cast<void>(take_word(line));
  const auto flags = parse_decimal(take_word(line));
  const std::string_view time = take_word(line);
  return flags && !time.empty() && parse_decimal(take_word(line)).has_value();
}

bool is_error(std::string_view word) {
  return word == "ERROR" || word == "CLIENT_ERROR" || word == "SERVER_ERROR";
}

// The word after `count` others.
std::string_view word_after(std::string_view text, size_t count) {
  for (; count > 0; --count) static_cast<void>(take_word(text));
  return take_word(text);
}

}  // namespace

bool MemcachedDissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp) return false;
  return begins_like_binary(payload) || (payload.to_server && begins_like_text(payload.bytes));
}

std::unique_ptr<Dissector> MemcachedDissector::create() {
  return std::make_unique<MemcachedDissector>();
}

Progress MemcachedDissector::feed(const Payload& payload, Findings& findings) {
  if (payload.has_gap) {
    exchanges_.lose();
    return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
  }
  if (form_ == Form::kUnknown) {
    const uint8_t first = payload.bytes.u8(0);
    form_ = first == kRequest || first == kResponse ? Form::kBinary : Form::kText;
  }
  Side& side = payload.to_server ? client_ : server_;
  return form_ == Form::kBinary ? feed_binary(side, payload, findings)
                                : feed_text(side, payload, findings);
}

void MemcachedDissector::conclude(Findings& findings) {
  exchanges_.conclude(findings.transactions);
}

Progress MemcachedDissector::feed_text(Side& side, const Payload& payload, Findings& findings) {
  ByteReader bytes = payload.bytes;
  while (!bytes.empty()) {
    if (side.data > 0) {
      const auto count = static_cast<size_t>(std::min<uint64_t>(side.data, bytes.remaining()));
      bytes.skip(count);
      side.data -= count;
      continue;
    }
    const auto line = side.lines.next(bytes);
    if (!line) break;
    const Progress progress = payload.to_server ? take_command(side, *line, payload.when, findings)
                                                : take_answer(side, *line, payload.when, findings);
    if (progress != Progress::kMore) return progress;
  }
  return Progress::kMore;
}

Progress MemcachedDissector::take_command(Side& side, std::string_view line, Timestamp when,
                                          Findings& findings) {
  std::string_view rest = line;
  const std::string_view name = take_word(rest);
  const Shape shape = shape_of(name);
  if (shape == Shape::kNone) {
    if (findings.protocol.empty()) return Progress::kNotMine;
    if (!name.empty() && name != "quit") exchanges_.ask("", when);  // the answer is ERROR
    return Progress::kMore;
  }
  findings.protocol = "Memcached";
  std::string key(name);
  const std::string_view own = word_after(rest, shape == Shape::kGetTouch ? 1 : 0);
  if (shape != Shape::kKeyless && !own.empty()) key += " " + store_key_pattern(own);
  const bool has_data = shape == Shape::kStorage || name == "ms";
  if (has_data) {
    const auto size = parse_decimal(word_after(rest, name == "ms" ? 1 : 3));
    if (!size || *size > kMaxValueBytes) return Progress::kDone;
    side.data = *size + 2;
  }
  if (rest.ends_with(" noreply")) return Progress::kMore;
  if (shape == Shape::kMeta && (rest.ends_with(" q") || contains_word(rest, " q ")))
    return Progress::kDone;
  exchanges_.ask(std::move(key), when);
  return Progress::kMore;
}

// Values and statistics go on to END; anything else is an answer in one line.
Progress MemcachedDissector::take_answer(Side& side, std::string_view line, Timestamp when,
                                         Findings& findings) {
  if (!exchanges_.is_waiting()) return Progress::kMore;
  exchanges_.answer_on(when);
  std::string_view rest = line;
  const std::string_view word = take_word(rest);
  if (word == "VALUE" || word == "VA") {
    const auto size = parse_decimal(word_after(rest, word == "VALUE" ? 2 : 0));
    if (!size || *size > kMaxValueBytes) return Progress::kDone;
    side.data = *size + 2;
    if (word == "VALUE") return Progress::kMore;
  }
  if (word == "STAT") return Progress::kMore;
  if (word == "VERSION")
    findings.metadata.add(MetadataField::kSoftware, "memcached " + std::string(rest));
  if (is_error(word)) exchanges_.fail();
  exchanges_.complete(findings.transactions);
  return Progress::kMore;
}

Progress MemcachedDissector::feed_binary(Side& side, const Payload& payload, Findings& findings) {
  ByteReader bytes = payload.bytes;
  while (side.messages.next(bytes, binary_length)) {
    const ByteReader message = side.messages.message();
    const bool is_request = message.u8(0) == kRequest;
    if (is_request != payload.to_server || message.u8(1) >= std::size(kBinaryNames))
      return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
    findings.protocol = "Memcached";
    if (is_request) {
      take_request(message, payload.when);
    } else {
      take_response(message, payload.when, findings);
    }
  }
  if (!side.messages.is_broken()) return Progress::kMore;
  return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
}

void MemcachedDissector::take_request(const ByteReader& message, Timestamp when) {
  std::string key(kBinaryNames[message.u8(1)]);
  if (key.starts_with("sasl")) {
    exchanges_.ask(std::move(key), when, message.u32(12));
    return;
  }
  ByteReader name = message;
  name.skip(size_t{24} + message.u8(4));
  name.truncate(message.u16(2));
  if (!name.empty()) key += " " + store_key_pattern(text_of(name));
  // Whoever pipelines more than is remembered goes on with the next batch.
  if (exchanges_.has_uncounted()) exchanges_.lose();
  exchanges_.ask(std::move(key), when, message.u32(12));
}

// The opaque number says whose answer it is; what stands before that in the queue was quiet.
void MemcachedDissector::take_response(const ByteReader& message, Timestamp when,
                                       Findings& findings) {
  while (exchanges_.is_waiting() && exchanges_.tag() != message.u32(12)) exchanges_.drop();
  if (!exchanges_.is_waiting()) return;
  exchanges_.answer_on(when);
  const uint8_t command = message.u8(1);
  if (is_binary_error(message.u16(6))) {
    exchanges_.fail();
  } else if (command == kBinaryStats && message.u32(8) > 0) {
    return;  // an empty one is the last
  } else if (command == kBinaryVersion) {
    ByteReader version = message;
    version.skip(24);
    findings.metadata.add(MetadataField::kSoftware, "memcached " + std::string(text_of(version)));
  }
  exchanges_.complete(findings.transactions);
}

size_t MemcachedDissector::held_bytes() const {
  size_t bytes = exchanges_.held_bytes();
  for (const Side* side : {&server_, &client_})
    bytes += side->lines.held_bytes() + side->messages.held_bytes();
  return bytes;
}

}  // namespace weir
