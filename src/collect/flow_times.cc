// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/flow_times.h"

#include <algorithm>

namespace weir {
namespace {

constexpr int64_t kMillisecond = 1'000'000;
constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kDay = 86'400 * kSecond;

// Beyond that sums and products would overflow; a time is believed up to 2106 anyway.
constexpr int64_t kMost = INT64_MAX / 4;
int64_t scaled(uint64_t value, int64_t unit) {
  const auto most = static_cast<uint64_t>(kMost / unit);
  return static_cast<int64_t>(std::min(value, most)) * unit;
}

int64_t distance(int64_t a, int64_t b) {
  return a < b ? b - a : a - b;
}

// One end of a flow in the exporter's own milliseconds since it was started.
std::optional<int64_t> by_uptime(uint64_t then_ms, const ExportTime& time) {
  const auto then = static_cast<uint32_t>(then_ms);
  std::optional<uint32_t> uptime = time.uptime_ms;
  // Its 32 bits wrap after 49.7 days, as those of the record do.
  if (!uptime && time.system_init)
    uptime = static_cast<uint32_t>((time.exported - *time.system_init) / kMillisecond);
  if (!uptime) return std::nullopt;
  return time.exported - milliseconds_before(*uptime, then) * kMillisecond;
}

// The elements that tell the same end, the most precise first.
struct EndElements {
  Element nanoseconds;
  Element microseconds;
  Element milliseconds;
  Element seconds;
  Element before;
  Element uptime;
};
constexpr EndElements kFirst{Element::kFirstNanoseconds,  Element::kFirstMicroseconds,
                             Element::kFirstMilliseconds, Element::kFirstSeconds,
                             Element::kFirstBefore,       Element::kFirstUptime};
constexpr EndElements kLast{Element::kLastNanoseconds,  Element::kLastMicroseconds,
                            Element::kLastMilliseconds, Element::kLastSeconds,
                            Element::kLastBefore,       Element::kLastUptime};

// 0 where nothing is said: exporters leave what they do not know at that.
std::optional<int64_t> end_of(const DataRecord& record, const EndElements& end,
                              const ExportTime& time) {
  if (const uint64_t value = record.number(end.milliseconds); value != 0)
    return scaled(value, kMillisecond);
  for (const Element element : {end.nanoseconds, end.microseconds}) {
    if (const uint64_t value = record.number(element); value != 0)
      return ntp_nanoseconds(value, time.exported);
  }
  if (const uint64_t value = record.number(end.seconds); value != 0) return scaled(value, kSecond);
  if (record.has(end.before)) return time.exported - scaled(record.number(end.before), 1000);
  if (record.has(end.uptime)) return by_uptime(record.number(end.uptime), time);
  return std::nullopt;
}

}  // namespace

int64_t ntp_nanoseconds(uint64_t value, int64_t about) {
  constexpr int64_t kFrom1900To1970 = 2'208'988'800;
  const auto seconds = static_cast<int64_t>(value >> 32) - kFrom1900To1970;
  const auto fraction = static_cast<int64_t>((value & 0xffffffff) * kSecond >> 32);
  const int64_t ntp = std::clamp<int64_t>(seconds, 0, UINT32_MAX) * kSecond + fraction;
  constexpr int64_t kNear = 366 * kDay;
  if (distance(ntp, about) <= kNear) return ntp;
  for (const int64_t unit : {int64_t{1000}, int64_t{1}}) {
    if (distance(scaled(value, unit), about) <= kNear) return scaled(value, unit);
  }
  return ntp;
}

FlowSpan flow_span(int64_t first, int64_t last, const ExportTime& time) {
  const int64_t skew = time.exported - time.received;
  const int64_t shift = distance(skew, 0) > kMostSkew ? skew : 0;
  const int64_t most = time.received + kMostSkew;
  const int64_t least = time.received - kMostPast;
  last = std::clamp(last - shift, least, most);
  first = std::clamp(first - shift, least, last);
  return {Timestamp::from_nanoseconds(first), Timestamp::from_nanoseconds(last)};
}

FlowSpan flow_span(const DataRecord& record, const ExportTime& time) {
  auto first = end_of(record, kFirst, time);
  auto last = end_of(record, kLast, time);
  const bool is_relative = record.has(Element::kFirstUptime) && record.has(Element::kLastUptime);
  if (!last && record.has(Element::kEventMilliseconds))
    last = scaled(record.number(Element::kEventMilliseconds), kMillisecond);
  if (!first && last && record.has(Element::kDuration))
    first = *last - scaled(record.number(Element::kDuration), kMillisecond);
  if (!last && first && record.has(Element::kDuration))
    last = *first + scaled(record.number(Element::kDuration), kMillisecond);
  if (!first && !last && is_relative) {
    // Nobody said when the exporter was started: how long it took is known all the same.
    last = time.exported;
    const int64_t took =
        milliseconds_before(static_cast<uint32_t>(record.number(Element::kLastUptime)),
                            static_cast<uint32_t>(record.number(Element::kFirstUptime)));
    first = time.exported - std::max<int64_t>(took, 0) * kMillisecond;
  }
  if (!last) last = first ? first : time.exported;
  if (!first) first = last;
  return flow_span(*first, *last, time);
}

}  // namespace weir
