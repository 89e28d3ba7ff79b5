// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/rtsp_dissector.h"

#include <algorithm>

#include "dpi/ascii_text.h"
#include "dpi/http_head.h"
#include "net/ip_protocol.h"

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
    if (line.starts_with('$') && !findings.protocol.empty()) return Progress::kDone;
    if (!is_start_line(line))
      return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
    has_start_line = true;
    take_start_line(line, findings);
    return Progress::kMore;
  }
  if (line.empty()) {
    has_start_line = false;
    return end_head(to_server);
  }
  if (!to_server && starts_with_word(line, "transport:")) take_transport(line.substr(10), findings);
  const auto [field, value] = parse_http_field_line(line);
  if (field == HttpField::kUserAgent) findings.metadata.add(MetadataField::kUserAgent, value);
  if (field == HttpField::kServer) findings.metadata.add(MetadataField::kSoftware, value);
  return Progress::kMore;
}

Progress RtspDissector::end_head(bool to_server) {
  if (to_server) return Progress::kMore;
  return starts_media_ || ++responses_ >= kMaxResponses ? Progress::kDone : Progress::kMore;
}

// "RTP/AVP;unicast;client_port=4588-4589;server_port=6256-6257".
void RtspDissector::take_transport(std::string_view value, Findings& findings) {
  if (value.find("RTP/") == std::string_view::npos) return;
  while (!value.empty()) {
    const std::string_view part = trimmed(value.substr(0, value.find(';')));
    value.remove_prefix(std::min(value.size(), value.find(';')));
    if (!value.empty()) value.remove_prefix(1);
    const bool is_client = part.starts_with("client_port=");
    if (!is_client && !part.starts_with("server_port=")) continue;
    const std::string_view ports = part.substr(12);
    const auto port = parse_decimal(ports.substr(0, ports.find('-')));
    if (!port || *port == 0 || *port > UINT16_MAX) continue;
    findings.announce({is_client ? AnnouncedFlow::At::kClient : AnnouncedFlow::At::kServer,
                       {},
                       static_cast<uint16_t>(*port),
                       kProtocolUdp,
                       "RTP"});
  }
}

void RtspDissector::take_start_line(std::string_view line, Findings& findings) {
  findings.protocol = "RTSP";
  std::string_view rest = line;
  const std::string_view method = take_word(rest);
  if (method.starts_with("RTSP/")) return;
  starts_media_ = method == "PLAY" || method == "RECORD";
  const HttpTarget target = parse_http_target(take_word(rest));
  if (target.host.empty()) return;
  findings.metadata.add(MetadataField::kHttpUrl,
                        std::string(target.host) + std::string(target.path));
  findings.metadata.add(MetadataField::kServerName, host_without_port(target.host));
}

}  // namespace weir
