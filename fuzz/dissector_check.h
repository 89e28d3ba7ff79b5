// SPDX-License-Identifier: GPL-3.0-or-later
// What every dissector must keep, whatever it hears: its memory stays under the bound, it says
// nothing that the contract forbids, and over TCP it finds the same wherever packets split the
// stream. Replaces operator new, so only one file of a program may include it.
#pragma once

#include <malloc.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "dpi/dissector.h"
#include "property.h"

namespace weir::fuzz {

inline size_t live_bytes = 0;

}  // namespace weir::fuzz

// NOLINTBEGIN(misc-definitions-in-headers): each target is one file that includes this once
void* operator new(size_t size) {
  void* bytes = std::malloc(size);
  if (bytes == nullptr) std::abort();
  weir::fuzz::live_bytes += malloc_usable_size(bytes);
  return bytes;
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return operator new(size);
}
void operator delete(void* bytes) noexcept {
  weir::fuzz::live_bytes -= malloc_usable_size(bytes);
  std::free(bytes);
}
void operator delete(void* bytes, size_t) noexcept {
  operator delete(bytes);
}
// NOLINTEND(misc-definitions-in-headers)

namespace weir::fuzz {

using SeenTransaction = std::tuple<std::string, std::string, uint32_t, uint32_t, uint32_t, bool>;

// Room is made before the dissector runs: what it counts as its own must not be ours.
class TransactionList : public TransactionSink {
 public:
  void accept(const Transaction& each) override {
    const size_t before = live_bytes;
    seen.emplace_back(each.protocol, each.key, each.asked.seconds, each.answered.seconds,
                      each.completed.seconds, each.is_error);
    bytes += live_bytes - before;
    require(each.asked <= each.answered && each.answered <= each.completed);
  }
  std::vector<SeenTransaction> seen;
  size_t bytes = 0;
};

// One packet of the conversation: who sent it and its payload.
struct Piece {
  bool to_server = false;
  bool has_gap = false;
  std::vector<uint8_t> bytes;
};

// The input as packets: a byte of flags (1: to the server, 2: bytes are missing before), two of the
// length, the payload.
inline std::vector<Piece> pieces_of(ByteReader input) {
  std::vector<Piece> pieces;
  while (input.can_read(3) && pieces.size() < 256) {
    Piece piece;
    piece.to_server = (input.u8(0) & 1) != 0;
    piece.has_gap = (input.u8(0) & 2) != 0;
    ByteReader bytes = input;
    bytes.skip(3);
    bytes.truncate(input.u16(1));
    piece.bytes.assign(bytes.rest().begin(), bytes.rest().end());
    input.skip(3 + bytes.remaining());
    if (!piece.bytes.empty()) pieces.push_back(std::move(piece));
  }
  return pieces;
}

struct Ports {
  uint16_t client = 40000;
  uint16_t server = 4711;
};

struct Outcome {
  Progress progress = Progress::kMore;
  std::string protocol;
  std::string application;
  std::vector<std::pair<MetadataField, std::string>> metadata;
  std::vector<SeenTransaction> transactions;

