// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of syslog, as datagrams and cut from a stream, into one collector. Streams give the same
// messages however their bytes come; flows have times that are in order and not ahead; events are
// bounded.
#include <string>
#include <vector>

#include "collect/collector.h"
#include "collect/syslog_stream.h"
#include "property.h"

namespace {

using namespace weir;  // NOLINT(google-build-using-namespace): a program of one file

using weir::fuzz::require;

constexpr int64_t kNow = int64_t{1'700'000'000} * 1'000'000'000;

std::vector<std::string> cut(std::span<const uint8_t> bytes, size_t step) {
  SyslogStream stream;
  std::vector<std::string> messages;
  for (size_t at = 0; at < bytes.size(); at += step) {
    stream.feed(bytes.subspan(at, std::min(step, bytes.size() - at)),
                [&](std::span<const uint8_t> message) {
                  messages.emplace_back(message.begin(), message.end());
                });
    require(stream.held() <= SyslogStream::kMaxBytes, "what is held is bounded");
  }
  return messages;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  const std::vector<std::string> messages = cut(bytes, size + 1);
  require(messages == cut(bytes, 3), "parts of a stream do not matter");
  Collector collector({.secret = {1, 2, 3, 4}});
  const auto take = [&](std::span<const uint8_t> message, ExportTransport transport) {
    const ExportPeer peer{*IpAddress::parse("192.0.2.1"), 514};
    (void)collector.take({message, peer, transport, {}}, kNow);
  };
  take(bytes, ExportTransport::kSyslog);
  for (const std::string& message : messages)
    take({reinterpret_cast<const uint8_t*>(message.data()), message.size()},
         ExportTransport::kSyslogTcp);
  require(collector.events().size() <= Collector::kMaxEvents, "events are bounded");
  for (const CollectedFlow& flow : collector.flows()) {
    require(flow.first <= flow.last, "times are in order");
    require(flow.last.as_nanoseconds() <= kNow, "nothing lies ahead");
    require(
        flow.forward.packets + flow.reverse.packets + flow.forward.bytes + flow.reverse.bytes != 0,
        "a flow has traffic");
  }
  return 0;
}
