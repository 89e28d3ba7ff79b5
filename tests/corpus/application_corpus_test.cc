// SPDX-License-Identifier: GPL-3.0-or-later
// The applications of every flow of the corpus against what nDPI's own reader says: nDPI alone
// through our adapter, and the whole inspection. Prints how many agree and each that does not.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "corpus/application_answers.h"
#include "corpus/corpus.h"
#include "corpus/inspected_flows.h"
#include "dpi/application_names.h"
#include "dpi/expected_flows.h"
#include "dpi/inspector.h"
#include "dpi/ndpi_classifier.h"
#include "dpi/protocol_rules.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using corpus::ApplicationAnswer;
using corpus::Classifier;
using corpus::datagram_of;
using corpus::flow_of;
using corpus::FlowName;
using corpus::OurFlow;
using corpus::OurFlows;

constexpr const char* kReader42 = "ndpi_4_2";
constexpr const char* kUpstream = "ndpi_upstream_4_11";

OurFlows classified(const fs::path& capture, Classifier& classifier) {
  std::string error;
  OurFlows flows = corpus::classify(capture, classifier, error);
  EXPECT_EQ(error, "") << capture;
  return flows;
}

std::string joined(std::string_view master, std::string_view application) {
  std::string name(master.empty() ? "Unknown" : master);
  if (!application.empty()) name.append(".").append(application);
  return name;
}

using FlowKey = std::pair<FlowName, VlanTags>;

// nDPI as its reader uses it: every packet of a flow until the verdict.
class NdpiAlone : public Classifier {
 public:
  explicit NdpiAlone(NdpiModule& module) : module_(module) {}

  void take(const FlowName& name, const DecodedPacket& packet, Timestamp when) override {
    Flow& flow = flows_[{name, packet.vlan}];
    if (!flow.ndpi && !flow.verdict.is_final) flow.ndpi = module_.begin();
    if (flow.verdict.is_final) return;
    flow.verdict = module_.inspect(flow.ndpi, datagram_of(packet), when);
    ++packets_;
    if (flow.verdict.is_final) flow.ndpi = NdpiFlow();
  }
  OurFlows finish() override {
    OurFlows result;
    for (auto& [key, flow] : flows_) {
      if (flow.ndpi && !flow.verdict.is_final) flow.verdict = module_.give_up(flow.ndpi);
      result[key.first].push_back({key.second,
                                   joined(flow.verdict.master, flow.verdict.application),
                                   std::string(flow.verdict.category),
                                   std::string(confidence_name(flow.verdict.confidence))});
    }
    return result;
  }

 private:
  struct Flow {
    NdpiFlow ndpi;
    NdpiVerdict verdict;
  };
  NdpiModule& module_;
  std::map<FlowKey, Flow> flows_;
  uint64_t packets_ = 0;
};

struct Agreement {
  size_t answers = 0;
  size_t found = 0;  // whose flow we have too
  size_t same = 0;
  size_t same_category = 0;  // of those
  size_t port_only = 0;      // nDPI says Unknown, and we that we only know the port
  std::map<std::string, std::vector<std::string>> differences;  // "theirs -> ours": where

  void add(const std::string& capture, const FlowName& name, const ApplicationAnswer& answer,
           const OurFlow* flow) {
    ++answers;
    if (flow == nullptr) return;
    ++found;
    if (flow->application == answer.name) {
      ++same;
      const bool is_same_category =
          canonical_category(answer.category) == canonical_category(flow->category);
      same_category += is_same_category ? 1 : 0;
      if (!is_same_category)
        differences[answer.name + " is " + answer.category + " there, " + flow->category + " here"]
            .push_back(capture);
      return;
    }
    if (answer.name == "Unknown" && flow->confidence == "port") {
      ++port_only;
      return;
    }
    differences[answer.name + " (" + answer.confidence + ") -> " + flow->application + " (" +
                flow->confidence + ")"]
        .push_back(capture + " " + name.ends[0] + " - " + name.ends[1]);
  }
  void print(const std::string& title) const {
    std::cout << title << ": " << answers << " flows, " << found << " found, " << same << " same ("
              << 100.0 * static_cast<double>(same) / static_cast<double>(found) << " %), "
              << port_only << " Unknown there and by port here; of the same " << same_category
              << " of the same category\n";
    for (const auto& [text, where] : differences)
      std::cout << "  " << where.size() << "x " << text << ": " << where.front() << "\n";
  }
  [[nodiscard]] double share() const {
    return static_cast<double>(same + port_only) / static_cast<double>(found);
  }
};

void compare(Agreement& agreement, const fs::path& capture, const char* reader,
             const OurFlows& ours) {
  for (const auto& [name, answers] : corpus::read_application_answers(capture, reader)) {
    for (const ApplicationAnswer& answer : answers)
      agreement.add(capture.filename().string(), name, answer, flow_of(ours, name, answer));
  }
}

// The reader's flows, with upstream's answer where that is the one we gave.
void compare_with_either(Agreement& agreement, const fs::path& capture, const OurFlows& ours) {
  const auto upstream = corpus::read_application_answers(capture, kUpstream);
  for (const auto& [name, answers] : corpus::read_application_answers(capture, kReader42)) {
    const auto others = upstream.find(name);
    for (const ApplicationAnswer& answer : answers) {
      const OurFlow* flow = flow_of(ours, name, answer);
      const auto is_ours = [&](const ApplicationAnswer& other) {
        return flow != nullptr && other.name == flow->application;
      };
      const ApplicationAnswer* best = &answer;
      if (others != upstream.end()) {
        const auto found = std::ranges::find_if(others->second, is_ours);
        if (found != others->second.end()) best = &*found;
      }
      agreement.add(capture.filename().string(), name, *best, flow);
    }
  }
}

