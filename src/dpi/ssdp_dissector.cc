// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ssdp_dissector.h"

#include "dpi/ascii_text.h"
#include "dpi/http_head.h"

namespace weir {
namespace {

constexpr uint16_t kPort = 1900;

}  // namespace

bool SsdpDissector::may_begin(const Payload& payload) {
  if (payload.is_tcp) return false;
  const std::string_view text = text_of(payload.bytes);
  const bool has_port = payload.server_port == kPort || payload.client_port == kPort;
  return text.starts_with("M-SEARCH * HTTP/1.") || text.starts_with("NOTIFY * HTTP/1.") ||
         (has_port && text.starts_with("HTTP/1.1 200 "));
}

std::unique_ptr<Dissector> SsdpDissector::create() {
  return std::make_unique<SsdpDissector>();
}

Progress SsdpDissector::take_line(bool, std::string_view line, Findings& findings) {
  if (!is_in_head_) {
    const auto request = parse_http_request_line(line, false);
    if (!request && !parse_http_status_line(line))
      return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
    findings.protocol = "SSDP";
    if (request) findings.metadata.add(MetadataField::kHttpMethod, request->method);
    is_in_head_ = true;
    return ++messages_ > kMaxMessages ? Progress::kDone : Progress::kMore;
  }
  const auto [field, value] = parse_http_field_line(line);
  if (field == HttpField::kHost) findings.metadata.add(MetadataField::kHttpHost, value);
  if (field == HttpField::kUserAgent) findings.metadata.add(MetadataField::kUserAgent, value);
  if (field == HttpField::kServer) findings.metadata.add(MetadataField::kHttpServer, value);
  return Progress::kMore;
}

}  // namespace weir
