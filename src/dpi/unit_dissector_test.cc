// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/unit_dissector.h"

#include <gtest/gtest.h>

#include "dpi/ascii_text.h"
#include "dpi/test_conversation.h"

namespace weir {
namespace {

// Units of a byte of length and so many bytes; 'x' begins none. Of each four bytes are kept, and
// told as the software.
class Lengths final : public UnitDissector {
 public:
  Lengths() : UnitDissector(4) {}
  static std::unique_ptr<Dissector> create() { return std::make_unique<Lengths>(); }

 protected:
  [[nodiscard]] std::optional<size_t> size_of_unit(bool, const ByteReader& head) const override {
    if (head.u8(0) == 'x') return kBroken;
    return head.u8(0) - size_t{'0'} + 1;
  }
  Progress take_unit(const Payload& payload, ByteReader unit, Findings& findings) override {
    findings.protocol = "Lengths";
    findings.metadata.add(payload.to_server ? MetadataField::kSshClient : MetadataField::kSshServer,
                          text_of(unit));
    return Progress::kMore;
  }
};

TEST(UnitDissector, CutsUnitsWhateverThePacketsSplit) {
  for (const size_t step : {1, 2, 3, 100}) {
    Conversation talk(Lengths::create);
    talk.client("2ab0").server("3xyz").client("1c9long-unit2de").hear(step);
    EXPECT_EQ(talk.all(MetadataField::kSshClient), "2ab 0 1c 9lon 2de") << step;
    EXPECT_EQ(talk.all(MetadataField::kSshServer), "3xyz");
    EXPECT_EQ(talk.progress, Progress::kMore);
  }
}

TEST(UnitDissector, BeginsAgainAfterAHole) {
  Conversation talk(Lengths::create);
  talk.client("2ab9lo").client_after_gap("1c").hear();
  EXPECT_EQ(talk.all(MetadataField::kSshClient), "2ab 1c");
}

TEST(UnitDissector, GivesUpWhereNoUnitBegins) {
  Conversation stranger(Lengths::create);
  stranger.client("x").hear();
  EXPECT_EQ(stranger.progress, Progress::kNotMine);
  Conversation known(Lengths::create);
  known.client("1ax").hear();
  EXPECT_EQ(known.progress, Progress::kDone);
}

TEST(UnitDissector, IsDoneAfterManyUnits) {
  Conversation talk(Lengths::create);
  talk.client(std::string(UnitDissector::kMaxUnits - 1, '0')).hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
  talk.client("0").hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(UnitDissector, TakesADatagramAsAUnit) {
  Conversation talk(Lengths::create, false);
  talk.client("anything").hear();
  EXPECT_EQ(talk.first(MetadataField::kSshClient), "anything");
}

}  // namespace
}  // namespace weir
