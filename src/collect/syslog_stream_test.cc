// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/syslog_stream.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace weir {
namespace {

// What the stream makes of the bytes, fed `step` at a time.
std::vector<std::string> messages(SyslogStream& stream, std::string_view bytes, size_t step) {
  std::vector<std::string> made;
  for (size_t at = 0; at < bytes.size(); at += step) {
    const std::string_view part = bytes.substr(at, step);
    stream.feed({reinterpret_cast<const uint8_t*>(part.data()), part.size()},
                [&](std::span<const uint8_t> message) {
                  made.emplace_back(message.begin(), message.end());
                });
  }
  return made;
}

using Texts = std::vector<std::string>;

TEST(SyslogStream, CutsCountedMessagesAndLinesHoweverTheyCome) {
  const std::string bytes =
      "7 <13>one<14>two\n\n5 <1>\nx11 <14>1 three" + std::string("<9>four\0", 8);
  for (const size_t step : {size_t{1}, size_t{2}, size_t{3}, bytes.size()}) {
    SyslogStream stream;
    EXPECT_EQ(messages(stream, bytes, step),
              (Texts{"<13>one", "<14>two", "<1>\nx", "<14>1 three", "<9>four"}))
        << step;
    EXPECT_EQ(stream.held(), 0U);
  }
}

TEST(SyslogStream, TakesNumbersThatAreNoLengthForText) {
  SyslogStream stream;
  EXPECT_EQ(messages(stream, "12 monkeys...\n12monkeys\n99999999999 x\n0 y\n42\n", 4),
            (Texts{"monkeys...\n1", "2monkeys", "99999999999 x", "0 y", "42"}));
}

TEST(SyslogStream, EndsALineWithTheConnectionAndCountsWhatIsNotWhole) {
  const auto ended = [](std::string_view bytes, uint64_t cut) {
    SyslogStream stream;
    Texts made = messages(stream, bytes, 4);
    const auto take = [&](std::span<const uint8_t> message) {
      made.emplace_back(message.begin(), message.end());
    };
    stream.end(take);
    stream.end(take);
    EXPECT_EQ(stream.cut(), cut) << bytes;
    EXPECT_EQ(stream.held(), 0U);
    return made;
  };
  EXPECT_EQ(ended("<13>one\n<13>two", 0), (Texts{"<13>one", "<13>two"}));
  EXPECT_EQ(ended("7 <13>one12", 0), (Texts{"<13>one", "12"}));
  EXPECT_EQ(ended("7 <13>one9 <13>two", 1), Texts{"<13>one"});
  EXPECT_EQ(ended("7 <13>one\n", 0), Texts{"<13>one"});
  EXPECT_EQ(ended("", 0), Texts{});
}

TEST(SyslogStream, PassesOverWhatIsTooLong) {
  SyslogStream stream;
  const std::string line(SyslogStream::kMaxBytes + 10, 'x');
  EXPECT_EQ(messages(stream, line + "\nshort\n", 1000), Texts{"short"});
  EXPECT_EQ(messages(stream, std::to_string(line.size()) + ' ' + line + "5 short", 1000),
            Texts{"short"});
  EXPECT_EQ(stream.too_long(), 2U);
  EXPECT_EQ(messages(stream, std::string(SyslogStream::kMaxBytes, 'y') + '\n', 999).size(), 1U);
}

}  // namespace
}  // namespace weir
