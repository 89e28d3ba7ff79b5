// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http2_dissector.h"

#include <algorithm>

#include "dpi/ascii_text.h"
#include "dpi/heap_bytes.h"
#include "dpi/http_head.h"

namespace weir {
namespace {

constexpr size_t kMaxNameBytes = 255;

// A server's first frame, seen before the client's: SETTINGS of the connection.
bool begins_like_settings(const ByteReader& bytes) {
  return bytes.can_read(9) && bytes.u24(0) % 6 == 0 && bytes.u24(0) <= 60 && bytes.u8(3) == 4 &&
         bytes.u8(4) == 0 && bytes.u32(5) == 0 &&
         (bytes.u24(0) == 0 || (bytes.u16(9) >= 1 && bytes.u16(9) <= 16));
}

}  // namespace

bool Http2Dissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp) return false;
  return begins_like(payload.bytes, "PRI * HTTP/2.0") ||
         (payload.is_stream_start && begins_like_settings(payload.bytes));
}

std::unique_ptr<Dissector> Http2Dissector::create() {
  return std::make_unique<Http2Dissector>();
}

std::unique_ptr<Dissector> Http2Dissector::after_upgrade() {
  return std::make_unique<Http2Dissector>();
}

Http2Dissector::Http2Dissector() = default;

Progress Http2Dissector::feed(const Payload& payload, Findings& findings) {
  // Nothing more can be learnt of a connection whose frames or header blocks are not understood.
  const auto give_up = [&findings] {
    return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
  };
  if (payload.has_gap) return give_up();
  Side& side = payload.to_server ? client_ : server_;
  ByteReader bytes = payload.bytes;
  for (;;) {
    switch (side.frames.next(bytes)) {
      case Http2FrameReader::Event::kNone:
        return Progress::kMore;
      case Http2FrameReader::Event::kBroken:
        return give_up();
      case Http2FrameReader::Event::kBlock:
        if (!take_block(side, findings)) return give_up();
        if (side.frames.ends_block()) end_block(side, payload, findings);
        break;
      case Http2FrameReader::Event::kEnd:
        if (payload.to_server) findings.protocol = "HTTP2";
        end_frame(side.frames.frame(), payload, findings);
        break;
    }
  }
}

// Streams that were cut off by the end of the connection; those without an answer only where
// answers were heard at all, for captures may hold one direction.
void Http2Dissector::conclude(Findings& findings) {
  if (findings.transactions == nullptr || !has_heard_answers_) return;
  for (const Stream& stream : streams_) {
    const Timestamp answered = stream.is_answered ? stream.answered : stream.asked;
    const Timestamp completed = stream.is_answered ? stream.completed : stream.asked;
    findings.transactions->accept({"HTTP", stream.key, stream.asked, answered, completed,
                                   stream.is_error, stream.is_answered});
  }
}

bool Http2Dissector::take_block(Side& side, Findings& findings) {
  Head& head = side.head;
  const auto take = [&head, &findings](std::string_view name, std::string_view value) {
    take_field(head, name, value, findings);
  };
  return side.hpack.decode(side.frames.block(), side.frames.ends_block(), take);
}

void Http2Dissector::take_field(Head& head, std::string_view name, std::string_view value,
                                Findings& findings) {
  FlowMetadata& metadata = findings.metadata;
  if (name == ":method") {
    head.method = value.substr(0, 16);
  } else if (name == ":authority" || (name == "host" && head.authority.empty())) {
    head.authority = value.substr(0, kMaxNameBytes);
  } else if (name == ":path") {
    head.path = value.substr(0, FlowMetadata::kMaxValueBytes);
  } else if (name == ":status") {
    head.status = static_cast<uint16_t>(parse_decimal(value.substr(0, 3)).value_or(0));
  } else if (name == "user-agent") {
    metadata.add(MetadataField::kUserAgent, value);
  } else if (name == "server") {
    metadata.add(MetadataField::kHttpServer, value);
  } else if (name == "content-type") {
    if (starts_with_word(value, "application/grpc")) findings.application = "gRPC";
    // The status comes first: pseudo-fields do (RFC 9113, 8.3).
    if (head.status != 0) metadata.add(MetadataField::kHttpContentType, value);
  } else if (name == "grpc-status") {
    head.has_grpc_error = value != "0";
  }
}

