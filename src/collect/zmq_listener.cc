// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/zmq_listener.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "zmq/zmq_subscriber.h"

namespace weir {
namespace {

// FNV-1a. Only who is let in has a key, so nobody has a reason to look for two that meet.
uint32_t link_of(std::string_view key) {
  if (key.empty()) return 0;
  uint32_t sum = 0x811c9dc5;
  for (const char c : key) sum = (sum ^ static_cast<uint8_t>(c)) * 0x01000193;
  return std::max<uint32_t>(sum, 1);
}

IpAddress address_of(std::string_view text) {
  // "fe80::1%eth0"
  return IpAddress::parse(text.substr(0, text.find('%'))).value_or(IpAddress());
}

class ZmqListener final : public ExportListener {
 public:
  explicit ZmqListener(std::unique_ptr<ZmqSubscriber> subscriber)
      : subscriber_(std::move(subscriber)) {}

  bool poll(std::chrono::milliseconds timeout, const TakeMessage& take) override {
    return subscriber_->poll(timeout, [&](const ZmqMessage& message) {
      see_peer(message);
      take({message.payload, peer_, ExportTransport::kZeroMq, message.header});
    });
  }

  [[nodiscard]] ListenStatistics statistics() const override {
    ListenStatistics statistics;
    statistics.datagrams = subscriber_->messages();
    statistics.misshapen = subscriber_->misshapen();
    statistics.zmq = subscriber_->links();
    statistics.open = statistics.zmq->connections;
    statistics.accepted = statistics.zmq->connected;
    statistics.refused = statistics.zmq->turned_away;
    return statistics;
  }

  [[nodiscard]] uint16_t port() const override {
    const std::string address = subscriber_->address();
    const size_t colon = address.rfind(':') + 1;
    uint16_t port = 0;
    (void)std::from_chars(address.data() + colon, address.data() + address.size(), port);
    return port;
  }

 private:
  // Most messages come from the one before.
  void see_peer(const ZmqMessage& message) {
    if (message.peer_address != address_text_) {
      address_text_ = message.peer_address;
      peer_.address = address_of(address_text_);
    }
    if (message.peer_key != key_) {
      key_ = message.peer_key;
      peer_.link = link_of(key_);
    }
  }

  std::unique_ptr<ZmqSubscriber> subscriber_;
  std::string address_text_;
  std::string key_;
  ExportPeer peer_;
};

}  // namespace

Result<std::unique_ptr<ExportListener>> open_zmq_listener(const ZmqLinkOptions& options) {
  auto subscriber = ZmqSubscriber::open(options);
  if (!subscriber) return subscriber.error();
  return std::unique_ptr<ExportListener>(std::make_unique<ZmqListener>(*std::move(subscriber)));
}

}  // namespace weir
