// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tcp_state.h"

#include "decode/decoded_packet.h"
#include "engine/flow_slot.h"
#include "net/ip_protocol.h"

namespace weir {

uint8_t next_tcp_marks(uint8_t marks, uint8_t tcp_flags, uint8_t sender, bool other_spoke) {
  const bool syn = (tcp_flags & kTcpSyn) != 0;
  const bool ack = (tcp_flags & kTcpAck) != 0;
  if (syn && !ack) marks |= kMarkSyn;
  if (syn && ack) marks |= kMarkSynAck;
  if ((tcp_flags & kTcpFin) != 0) marks |= sender == 0 ? kMarkFin0 : kMarkFin1;
  if ((tcp_flags & kTcpRst) != 0) marks |= kMarkReset;
  // Either the third step of the handshake, or a conversation that weir joined in the middle.
  const bool third_step = !syn && ack && (marks & kMarkSynAck) != 0;
  const bool joined = !syn && (marks & kMarkSyn) == 0 && other_spoke;
  if ((third_step || joined) && (marks & kMarkReset) == 0) marks |= kMarkEstablished;
  return marks;
}

uint8_t next_datagram_marks(uint8_t marks, bool other_spoke) {
  return other_spoke ? static_cast<uint8_t>(marks | kMarkEstablished) : marks;
}

uint8_t next_record_marks(uint8_t marks, uint8_t protocol, uint8_t tcp_flags, uint8_t sender,
                          bool other_spoke) {
  if (protocol != kProtocolTcp || tcp_flags == 0) return next_datagram_marks(marks, other_spoke);
  const bool syn = (tcp_flags & kTcpSyn) != 0;
  const bool ack = (tcp_flags & kTcpAck) != 0;
  if (syn) marks |= kMarkSyn;
  if (syn && ack && other_spoke) marks |= kMarkSynAck;
  if ((tcp_flags & kTcpFin) != 0) marks |= sender == 0 ? kMarkFin0 : kMarkFin1;
  if ((tcp_flags & kTcpRst) != 0) marks |= kMarkReset;
  // Who pushes data, or acknowledges some of one who spoke, is in the middle of a connection.
  const bool is_going = ack && (other_spoke || (tcp_flags & kTcpPsh) != 0);
  return is_going ? static_cast<uint8_t>(marks | kMarkEstablished) : marks;
}

bool is_closed(uint8_t marks) {
  constexpr uint8_t kBothFin = kMarkFin0 | kMarkFin1;
  return (marks & kMarkReset) != 0 || (marks & kBothFin) == kBothFin;
}

bool begins_anew(uint8_t marks, uint8_t tcp_flags) {
  const bool first_syn = (tcp_flags & (kTcpSyn | kTcpAck | kTcpRst)) == kTcpSyn;
  return first_syn && (marks & kMarkEstablished) != 0 && is_closed(marks);
}

FlowState state_of(uint8_t marks, uint8_t protocol, bool both_spoke) {
  if (protocol != kProtocolTcp) return both_spoke ? FlowState::kTwoWay : FlowState::kOneWay;
  if ((marks & kMarkReset) != 0) return FlowState::kReset;
  if (is_closed(marks)) return FlowState::kClosed;
  if ((marks & (kMarkFin0 | kMarkFin1)) != 0) return FlowState::kClosing;
  if ((marks & kMarkEstablished) != 0) return FlowState::kEstablished;
  if ((marks & kMarkSynAck) != 0) return FlowState::kSynReceived;
  if ((marks & kMarkSyn) != 0) return FlowState::kSynSent;
  return FlowState::kOneWay;
}

}  // namespace weir
