// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/template_text.h"

#include <gtest/gtest.h>

#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

std::string text_of_two() {
  Collector collector({.secret = {1, 2, 3, 4}});
  (void)collector.take(ipfix(0, {plain_template_set()}, 7), peer(), kNow);
  (void)collector.take(
      netflow9(0, {set_of(0, template_record(300, {{8, 4}, {12, 4}, {57590, 65535}}))}), peer(2),
      kNow);
  return templates_text(collector.exporters(), kNow);
}

TEST(TemplateText, GivesBackWhatWasWritten) {
  Collector later({.secret = {5, 6, 7, 8}});
  const TemplatesRead read = read_templates_text(
      text_of_two(), kNow + 60 * kSecond, [&](const ExporterKey& key, TemplatePointer made) {
        later.restore_template(key, std::move(made), kNow + 60 * kSecond);
      });
  EXPECT_EQ(read.restored, 2U);
  EXPECT_EQ(read.damaged, 0U);
  // Data are read at once, without a template in front.
  (void)later.take(ipfix(5, {set_of(kPlain, plain_record())}, 7), peer(), kNow + 61 * kSecond);
  EXPECT_EQ(later.flows().size(), 1U);
  EXPECT_EQ(templates_text(later.exporters(), kNow).size(), text_of_two().size());
}

TEST(TemplateText, IsNotOfAnotherDomainPortOrAddress) {
  Collector later({.secret = {5, 6, 7, 8}});
  (void)read_templates_text(text_of_two(), kNow, [&](const ExporterKey& key, TemplatePointer made) {
    later.restore_template(key, std::move(made), kNow);
  });
  (void)later.take(ipfix(5, {set_of(kPlain, plain_record())}, 8), peer(), kNow);
  (void)later.take(ipfix(5, {set_of(kPlain, plain_record())}, 7), peer(1, 1), kNow);
  (void)later.take(ipfix(5, {set_of(kPlain, plain_record())}, 7), peer(3), kNow);
  EXPECT_TRUE(later.flows().empty());
}

TEST(TemplateText, LeavesOutWhatIsOld) {
  const auto restore = [](const ExporterKey&, const TemplatePointer&) { FAIL(); };
  const TemplatesRead read =
      read_templates_text(text_of_two(), kNow + kMostTemplateAge + 2 * kSecond, restore);
  EXPECT_EQ(read.restored, 0U);
  EXPECT_EQ(read.too_old, 2U);
}

TEST(TemplateText, SurvivesEveryTearAndEveryFlippedBit) {
  const std::string text = text_of_two();
  const auto count = [](const ExporterKey&, const TemplatePointer& made) {
    EXPECT_GE(made->min_bytes(), 1U);
  };
  for (size_t length = 0; length < text.size(); ++length) {
    const TemplatesRead read = read_templates_text(text.substr(0, length), kNow, count);
    EXPECT_LT(read.restored, 2U) << length;
  }
  for (size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      const TemplatesRead read = read_templates_text(flipped, kNow, count);
      EXPECT_GE(read.damaged, 1U) << at << " " << bit;
    }
  }
}

}  // namespace
}  // namespace weir
