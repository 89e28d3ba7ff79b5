// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/sip_dissector.h"

#include <algorithm>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr std::string_view kMethods[] = {"INVITE",   "ACK",   "BYE",       "CANCEL", "OPTIONS",
                                         "REGISTER", "PRACK", "SUBSCRIBE", "NOTIFY", "PUBLISH",
                                         "INFO",     "REFER", "MESSAGE",   "UPDATE"};
constexpr std::string_view kVersion = "SIP/2.0";

bool is_method(std::string_view word) {
  return std::find(std::begin(kMethods), std::end(kMethods), word) != std::end(kMethods);
}

// "sip:a@b" of "\"A\" <sip:a@b>;tag=1" and of "sip:a@b;tag=1".
std::string_view address_in(std::string_view value) {
  const size_t start = value.find('<');
  if (start == std::string_view::npos) return trimmed(value.substr(0, value.find(';')));
  value.remove_prefix(start + 1);
  return value.substr(0, value.find('>'));
}

bool is_name(std::string_view name, std::string_view long_form, std::string_view short_form) {
  return is_same_word(name, long_form) || is_same_word(name, short_form);
}

}  // namespace

bool SipDissector::may_begin(const Payload& payload) {
  const auto first = static_cast<char>(payload.bytes.u8(0));
  if (first < 'A' || first > 'U') return false;
  std::string_view text = text_of(payload.bytes).substr(0, kMaxLineBytes);
  if (text.starts_with("SIP/2.0 ")) return true;
  if (!is_method(take_word(text))) return false;
  return starts_with_word(text, "sip:") || starts_with_word(text, "sips:") ||
         starts_with_word(text, "tel:");
}

std::unique_ptr<Dissector> SipDissector::create() {
  return std::make_unique<SipDissector>();
}

Progress SipDissector::take_line(bool to_server, std::string_view line, Findings& findings) {
  bool& is_in_head = is_in_head_[to_server ? 1 : 0];
  if (is_in_head) {
    is_in_head = !line.empty();
    take_field(line, findings);
    return !is_in_head && messages_ >= kMaxMessages ? Progress::kDone : Progress::kMore;
  }
  if (take_start_line(line, findings)) {
    is_in_head = true;
    media_[to_server ? 1 : 0].start();
    ++messages_;
    return Progress::kMore;
  }
  // Else the content of a message, or blank lines that keep a path open.
  if (!findings.protocol.empty()) media_[to_server ? 1 : 0].take_line(line, findings);
  return findings.protocol.empty() && !line.empty() ? Progress::kNotMine : Progress::kMore;
}

bool SipDissector::take_start_line(std::string_view line, Findings& findings) {
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  if (first == kVersion) {
    findings.protocol = "SIP";
    return true;
  }
  if (!is_method(first) || !rest.ends_with(kVersion)) return false;
  findings.protocol = "SIP";
  findings.metadata.add(MetadataField::kSipMethod, first);
  return true;
}

void SipDissector::take_field(std::string_view line, Findings& findings) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = trimmed(line.substr(0, colon));
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (is_name(name, "from", "f")) {
    add_party(MetadataField::kSipFrom, address_in(value), findings);
  } else if (is_name(name, "to", "t")) {
    add_party(MetadataField::kSipTo, address_in(value), findings);
  } else if (is_name(name, "call-id", "i")) {
    if (calls_ < kMaxCalls && findings.metadata.add(MetadataField::kSipCallId, value)) ++calls_;
  } else if (is_same_word(name, "user-agent")) {
    findings.metadata.add(MetadataField::kUserAgent, value);
  } else if (is_same_word(name, "server")) {
    findings.metadata.add(MetadataField::kSoftware, value);
  }
}

void SipDissector::add_party(MetadataField field, std::string_view value, Findings& findings) {
  if (parties_ < kMaxParties && findings.metadata.add(field, value)) ++parties_;
}

}  // namespace weir
