// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "dpi/ascii_text.h"
#include "dpi/dissector.h"

namespace weir {

struct SeenTransaction {
  std::string protocol;
  std::string key;
  uint32_t asked = 0;  // seconds
  uint32_t answered = 0;
  uint32_t completed = 0;
  bool is_error = false;
  bool has_answer = true;

  bool operator==(const SeenTransaction&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const SeenTransaction& each) {
  return out << each.protocol << " " << each.key << " " << each.asked << " " << each.answered << " "
             << each.completed << (each.is_error ? " error" : "")
             << (each.has_answer ? "" : " unanswered");
}

class TransactionList : public TransactionSink {
 public:
  void accept(const Transaction& each) override {
    seen.push_back({std::string(each.protocol), std::string(each.key), each.asked.seconds,
                    each.answered.seconds, each.completed.seconds, each.is_error, each.has_answer});
  }
  std::vector<SeenTransaction> seen;
};

// What two sides said, for a dissector to hear: piece by piece, or each piece cut into smaller
// ones. Each piece comes a second after the one before it, the first one at second 1.
class Conversation {
 public:
  using Create = std::unique_ptr<Dissector> (*)();

  explicit Conversation(Create create, bool is_tcp = true) : create_(create), is_tcp_(is_tcp) {}

  Conversation& ports(uint16_t client, uint16_t server) {
    client_port_ = client;
    server_port_ = server;
    return *this;
  }
  Conversation& client(std::string_view bytes) { return add(bytes, true, false); }
  Conversation& server(std::string_view bytes) { return add(bytes, false, false); }
  // Bytes of the side were missed before these.
  Conversation& client_after_gap(std::string_view bytes) { return add(bytes, true, true); }
  Conversation& server_after_gap(std::string_view bytes) { return add(bytes, false, true); }

  [[nodiscard]] Payload payload(size_t index) const {
    const Piece& piece = pieces_.at(index);
    return payload_of(piece, piece.bytes, index + 1, true);
  }
  // Hears it all, in parts of at most `max_bytes`.
  void hear(size_t max_bytes = SIZE_MAX) {
    findings = {};
    transactions.seen.clear();
    if (is_counted) findings.transactions = &transactions;
    const auto dissector = create_();
    progress = Progress::kMore;
    for (size_t i = 0; i < pieces_.size() && progress == Progress::kMore; ++i) {
      hear_piece(*dissector, i, max_bytes);
    }
    if (ends && progress == Progress::kMore) dissector->conclude(findings);
  }
  [[nodiscard]] std::string_view first(MetadataField field) const {
    return findings.metadata.first(field);
  }
  // All values of a field, joined by blanks.
  [[nodiscard]] std::string all(MetadataField field) const {
    std::string text;
    for (const MetadataEntry& entry : findings.metadata.entries()) {
      if (entry.field != field) continue;
      if (!text.empty()) text += ' ';
      text += entry.value;
    }
    return text;
  }

  Findings findings;
  TransactionList transactions;
  Progress progress = Progress::kMore;
  bool is_counted = true;  // whether there is a sink for transactions
  bool ends = false;       // whether the flow is over after the last piece

 private:
  struct Piece {
    std::string bytes;
    bool to_server;
    bool has_gap;
    bool is_first;  // of its side
  };

  Conversation& add(std::string_view bytes, bool to_server, bool has_gap) {
    bool is_first = true;
    for (const Piece& piece : pieces_) is_first = is_first && piece.to_server != to_server;
    pieces_.push_back({std::string(bytes), to_server, has_gap, is_first});
    return *this;
  }
  [[nodiscard]] Payload payload_of(const Piece& piece, std::string_view bytes, size_t second,
                                   bool is_start) const {
    Payload payload;
    payload.bytes = ByteReader(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    payload.to_server = piece.to_server;
    payload.is_tcp = is_tcp_;
    payload.is_stream_start = is_tcp_ && piece.is_first && is_start && !piece.has_gap;
    payload.has_gap = piece.has_gap && is_start;
    payload.client_port = client_port_;
    payload.server_port = server_port_;
    payload.when = {static_cast<uint32_t>(second), 0};
    return payload;
  }
  void hear_piece(Dissector& dissector, size_t index, size_t max_bytes) {
    const Piece& piece = pieces_[index];
    for (size_t at = 0; at < piece.bytes.size() && progress == Progress::kMore; at += max_bytes) {
      // A copy of its own size: the sanitizer sees a read beyond the part.
      const std::string part = piece.bytes.substr(at, max_bytes);
      const std::vector<uint8_t> bytes(part.begin(), part.end());
      const std::string_view view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      progress = dissector.feed(payload_of(piece, view, index + 1, at == 0), findings);
      if (max_bytes > piece.bytes.size()) return;
    }
  }

  Create create_;
  bool is_tcp_;
  uint16_t client_port_ = 40000;
  uint16_t server_port_ = 4711;
  std::vector<Piece> pieces_;
};

}  // namespace weir