  bool operator==(const Outcome&) const = default;
};

inline size_t heap_of(const std::string& text) {
  const auto* object = reinterpret_cast<const char*>(&text);
  const bool is_inside = text.data() >= object && text.data() < object + sizeof(text);
  return is_inside ? 0 : malloc_usable_size(const_cast<char*>(text.data()));
}

inline size_t heap_of(const Findings& findings) {
  size_t bytes = findings.metadata.allocated();
  const auto& names = findings.learnt_names;
  if (names.capacity() > 0)
    bytes += malloc_usable_size(const_cast<std::pair<IpAddress, std::string>*>(names.data()));
  for (const auto& [address, name] : names) bytes += heap_of(name);
  return bytes;
}

// Hears the pieces, each in parts whose sizes `splits` says in turn (empty: whole), and tells what
// was found. The dissector is left in `dissector`.
inline Outcome hear(Dissector& dissector, size_t own_bytes_before, const std::vector<Piece>& pieces,
                    const std::vector<uint8_t>& splits, bool is_tcp, Ports ports) {
  Findings findings;
  TransactionList transactions;
  findings.transactions = &transactions;
  Outcome outcome;
  bool has_spoken[2] = {false, false};
  size_t split = 0;
  for (size_t i = 0; i < pieces.size() && outcome.progress == Progress::kMore; ++i) {
    const Piece& piece = pieces[i];
    size_t at = 0;
    while (at < piece.bytes.size() && outcome.progress == Progress::kMore) {
      const size_t size = splits.empty() ? piece.bytes.size() : 1 + splits[split++ % splits.size()];
      const size_t end = std::min(piece.bytes.size(), at + size);
      const size_t copy_before = live_bytes;
      // A copy of its own size: the sanitizer sees a read beyond it.
      const std::vector<uint8_t> bytes(piece.bytes.begin() + at, piece.bytes.begin() + end);
      const size_t copy_bytes = live_bytes - copy_before;
      Payload payload;
      payload.bytes = ByteReader(bytes);
      payload.to_server = piece.to_server;
      payload.is_tcp = is_tcp;
      payload.is_stream_start = is_tcp && !has_spoken[piece.to_server];
      payload.has_gap = piece.has_gap && at == 0;
      payload.client_port = ports.client;
      payload.server_port = ports.server;
      payload.when = {static_cast<uint32_t>(i + 1), 0};
      has_spoken[piece.to_server] = true;
      outcome.progress = dissector.feed(payload, findings);
      const size_t others = heap_of(findings) + transactions.bytes + copy_bytes;
      require(live_bytes <= own_bytes_before + others + Dissector::kMaxBytes);
      require(live_bytes <=
              own_bytes_before + others + Dissector::kOwnBytes + dissector.held_bytes());
      at = end;
    }
  }
  if (outcome.progress == Progress::kMore) dissector.conclude(findings);
  if (outcome.progress == Progress::kDone) require(!findings.protocol.empty());
  outcome.protocol = findings.protocol;
  outcome.application = findings.application;
  for (const MetadataEntry& entry : findings.metadata.entries())
    outcome.metadata.emplace_back(entry.field, entry.value);
  outcome.transactions = transactions.seen;
  return outcome;
}

// Makes a dissector and lets it hear. It is left in `dissector`.
template <typename D>
Outcome hear(const std::vector<Piece>& pieces, const std::vector<uint8_t>& splits, bool is_tcp,
             Ports ports, std::unique_ptr<D>& dissector) {
  const size_t before = live_bytes;
  dissector = std::make_unique<D>();
  return hear(*dissector, before, pieces, splits, is_tcp, ports);
}

// How packets are split: sizes less one, in turn.
using Splits = std::vector<uint8_t>;
using Check = void (*)(const std::vector<Piece>& pieces, const Splits& splits);

// Over TCP: the same however it is split.
template <typename D>
void check_stream(const std::vector<Piece>& pieces, const Splits& splits) {
  std::unique_ptr<D> dissector;
  const Outcome whole = hear(pieces, {}, true, {}, dissector);
  require(whole == hear(pieces, splits, true, {}, dissector));
}

template <typename D, Ports kPorts = Ports{}>
void check_datagrams(const std::vector<Piece>& pieces, const Splits&) {
  std::unique_ptr<D> dissector;
  static_cast<void>(hear(pieces, {}, false, kPorts, dissector));
}

// An input is a byte that says which of `checks`, one that says how packets are split, and pieces.
inline void check_input(std::span<const Check> checks, ByteReader input) {
  const Check check = checks[input.u8(0) % checks.size()];
  const Splits splits{input.u8(1), static_cast<uint8_t>(input.u8(1) / 7)};
  input.skip(2);
  check(pieces_of(input), splits);
}

}  // namespace weir::fuzz
