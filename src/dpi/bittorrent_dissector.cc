// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/bittorrent_dissector.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr std::string_view kGreeting =
    "\x13"
    "BitTorrent protocol";
constexpr size_t kHashBytes = 20;
constexpr size_t kHashOffset = 28;
constexpr size_t kPeerOffset = 48;

void add_hash(const ByteReader& bytes, size_t offset, Findings& findings) {
  if (bytes.can_read(offset + kHashBytes)) {
    ByteReader hash = bytes;
    hash.skip(offset);
    findings.metadata.add(MetadataField::kBittorrentHash, to_hex(hash.data(), kHashBytes));
  }
}

bool is_letter_or_digit(char c) {
  return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

// BEP 20: "-TR2940-" and twelve random bytes; other ways to say it are no plain text.
void add_program(std::string_view peer, Findings& findings) {
  constexpr size_t kName = 8;
  const std::string_view name = peer.substr(0, kName);
  if (name.size() < kName || name.front() != '-' || name.back() != '-') return;
  if (std::ranges::all_of(name.substr(1, kName - 2), is_letter_or_digit))
    findings.metadata.add(MetadataField::kSoftware, name.substr(1, kName - 2));
}

void read_handshake(const ByteReader& bytes, Findings& findings) {
  findings.protocol = "BitTorrent";
  add_hash(bytes, kHashOffset, findings);
  add_program(text_of(bytes).substr(std::min(kPeerOffset, bytes.remaining())), findings);
}

// A message of the distributed table is a dictionary of bencoding: its keys stand in order, so what
// is asked ("a") or answered ("r", "e") comes first.
bool is_table_message(const ByteReader& bytes) {
  const std::string_view text = text_of(bytes);
  return text.starts_with("d1:ad2:id20:") || text.starts_with("d1:rd2:id20:") ||
         text.starts_with("d2:ip6:");
}

bool is_local_discovery(const ByteReader& bytes) {
  return text_of(bytes).starts_with("BT-SEARCH * HTTP/1.1\r\n");
}

// Version 1 in the low bits, a type that there is in the high ones.
size_t utp_header(const ByteReader& bytes) {
  constexpr size_t kHeader = 20;
  constexpr unsigned kMostType = 4;
  if ((bytes.u8(0) & 0x0f) != 1 || bytes.u8(0) >> 4 > kMostType) return 0;
  const size_t extension = bytes.u8(1) == 0 ? 0 : 2 + size_t{bytes.u8(kHeader + 1)};
  return kHeader + extension;
}

// Data with a handshake at its start.
bool has_utp_handshake(const ByteReader& bytes, ByteReader& content) {
  const size_t header = utp_header(bytes);
  if (header == 0) return false;
  content = bytes;
  content.skip(header);
  return text_of(content).starts_with(kGreeting);
}

// A connection begins with no data: sequence number 1 and nothing to acknowledge.
bool is_utp_syn(const ByteReader& bytes) {
  constexpr uint8_t kSyn = 0x41;
  return bytes.u8(0) == kSyn && utp_header(bytes) == bytes.remaining() && bytes.u16(16) == 1 &&
         bytes.u16(18) == 0 && bytes.u32(8) == 0;
}

}  // namespace

bool BittorrentDissector::may_begin(const Payload& payload) {
  return payload.is_tcp && text_of(payload.bytes).starts_with(kGreeting);
}

std::unique_ptr<Dissector> BittorrentDissector::create() {
  return std::make_unique<BittorrentDissector>();
}

Progress BittorrentDissector::feed(const Payload& payload, Findings& findings) {
  Side& side = sides_[payload.to_server ? 1 : 0];
  if (payload.has_gap) return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
  const size_t taken = std::min(kHandshake - side.size, payload.bytes.remaining());
  const auto room = std::span(side.bytes).subspan(side.size);
  static_cast<void>(payload.bytes.copy(0, room.data(), taken));
  side.size += taken;
  const ByteReader bytes(side.bytes.data(), side.size);
  const std::string_view start = text_of(bytes).substr(0, kGreeting.size());
  if (start != kGreeting.substr(0, start.size()))
    return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
  if (start.size() == kGreeting.size()) findings.protocol = "BitTorrent";
  if (side.size == kHandshake) read_handshake(bytes, findings);
  const bool are_both = sides_[0].size == kHandshake && sides_[1].size == kHandshake;
  // One side alone may be all that is ever seen.
  constexpr size_t kPatience = 16384;
  side.behind += payload.bytes.remaining() - taken;
  return are_both || side.behind >= kPatience ? Progress::kDone : Progress::kMore;
}

bool BittorrentUdpDissector::may_begin(const Payload& payload) {
  ByteReader content;
  return !payload.is_tcp &&
         (is_table_message(payload.bytes) || is_local_discovery(payload.bytes) ||
          is_utp_syn(payload.bytes) || has_utp_handshake(payload.bytes, content));
}

std::unique_ptr<Dissector> BittorrentUdpDissector::create() {
  return std::make_unique<BittorrentUdpDissector>();
}

Progress BittorrentUdpDissector::feed(const Payload& payload, Findings& findings) {
  constexpr std::string_view kAsked = "9:info_hash20:";
  constexpr std::string_view kAnnounced = "Infohash: ";
  const ByteReader& bytes = payload.bytes;
  const std::string_view text = text_of(bytes);
  const uint32_t before = findings.metadata.revision();
  findings.protocol = "BitTorrent";
  ByteReader content;
  if (is_table_message(bytes)) {
    const size_t key = text.find(kAsked);
    if (key != std::string_view::npos) add_hash(bytes, key + kAsked.size(), findings);
  } else if (is_local_discovery(bytes)) {
    const size_t key = text.find(kAnnounced);
    if (key != std::string_view::npos)
      findings.metadata.add(MetadataField::kBittorrentHash,
                            to_lower(text.substr(key + kAnnounced.size(), 2 * kHashBytes)));
  } else if (has_utp_handshake(bytes, content)) {
    read_handshake(content, findings);
  }
  if (findings.metadata.revision() != before) ++hashes_;
  return hashes_ < kMaxHashes && ++datagrams_ < kMaxDatagrams ? Progress::kMore : Progress::kDone;
}

}  // namespace weir
