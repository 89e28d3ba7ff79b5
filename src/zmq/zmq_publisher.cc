// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/zmq_publisher.h"

#include "zmq/ntop_frame.h"
#include "zmq/zmq_handle.h"

namespace weir {

Result<std::unique_ptr<ZmqPublisher>> ZmqPublisher::open(const ZmqPublisherOptions& options) {
  ZmqLink::Bounds bounds;
  bounds.queued_messages = options.queued_messages;
  bounds.max_message_bytes = kMaxSubscriptionBytes;
  bounds.linger = options.linger;
  auto link = ZmqLink::open(ZmqLink::Kind::kPublisher, options.link, bounds);
  if (!link) return link.error();
  return std::unique_ptr<ZmqPublisher>(new ZmqPublisher(*std::move(link), options.source));
}

ZmqPublisher::Sent ZmqPublisher::send(std::string_view topic, std::span<const uint8_t> payload) {
  poll(std::chrono::milliseconds(0));
  if (subscribers_ == 0) {
    ++unheard_;
    return Sent::kNobody;
  }
  const NtopHeaderBytes header = make_ntop_header(topic, source_, payload.size(), next_number_);
  void* const socket = link_->socket();
  if (zmq_send(socket, header.data(), header.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) {
    ++full_;
    return Sent::kFull;
  }
  // Room that there was for the first part there is for the second.
  if (zmq_send(socket, payload.data(), payload.size(), ZMQ_DONTWAIT) < 0) {
    ++full_;
    return Sent::kFull;
  }
  ++next_number_;
  ++sent_;
  return Sent::kSent;
}

void ZmqPublisher::poll(std::chrono::milliseconds timeout) {
  if (!link_->wait(timeout)) return;
  // RFC 29: 1 and what is wanted, or 0 and what is wanted no more.
  for (;;) {
    ZmqPart part;
    if (!part.receive(link_->socket())) return;
    const auto bytes = part.bytes();
    if (bytes.empty() || part.has_more()) continue;
    if (bytes[0] == 1) ++subscribers_;
    if (bytes[0] == 0 && subscribers_ > 0) --subscribers_;
  }
}

}  // namespace weir
