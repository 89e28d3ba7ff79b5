// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/flow_record.h"

namespace weir {

std::string_view flow_state_name(FlowState state) {
  switch (state) {
    case FlowState::kOneWay:
      return "one_way";
    case FlowState::kTwoWay:
      return "two_way";
    case FlowState::kSynSent:
      return "syn_sent";
    case FlowState::kSynReceived:
      return "syn_received";
    case FlowState::kEstablished:
      return "established";
    case FlowState::kClosing:
      return "closing";
    case FlowState::kClosed:
      return "closed";
    case FlowState::kReset:
      return "reset";
  }
  return {};
}

std::string_view end_reason_name(EndReason reason) {
  switch (reason) {
    case EndReason::kActive:
      return "active";
    case EndReason::kIdle:
      return "idle";
    case EndReason::kClosed:
      return "closed";
    case EndReason::kReused:
      return "reused";
    case EndReason::kEvicted:
      return "evicted";
    case EndReason::kEnd:
      return "end";
  }
  return {};
}

}  // namespace weir
