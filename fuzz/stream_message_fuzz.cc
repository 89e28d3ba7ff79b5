// SPDX-License-Identifier: GPL-3.0-or-later
// Any message of a stream client is understood or refused; what is understood is within its limits,
// and the hub stays within its own.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "http/stream_hub.h"
#include "property.h"

namespace {

using weir::fuzz::require;

void check_message(std::string_view text) {
  const weir::StreamMessage message = weir::parse_stream_message(text);
  const auto* sub = std::get_if<weir::SubscribeMessage>(&message);
  if (sub == nullptr) return;
  require(sub->id <= uint64_t{1} << 53);
  require(sub->question.resource.size() + sub->question.path.size() <= weir::kMaxTopicBytes);
  require(sub->question.parameters.size() <= weir::kMaxStreamParameters);
  require(std::is_sorted(sub->question.parameters.begin(), sub->question.parameters.end()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  weir::StreamHub hub([](weir::StreamHub::QuestionId, const weir::ScriptRequest&) { return true; },
                      [] { return 0.0; }, 2);
  const auto client = hub.add_client([] {});
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
    check_message(line);
    hub.receive(client, line);
    require(hub.statistics().subscriptions <= weir::StreamHub::kMaxSubscriptions);
    require(hub.statistics().questions <= hub.statistics().subscriptions);
  }
  hub.tick();
  hub.remove_client(client);
  require(hub.statistics().questions == 0);
  return 0;
}
