// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/rtsp_dissector.h"

#include <algorithm>

#include "dpi/ascii_text.h"
#include "dpi/http_head.h"

namespace weir {
namespace {

constexpr std::string_view kMethods[] = {"OPTIONS",       "DESCRIBE",      "SETUP",   "PLAY",
                                         "PAUSE",         "TEARDOWN",      "RECORD",  "ANNOUNCE",
                                         "GET_PARAMETER", "SET_PARAMETER", "REDIRECT"};

bool is_start_line(std::string_view line) {
  if (line.starts_with("RTSP/1.0 ") || line.starts_with("RTSP/2.0 ")) return true;
  std::string_view rest = line;
  return std::find(std::begin(kMethods), std::end(kMethods), take_word(rest)) !=
             std::end(kMethods) &&
         rest.find(" RTSP/") != std::string_view::npos;
}

}  // namespace

bool RtspDissector::may_begin(const Payload& payload) {
  const auto first = static_cast<char>(payload.bytes.u8(0));
  if (!payload.is_tcp || first < 'A' || first > 'T') return false;
  const std::string_view text = text_of(payload.bytes).substr(0, kMaxLineBytes);
  return is_start_line(text.substr(0, text.find('\r')));
}

std::unique_ptr<Dissector> RtspDissector::create() {
  return std::make_unique<RtspDissector>();
}

Progress RtspDissector::take_line(bool to_server, std::string_view line, Findings& findings) {
  bool& has_start_line = has_start_line_[to_server ? 1 : 0];
  if (!has_start_line) {
    if (!is_start_line(line))
      return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
    has_start_line = true;
    take_start_line(line, findings);
    return Progress::kMore;
  }
  if (line.empty()) return to_server ? Progress::kMore : Progress::kDone;
  const auto [field, value] = parse_http_field_line(line);
  if (field == HttpField::kUserAgent) findings.metadata.add(MetadataField::kUserAgent, value);
  if (field == HttpField::kServer) findings.metadata.add(MetadataField::kSoftware, value);
  return Progress::kMore;
}

void RtspDissector::take_start_line(std::string_view line, Findings& findings) {
  findings.protocol = "RTSP";
  std::string_view rest = line;
  if (take_word(rest).starts_with("RTSP/")) return;
  const HttpTarget target = parse_http_target(take_word(rest));
  if (target.host.empty()) return;
  findings.metadata.add(MetadataField::kHttpUrl,
                        std::string(target.host) + std::string(target.path));
  findings.metadata.add(MetadataField::kServerName, host_without_port(target.host));
}

}  // namespace weir