TEST(ApplicationCorpus, NdpiAloneSaysWhatItsReaderSays) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  Agreement agreement;
  for (const fs::path& capture : corpus::list_captures(*folder)) {
    auto module = NdpiModule::create();
    ASSERT_TRUE(module.ok());
    NdpiAlone alone(**module);
    compare(agreement, capture, kReader42, classified(capture, alone));
  }
  agreement.print("nDPI alone against its reader 4.2");
  EXPECT_GT(agreement.found, 3000U);
  EXPECT_GE(agreement.share(), 0.99);
}

TEST(ApplicationCorpus, InspectionAgreesWithUpstream) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  const auto rules = ProtocolRules::load("");
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  Agreement upstream;
  Agreement reader;
  Agreement either;
  for (const fs::path& capture : corpus::list_captures(*folder)) {
    const auto expected = std::make_shared<ExpectedFlows>(KeyedHash::random_secret());
    auto inspector = Inspector::create({.expected = expected});
    ASSERT_TRUE(inspector.ok());
    (*inspector)->set_rules(*rules);
    corpus::Inspection inspection(**inspector);
    const OurFlows ours = classified(capture, inspection);
    compare(upstream, capture, kUpstream, ours);
    compare(reader, capture, kReader42, ours);
    compare_with_either(either, capture, ours);
  }
  upstream.print("inspection against upstream 4.11");
  reader.print("inspection against the reader 4.2");
  either.print("inspection against the reader 4.2, or upstream where that says something else");
  EXPECT_GE(upstream.share(), 0.97);
  EXPECT_GE(either.share(), 0.97);
}

std::string master_of(const std::string& name) {
  return name.substr(0, name.find('.'));
}

// By what its ports are for. REQUIRES: TCP or UDP.
bool is_on_its_own_port(const FlowName& name, const std::string& master) {
  const auto port_of = [](const std::string& end) {
    return static_cast<uint16_t>(std::stoul(end.substr(end.rfind(' ') + 1)));
  };
  const auto protocol = static_cast<uint8_t>(name.protocol);
  return std::ranges::any_of(name.ends, [&](const std::string& end) {
    const uint16_t port = port_of(end);
    return master_of(std::string(application_name(guess_application(protocol, port, port)))) ==
           master;
  });
}

OurFlows inspected(const fs::path& capture, const std::shared_ptr<const ProtocolRules>& rules) {
  const auto inspector =
      Inspector::create({.expected = std::make_shared<ExpectedFlows>(KeyedHash::random_secret())});
  EXPECT_TRUE(inspector.ok());
  if (!inspector.ok()) return {};
  (*inspector)->set_rules(rules);
  corpus::Inspection inspection(**inspector);
  return classified(capture, inspection);
}

// P14 of the checklist.
TEST(ApplicationCorpus, NamesWhatIsNotOnItsOwnPort) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  const auto rules = ProtocolRules::load("");
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  size_t wanted = 0;
  size_t same = 0;
  for (const fs::path& capture : corpus::list_captures(*folder)) {
    const OurFlows ours = inspected(capture, *rules);
    for (const auto& [name, answers] : corpus::read_application_answers(capture, kUpstream)) {
      if (name.protocol != kProtocolTcp && name.protocol != kProtocolUdp) continue;
      for (const ApplicationAnswer& answer : answers) {
        const std::string master = master_of(answer.name);
        const OurFlow* flow = flow_of(ours, name, answer);
        const bool is_by_payload = answer.confidence.starts_with("DPI");
        if (flow == nullptr || !is_by_payload || is_on_its_own_port(name, master)) continue;
        ++wanted;
        same += master_of(flow->application) == master ? 1 : 0;
      }
    }
  }
  std::cout << same << " of " << wanted << " flows on foreign ports have upstream's protocol\n";
  EXPECT_GT(wanted, 100U);
  EXPECT_GE(static_cast<double>(same), 0.9 * static_cast<double>(wanted));
}

// P24 of the checklist: the applications that the paper names.
TEST(ApplicationCorpus, FindsTheApplicationsOfThePaper) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  const auto rules = ProtocolRules::load("");
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  const std::pair<const char*, const char*> kWanted[] = {
      {"N-skype-conference-call.pcap", "STUN.Skype_TeamsCall"},
      {"N-bittorrent.pcap", "BitTorrent"},
      {"N-bittorrent_utp.pcap", "BitTorrent"},
      {"N-sip.pcap", "SIP"},
      {"N-sip.pcap", "RTP"},
      {"N-viber.pcap", "TLS.Viber"},
      {"N-netflix.pcap", "TLS.NetFlix"},
      {"N-spotify_tcp.pcap", "Spotify"},
      {"N-youtube_quic.pcap", "QUIC.YouTube"},
      {"N-facebook.pcap", "TLS.Facebook"},
      {"N-reddit.pcap", "TLS.Twitter"},
      {"N-citrix.pcap", "Citrix"},
      {"N-webex.pcap", "TLS.Webex"},
  };
  for (const auto& [capture, application] : kWanted) {
    std::set<std::string> seen;
    for (const auto& [name, flows] : inspected(*folder / "pcap" / capture, *rules)) {
      for (const OurFlow& flow : flows) seen.insert(flow.application);
    }
    EXPECT_TRUE(seen.contains(application)) << capture << ": " << application;
  }
}

}  // namespace
}  // namespace weir
