// SPDX-License-Identifier: GPL-3.0-or-later
// The risks of every flow of the corpus against those that nDPI's own reader raises. Prints how
// many agree, by risk, and each flow where only one of the two raised it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <set>

#include "corpus/application_answers.h"
#include "corpus/corpus.h"
#include "corpus/inspected_flows.h"
#include "dpi/inspector.h"
#include "dpi/protocol_rules.h"
#include "record/risks.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using corpus::ApplicationAnswer;
using corpus::FlowName;
using corpus::OurFlow;

struct Pair {
  std::string_view theirs;
  Risk ours;
};
// The risks that both judge by the same thing, in the words of nDPI 4.2. docs/risks.md says why the
// others have no partner.
constexpr std::array<Pair, 16> kPairs{{
    {"Known Protocol on Non Standard Port", Risk::kNonStandardPort},
    {"Weak TLS Cipher", Risk::kTlsWeakCipher},
    {"Obsolete TLS Version (1.1 or older)", Risk::kTlsObsoleteVersion},
    {"Unsafe Protocol", Risk::kUnsafeProtocol},
    {"HTTP Numeric IP Address", Risk::kHttpNumericHost},
    {"Missing SNI TLS Extension", Risk::kTlsMissingSni},
    {"DNS Packet Larger Than 512 bytes", Risk::kDnsLargePacket},
    {"Desktop/File Sharing Session", Risk::kRemoteDesktopSession},
    {"Clear-Text Credentials", Risk::kClearTextCredentials},
    {"TLS Certificate About To Expire", Risk::kTlsCertificateAboutToExpire},
    {"TLS Certificate Mismatch", Risk::kTlsCertificateMismatch},
    {"SSH Obsolete Server Version/Cipher", Risk::kSshObsoleteServer},
    {"SSH Obsolete Client Version/Cipher", Risk::kSshObsoleteClient},
    {"SMB Insecure Version", Risk::kSmbInsecureVersion},
    {"Binary Application Transfer", Risk::kHttpBinaryTransfer},
    {"HTTP Suspicious User-Agent", Risk::kHttpSuspiciousUserAgent},
}};

struct Tally {
  size_t both = 0;
  std::vector<std::string> theirs_only;  // where
  std::vector<std::string> ours_only;
};

class RiskAgreement {
 public:
  void add(const std::string& where, const ApplicationAnswer& answer, const OurFlow& flow) {
    ++flows_;
    bool is_same = true;
    for (const Pair& pair : kPairs) {
      const bool theirs = std::ranges::find(answer.risks, pair.theirs) != answer.risks.end();
      const bool ours = flow.risks.has(pair.ours);
      if (theirs != ours) is_same = false;
      Tally& tally = tallies_[pair.theirs];
      if (theirs && ours) ++tally.both;
      if (theirs && !ours) tally.theirs_only.push_back(where);
      if (ours && !theirs) tally.ours_only.push_back(where + " " + flow.application);
    }
    same_ += is_same ? 1 : 0;
  }
  void print() const {
    std::cout << flows_ << " flows, " << same_ << " with the same risks; raised by both " << both()
              << ", by nDPI alone " << theirs_only() << ", here alone " << ours_only() << "\n";
    for (const auto& [name, tally] : tallies_) {
      std::cout << "  " << name << ": both " << tally.both << ", nDPI alone "
                << tally.theirs_only.size() << ", here alone " << tally.ours_only.size() << "\n";
      for (const std::string& where : tally.theirs_only)
        std::cout << "    nDPI alone: " << where << "\n";
      for (const std::string& where : tally.ours_only)
        std::cout << "    here alone: " << where << "\n";
    }
  }
  [[nodiscard]] size_t flows() const { return flows_; }
  // Of the flows, those on which both say the same of every risk.
  [[nodiscard]] double same() const {
    return static_cast<double>(same_) / static_cast<double>(flows_);
  }
  // Of theirs, what we raise too; and of ours, what they do.
  [[nodiscard]] double found() const { return share(both(), theirs_only()); }
  [[nodiscard]] double confirmed() const { return share(both(), ours_only()); }

 private:
  static double share(size_t part, size_t rest) {
    return static_cast<double>(part) / static_cast<double>(part + rest);
  }
  [[nodiscard]] size_t both() const {
    size_t sum = 0;
    for (const auto& [name, tally] : tallies_) sum += tally.both;
    return sum;
  }
  [[nodiscard]] size_t theirs_only() const {
    size_t sum = 0;
    for (const auto& [name, tally] : tallies_) sum += tally.theirs_only.size();
    return sum;
  }
  [[nodiscard]] size_t ours_only() const {
    size_t sum = 0;
    for (const auto& [name, tally] : tallies_) sum += tally.ours_only.size();
    return sum;
  }

  size_t flows_ = 0;
  size_t same_ = 0;
  std::map<std::string_view, Tally> tallies_;
};

void compare(RiskAgreement& agreement, const fs::path& capture, Inspector& inspector) {
  corpus::Inspection inspection(inspector);
  std::string error;
  const corpus::OurFlows ours = corpus::classify(capture, inspection, error);
  EXPECT_EQ(error, "") << capture;
  for (const auto& [name, answers] : corpus::read_application_answers(capture, "ndpi_4_2")) {
    for (const ApplicationAnswer& answer : answers) {
      const OurFlow* flow = corpus::flow_of(ours, name, answer);
      // Neither read the payload of a flow that only the port told: here those have no risks.
      if (flow == nullptr || answer.confidence == "Match by port") continue;
      agreement.add(capture.filename().string() + " " + name.ends[0] + " - " + name.ends[1] + " " +
                        answer.name,
                    answer, *flow);
    }
  }
}

TEST(RiskCorpus, AgreesWithNdpi) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  const auto rules = ProtocolRules::load("");
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  RiskAgreement agreement;
  for (const fs::path& capture : corpus::list_captures(*folder)) {
    auto inspector = Inspector::create({});
    ASSERT_TRUE(inspector.ok());
    (*inspector)->set_rules(*rules);
    compare(agreement, capture, **inspector);
  }
  agreement.print();
  EXPECT_GT(agreement.flows(), 3000U);
  EXPECT_GE(agreement.same(), 0.945);
  EXPECT_GE(agreement.found(), 0.775);
  EXPECT_GE(agreement.confirmed(), 0.635);
}

}  // namespace
}  // namespace weir
