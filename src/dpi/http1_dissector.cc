// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http1_dissector.h"

#include <utility>

#include "dpi/ascii_text.h"
#include "dpi/heap_bytes.h"
#include "dpi/http2_dissector.h"

namespace weir {
namespace {

// What a content type says of the application.
std::string_view application_of(std::string_view content_type) {
  if (starts_with_word(content_type, "application/ocsp-re")) return "OCSP";
  if (starts_with_word(content_type, "application/dns-message")) return "DoH_DoT";
  return "";
}

HttpBody body_of(bool is_chunked, std::optional<uint64_t> length) {
  if (is_chunked) return HttpBody::chunked();
  return length ? HttpBody::of_length(*length) : HttpBody::none();
}

}  // namespace

bool Http1Dissector::may_begin(const Payload& payload) {
  return payload.is_tcp &&
         (begins_like_http_request(payload.bytes) || begins_like_http_response(payload.bytes));
}

std::unique_ptr<Dissector> Http1Dissector::create() {
  return std::make_unique<Http1Dissector>();
}

Progress Http1Dissector::feed(const Payload& payload, Findings& findings) {
  if (successor_) return successor_->feed(payload, findings);
  Side& side = sides_[payload.to_server ? 1 : 0];
  if (payload.has_gap || side.state == State::kLost) find_again(side, payload, findings);
  ByteReader bytes = payload.bytes;
  while (!bytes.empty() && side.state != State::kLost) {
    const Progress progress = take(side, bytes, payload, findings);
    if (progress != Progress::kMore) return progress;
    if (successor_) return hand_over(bytes, payload, findings);
  }
  const bool is_enough = findings.transactions == nullptr && urls_ == kMaxUrls;
  return is_enough ? Progress::kDone : Progress::kMore;
}

void Http1Dissector::conclude(Findings& findings) {
  if (successor_) return successor_->conclude(findings);
  exchanges_.conclude(findings.transactions);
}

uint64_t Http1Dissector::unneeded(bool to_server) const {
  const Side& side = sides_[to_server ? 1 : 0];
  return successor_ == nullptr && side.state == State::kBody ? side.body.unneeded() : 0;
}

void Http1Dissector::pass(bool to_server, uint64_t bytes, Timestamp when) {
  Side& side = sides_[to_server ? 1 : 0];
  side.body.pass(bytes);
  note_content(side, when);
}

Progress Http1Dissector::hand_over(const ByteReader& bytes, const Payload& payload,
                                   Findings& findings) {
  if (bytes.empty()) return Progress::kMore;
  Payload rest = payload;
  rest.bytes = bytes;
  return successor_->feed(rest, findings);
}

void Http1Dissector::lose(Side& side, Findings& findings) {
  exchanges_.lose(is_request_side(side), findings.transactions);
  side.state = State::kLost;
  has_lost_track_ = true;
}

void Http1Dissector::find_again(Side& side, const Payload& payload, Findings& findings) {
  if (payload.has_gap) {
    if (side.state == State::kBody && side.body.is_until_close()) return;
    exchanges_.lose(is_request_side(side), findings.transactions);
    side.lines.clear();
  }
  const bool is_head =
      begins_like_http_request(payload.bytes) || begins_like_http_response(payload.bytes);
  side.state = is_head ? State::kStart : State::kLost;
}

Progress Http1Dissector::take(Side& side, ByteReader& bytes, const Payload& payload,
                              Findings& findings) {
  if (side.state != State::kBody) return take_head(side, bytes, payload, findings);
  take_body(side, bytes, payload, findings);
  return Progress::kMore;
}

Progress Http1Dissector::take_head(Side& side, ByteReader& bytes, const Payload& payload,
                                   Findings& findings) {
  if (side.state == State::kStart && side.lines.begun().empty()) {
    side.head = {};
    side.head.began = payload.when;
  }
  while (const auto line = side.lines.next(bytes)) {
    if (side.state == State::kStart) return take_start_line(side, *line, findings);
    if (line->empty()) return end_head(side, payload.when, findings);
    if (++side.head.lines > kMaxHeadLines) {
      lose(side, findings);
      break;
    }
    take_field(side, *line, findings);
  }
  return Progress::kMore;
}

Progress Http1Dissector::take_start_line(Side& side, std::string_view line, Findings& findings) {
  if (line.empty()) return Progress::kMore;  // RFC 9112, 2.2: servers ignore them
  const bool is_response = line.starts_with("HTTP/");
  const bool is_known = request_side_ == nullptr || is_response != is_request_side(side);
  const bool is_taken = is_known && (is_response ? begin_response(side, line, findings)
                                                 : begin_request(side, line, findings));
  if (is_taken) {
    side.state = State::kFields;
    request_side_ = is_response ? &sides_[&side == &sides_[0] ? 1 : 0] : &side;
    return Progress::kMore;
  }
  if (request_side_ == nullptr) return Progress::kNotMine;
  lose(side, findings);
  return Progress::kMore;
}

bool Http1Dissector::begin_request(Side& side, std::string_view line, Findings& findings) {
  const auto request = parse_http_request_line(line, side.lines.was_cut());
  if (!request) return false;
  side.head.method = request->method;
  const HttpTarget target = parse_http_target(request->target);
  side.head.host = target.host.substr(0, kMaxHostBytes);
  side.head.target = target.path;
  const bool is_connect = request->method == "CONNECT";
  const bool is_proxied = starts_with_word(request->target, "http://");
  if (findings.protocol.empty())
    findings.protocol = is_connect ? "HTTP_Connect" : is_proxied ? "HTTP_Proxy" : "HTTP";
  findings.metadata.add(MetadataField::kHttpMethod, request->method);
  if (!target.host.empty()) add_url(side.head, findings);
  return true;
}

bool Http1Dissector::begin_response(Side& side, std::string_view line, Findings& findings) {
  const auto status = parse_http_status_line(line);
  if (!status) return false;
  side.head.status = *status;
  if (findings.protocol.empty()) findings.protocol = "HTTP";
  findings.metadata.add(MetadataField::kHttpStatus, std::to_string(*status));
  return true;
}

void Http1Dissector::take_field(Side& side, std::string_view line, Findings& findings) {
  const auto [field, value] = parse_http_field_line(line);
  Head& head = side.head;
  const bool is_response = head.status != 0;
  switch (field) {
    case HttpField::kHost:
      if (is_response || !head.host.empty()) break;
      head.host = value.substr(0, kMaxHostBytes);
      add_url(head, findings);  // at once: the end of the head may be missing
      break;
    case HttpField::kUserAgent:
      findings.metadata.add(MetadataField::kUserAgent, value);
      break;
    case HttpField::kServer:
      if (is_response) findings.metadata.add(MetadataField::kHttpServer, value);
      break;
    case HttpField::kContentType:
      if (is_response) findings.metadata.add(MetadataField::kHttpContentType, value);
      if (findings.application.empty()) findings.application = application_of(value);
      break;
    case HttpField::kContentLength:
      // "5, 5" is what some proxies make of two fields.
      head.content_length = parse_decimal(trimmed(value.substr(0, value.find(','))));
      break;
    case HttpField::kTransferEncoding:
      if (contains_word(value, "chunked")) head.is_chunked = true;
      break;
    case HttpField::kUpgrade:
      head.upgrades_to_websocket = contains_word(value, "websocket");
      head.upgrades_to_http2 = contains_word(value, "h2c");
      break;
    case HttpField::kOther:
      break;
  }
}

Progress Http1Dissector::end_head(Side& side, Timestamp when, Findings& findings) {
  if (!is_request_side(side)) return end_response(side, when, findings);
  end_request(side, when, findings);
  return Progress::kMore;
}

void Http1Dissector::add_url(const Head& head, Findings& findings) {
  if (urls_ == kMaxUrls) return;
  ++urls_;
  FlowMetadata& metadata = findings.metadata;
  metadata.add(MetadataField::kHttpHost, head.host);
  metadata.add(MetadataField::kHttpUrl, head.host + head.target);
  metadata.add(MetadataField::kServerName, host_without_port(head.host));
}

void Http1Dissector::end_request(Side& side, Timestamp when, Findings& findings) {
  const Head& head = side.head;
  if (head.host.empty()) add_url(head, findings);
  exchanges_.ask({http_transaction_key(head.method, head.host, head.target), when,
                  head.method == "HEAD", head.method == "CONNECT"});
  side.body = body_of(head.is_chunked, head.content_length);
  side.state = side.body.is_over() ? State::kStart : State::kBody;
}

Progress Http1Dissector::end_response(Side& side, Timestamp when, Findings& findings) {
  const Head& head = side.head;
  if (head.status == 101) return upgrade(head, findings);
  side.state = State::kStart;
  if (head.status < 200) return Progress::kMore;
  const HttpExchanges::Request& request = exchanges_.answer(head.began, head.status);
  exchanges_.answer_on(when);
  const bool has_no_content = request.is_head || head.status == 204 || head.status == 304;
  const bool is_tunnel = request.is_connect && head.status < 300;
  if (has_no_content || is_tunnel) {
    side.body = HttpBody::none();
  } else if (!head.is_chunked && !head.content_length) {
    side.body = HttpBody::until_close();
  } else {
    side.body = body_of(head.is_chunked, head.content_length);
  }
  if (side.body.is_over()) exchanges_.complete(findings.transactions);
  if (!side.body.is_over()) side.state = State::kBody;
  return is_tunnel ? Progress::kDone : Progress::kMore;
}

Progress Http1Dissector::upgrade(const Head& head, Findings& findings) {
  if (head.upgrades_to_http2) {
    exchanges_ = {};
    successor_ = Http2Dissector::after_upgrade();
    return Progress::kMore;
  }
  if (head.upgrades_to_websocket) findings.application = "WebSocket";
  return Progress::kDone;
}

void Http1Dissector::note_content(const Side& side, Timestamp when) {
  if (is_request_side(side)) {
    exchanges_.ask_on(when);
  } else {
    exchanges_.answer_on(when);
  }
}

void Http1Dissector::take_body(Side& side, ByteReader& bytes, const Payload& payload,
                               Findings& findings) {
  side.body.skip(bytes);
  note_content(side, payload.when);
  if (side.body.is_broken()) {
    lose(side, findings);
  } else if (side.body.is_over()) {
    if (!is_request_side(side)) exchanges_.complete(findings.transactions);
    side.state = State::kStart;
  }
}

size_t Http1Dissector::held_bytes() const {
  size_t bytes = exchanges_.held_bytes();
  if (successor_ != nullptr) bytes += kOwnBytes + successor_->held_bytes();
  for (const Side& side : sides_)
    bytes += side.lines.held_bytes() + heap_bytes(side.head.method) + heap_bytes(side.head.target) +
             heap_bytes(side.head.host);
  return bytes;
}

}  // namespace weir