void Http2Dissector::end_block(Side& side, const Payload& payload, Findings& findings) {
  const Http2Frame& frame = side.frames.frame();
  if (frame.type == Http2FrameType::kPushPromise) {
    // What a server says it will send unasked is no transaction.
  } else if (payload.to_server) {
    begin_stream(frame.stream, side.head, payload.when, findings);
  } else {
    answer_stream(frame.stream, side.head, payload.when, findings);
  }
  side.head = {};
}

void Http2Dissector::end_frame(const Http2Frame& frame, const Payload& payload,
                               Findings& findings) {
  Side& side = payload.to_server ? client_ : server_;
  if (frame.type == Http2FrameType::kResetStream) return drop_stream(frame.stream);
  Stream* stream = find_stream(frame.stream);
  if (stream != nullptr && payload.to_server && !stream->is_answered) stream->asked = payload.when;
  if (stream != nullptr && !payload.to_server) stream->completed = payload.when;
  if (frame.type == Http2FrameType::kHeaders) side.ends_stream = frame.ends_stream();
  const bool ends_block =
      frame.type == Http2FrameType::kHeaders || frame.type == Http2FrameType::kContinuation;
  if (ends_block ? frame.ends_headers() && side.ends_stream : frame.ends_stream())
    end_stream(frame.stream, payload, findings);
}

void Http2Dissector::begin_stream(uint32_t id, const Head& head, Timestamp when,
                                  Findings& findings) {
  if (head.method.empty()) return;  // trailers
  FlowMetadata& metadata = findings.metadata;
  metadata.add(MetadataField::kHttpMethod, head.method);
  if (urls_ < kMaxUrls) {
    ++urls_;
    metadata.add(MetadataField::kHttpHost, head.authority);
    metadata.add(MetadataField::kHttpUrl, head.authority + head.path);
    metadata.add(MetadataField::kServerName, host_without_port(head.authority));
  }
  if (streams_.size() == kMaxStreams || find_stream(id) != nullptr) return;
  Stream stream;
  stream.id = id;
  stream.key = http_transaction_key(head.method, head.authority, head.path);
  stream.asked = when;
  streams_.push_back(std::move(stream));
}

void Http2Dissector::answer_stream(uint32_t id, const Head& head, Timestamp when,
                                   Findings& findings) {
  Stream* stream = find_stream(id);
  if (stream != nullptr && head.has_grpc_error) stream->is_error = true;
  if (head.status < 200) return;  // trailers, or an interim response
  findings.metadata.add(MetadataField::kHttpStatus, std::to_string(head.status));
  if (stream == nullptr || stream->is_answered) return;
  stream->is_answered = has_heard_answers_ = true;
  stream->answered = stream->completed = when;
  if (head.status >= 400) stream->is_error = true;
}

void Http2Dissector::end_stream(uint32_t id, const Payload& payload, Findings& findings) {
  if (payload.to_server) return;  // the answer is to come
  const Stream* stream = find_stream(id);
  if (stream == nullptr) return;
  if (stream->is_answered && findings.transactions != nullptr) {
    findings.transactions->accept(
        {"HTTP", stream->key, stream->asked, stream->answered, payload.when, stream->is_error});
  }
  drop_stream(id);
}

Http2Dissector::Stream* Http2Dissector::find_stream(uint32_t id) {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [id](const Stream& stream) { return stream.id == id; });
  return found == streams_.end() ? nullptr : &*found;
}

void Http2Dissector::drop_stream(uint32_t id) {
  std::erase_if(streams_, [id](const Stream& stream) { return stream.id == id; });
}

size_t Http2Dissector::held_bytes() const {
  size_t bytes = memory_.used + heap_bytes(streams_);
  for (const Stream& stream : streams_) bytes += heap_bytes(stream.key);
  for (const Side* side : {&server_, &client_})
    bytes += heap_bytes(side->head.method) + heap_bytes(side->head.authority) +
             heap_bytes(side->head.path);
  return bytes;
}

}  // namespace weir
