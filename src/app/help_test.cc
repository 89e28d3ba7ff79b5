// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/help.h"

#include <gtest/gtest.h>

#include "app/options.h"

namespace weir {
namespace {

TEST(Help, HasAPageForEachCommandAndTopic) {
  for (const char* topic : {"", "monitor", "read", "import-hosts", "top", "filter", "protocols",
                            "check-config", "version"}) {
    const auto text = help_text(topic);
    ASSERT_TRUE(text) << topic;
    EXPECT_TRUE(text->ends_with('\n')) << topic;
    EXPECT_NE(text->find(topic), std::string::npos) << topic;
  }
}

TEST(Help, SaysThatATopicIsNotThere) {
  const auto text = help_text("colours");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().message, "there is no help on \"colours\": see weir help");
}

TEST(Help, NamesOptionsThatExist) {
  for (const char* topic : {"monitor", "read", "import-hosts", "top"}) {
    const std::string text = *help_text(topic);
    for (size_t at = text.find("\n--"); at != std::string::npos; at = text.find("\n--", at + 1)) {
      const std::string option = text.substr(at + 1, text.find_first_of(" .,\n", at + 1) - at - 1);
      const auto command = parse_command_line({topic, "a.pcap", option});
      // Without its value an option may be refused, but not as one that nobody expected.
      const std::string message = command ? "" : command.error().message;
      EXPECT_EQ(message.find("not expected: " + option), std::string::npos)
          << option << ": " << message;
    }
  }
}

}  // namespace
}  // namespace weir
