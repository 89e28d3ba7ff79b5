// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/zmq_channel.h"

#include <chrono>
#include <random>

namespace weir {
namespace {

using std::chrono::milliseconds;

Error nobody() {
  return {"nobody listens"};
}

}  // namespace

Result<std::unique_ptr<ZmqChannel>> ZmqChannel::open(const ZmqLinkOptions& link,
                                                     std::string topic) {
  ZmqPublisherOptions options;
  options.link = link;
  // Shared by those who come from one address without keys.
  options.source = static_cast<uint8_t>(std::random_device{}());
  auto publisher = ZmqPublisher::open(options);
  if (!publisher) return publisher.error();
  return std::unique_ptr<ZmqChannel>(new ZmqChannel(*std::move(publisher), std::move(topic)));
}

Result<void> ZmqChannel::open(const IsOver& is_over) {
  publisher_->poll(milliseconds(100));
  if (publisher_->subscribers() == 0) return nobody();
  return send({}, is_over);
}

Result<void> ZmqChannel::send(std::vector<Message>&& messages, const IsOver& is_over) {
  keep(std::move(messages));
  while (!kept_messages().empty()) {
    const std::string& bytes = kept_messages().front().bytes;
    switch (
        publisher_->send(topic_, {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()})) {
      case ZmqPublisher::Sent::kSent:
        let_go();
        break;
      case ZmqPublisher::Sent::kNobody:
        return nobody();
      case ZmqPublisher::Sent::kFull:
        if (is_over()) return Error{"a listener takes no more"};
        publisher_->poll(milliseconds(10));
        break;
    }
  }
  return {};
}

Result<void> ZmqChannel::look() {
  publisher_->poll(milliseconds(0));
  return publisher_->subscribers() == 0 ? Result<void>(nobody()) : Result<void>();
}

Value ZmqChannel::statistics() const {
  Value all = link_answer(publisher_->links());
  all.set("listeners", uint64_t{publisher_->subscribers()});
  all.set("messages", publisher_->sent());
  return all;
}

}  // namespace weir
