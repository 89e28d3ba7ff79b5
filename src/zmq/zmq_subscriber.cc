// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/zmq_subscriber.h"

#include <utility>

#include "zmq/zmq_handle.h"

namespace weir {

Result<std::unique_ptr<ZmqSubscriber>> ZmqSubscriber::open(const ZmqLinkOptions& options) {
  ZmqLink::Bounds bounds;
  bounds.queued_messages = kQueuedMessages;
  bounds.max_message_bytes = kMaxMessageBytes;
  auto link = ZmqLink::open(ZmqLink::Kind::kSubscriber, options, bounds);
  if (!link) return link.error();
  return std::unique_ptr<ZmqSubscriber>(new ZmqSubscriber(*std::move(link)));
}

bool ZmqSubscriber::poll(std::chrono::milliseconds timeout,
                         const std::function<void(const ZmqMessage&)>& take) {
  constexpr size_t kMost = 256;
  if (!link_->wait(timeout)) return false;
  void* const socket = link_->socket();
  for (size_t i = 0; i < kMost; ++i) {
    ZmqPart header;
    if (!header.receive(socket)) break;
    // libzmq hands out whole messages: the parts that follow are there.
    ZmqPart payload;
    const bool has_payload = header.has_more() && payload.receive(socket);
    bool has_more = has_payload && payload.has_more();
    if (has_payload && !has_more) {
      ++messages_;
      take({header.bytes(), payload.bytes(), payload.property("Peer-Address"),
            payload.property("User-Id")});
      continue;
    }
    ++misshapen_;
    while (has_more) {
      ZmqPart rest;
      has_more = rest.receive(socket) && rest.has_more();
    }
  }
  return true;
}

}  // namespace weir
