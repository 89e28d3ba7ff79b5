// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/timestamp.h"
#include "corpus/application_answers.h"
#include "decode/decoded_packet.h"
#include "dpi/inspector.h"
#include "record/risks.h"

// The flows of a capture as the inspection sees them, to be compared with known answers.
namespace weir::corpus {

// One of our flows: those of the same name differ in their VLAN tags.
struct OurFlow {
  VlanTags vlan;
  std::string application;
  std::string category;
  std::string confidence;
  RiskSet risks = {};
};
using OurFlows = std::map<FlowName, std::vector<OurFlow>>;

// What sees the packets of one capture's flows and names them in the end.
class Classifier {
 public:
  virtual ~Classifier() = default;
  virtual void take(const FlowName& name, const DecodedPacket& packet, Timestamp when) = 0;
  virtual OurFlows finish() = 0;
};

// Shows a classifier each packet of a capture that belongs to a flow; `error` is why the file ended
// early, "" when it did not.
OurFlows classify(const std::filesystem::path& capture, Classifier& classifier, std::string& error);

// The flow of ours that an answer is about: the one with its VLAN, else the first of that name;
// null when there is none.
const OurFlow* flow_of(const OurFlows& ours, const FlowName& name, const ApplicationAnswer& answer);

// From the IP header on.
std::span<const uint8_t> datagram_of(const DecodedPacket& packet);

// The whole inspection, as a shard uses it: TCP without payload is not shown, but for the numbers
// of SYNs, and a flow without payload is guessed.
class Inspection : public Classifier {
 public:
  explicit Inspection(Inspector& inspector) : inspector_(inspector) {}

  void take(const FlowName& name, const DecodedPacket& packet, Timestamp when) override;
  OurFlows finish() override;

 private:
  struct Flow {
    Inspector::Handle handle = Inspector::kNone;
    IpAddress client;
    uint16_t client_port = 0;
    Verdict verdict;
    RiskSet risks;
  };
  // The client is who sends the first SYN, else who has no port of a service, else who began.
  void begin(Flow& flow, const DecodedPacket& packet);
  void end(Flow& flow);

  Inspector& inspector_;
  std::map<std::pair<FlowName, VlanTags>, Flow> flows_;
};

}  // namespace weir::corpus
