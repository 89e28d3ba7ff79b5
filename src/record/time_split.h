// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

// What the time of an exchange was spent on; docs/transactions.md defines each part.
enum class TimePart : uint8_t {
  kClientNetwork,   // between the place of capture and the client
  kServerNetwork,   // between the place of capture and the server
  kServerThinking,  // from the request at the server to the first byte of its answer
  kLossRecovery,    // until what was lost had been sent again
  kZeroWindow,      // the client could take no more
  kSenderIdle,      // the server had begun to answer and could have sent more, but did not
  kCount
};
inline constexpr size_t kTimeParts = static_cast<size_t>(TimePart::kCount);

// Nanoseconds by part. A plain value.
struct TimeSplit {
  std::array<uint64_t, kTimeParts> spent{};

  [[nodiscard]] uint64_t& operator[](TimePart part) { return spent[static_cast<size_t>(part)]; }
  [[nodiscard]] uint64_t operator[](TimePart part) const {
    return spent[static_cast<size_t>(part)];
  }
  TimeSplit& operator+=(const TimeSplit& other) {
    for (size_t i = 0; i < kTimeParts; ++i) spent[i] += other.spent[i];
    return *this;
  }
  [[nodiscard]] uint64_t total() const {
    uint64_t sum = 0;
    for (const uint64_t part : spent) sum += part;
    return sum;
  }
  bool operator==(const TimeSplit&) const = default;
};

// The name of the part as fields have it, without the unit: "server_thinking".
[[nodiscard]] constexpr std::string_view time_part_name(TimePart part) {
  constexpr std::array<std::string_view, kTimeParts> kNames{"client_network",  "server_network",
                                                            "server_thinking", "loss_recovery",
                                                            "zero_window",     "sender_idle"};
  return kNames[static_cast<size_t>(part)];
}

// What is known of the transactions of one flow. A plain value.
struct FlowTransactions {
  uint32_t count = 0;             // answered ones
  uint32_t split_count = 0;       // those of them that `split` is the sum of
  uint64_t first_latency_ns = 0;  // of the first: until the answer began, less the network to the
                                  // server where that is known
  TimeSplit split;

  bool operator==(const FlowTransactions&) const = default;
};

}  // namespace weir
