// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/syslog_encoder.h"

#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "export/utc_text.h"

namespace weir {
namespace {

// PRINTUSASCII, at most 255 of them; "-" for nothing.
std::string header_word(const std::string& text) {
  constexpr size_t kMost = 255;
  std::string word = text.substr(0, kMost);
  for (char& c : word) {
    if (c <= ' ' || c > '~') c = '_';
  }
  return word.empty() ? "-" : word;
}

}  // namespace

SyslogEncoder::SyslogEncoder(const std::string& instance, SyslogFraming framing)
    : host_(header_word(instance)), framing_(framing) {}

void SyslogEncoder::add(const ExportedFlow& flow, const RecordContext& context,
                        std::vector<Message>& out) {
  constexpr int kPriority = 16 * 8 + 6;  // local0, informational
  std::string text = fmt::format("<{}>1 {} {} weir {} flow - ", kPriority,
                                 utc_text(flow.flow.last_seen), host_, getpid());
  append_flow_json(text, flow.flow, context);
  if (framing_ == SyslogFraming::kCounted) text = fmt::format("{} {}", text.size(), text);
  out.push_back({std::move(text), 1});
}

}  // namespace weir
