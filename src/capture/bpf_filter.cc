// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/bpf_filter.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <array>
#include <memory>
#include <span>

namespace weir {
namespace {

using PcapHandle = std::unique_ptr<pcap_t, decltype(&::pcap_close)>;

constexpr int kSnapLength = 262144;
constexpr int kSmallBuffer = 64 << 10;  // no packet will ever be read from it

// What libpcap on this system calls a link type. They differ where systems disagreed.
int dlt_of(LinkType type) {
  return type == LinkType::kRaw ? DLT_RAW : static_cast<int>(type);
}

PcapHandle handle_for(const std::string& interface, LinkType link_type) {
  std::array<char, PCAP_ERRBUF_SIZE> ignored{};
  PcapHandle live(::pcap_create(interface.c_str(), ignored.data()), &::pcap_close);
  if (live) {
    ::pcap_set_snaplen(live.get(), kSnapLength);
    ::pcap_set_buffer_size(live.get(), kSmallBuffer);
    const bool is_active = ::pcap_activate(live.get()) >= 0;
    if (is_active && ::pcap_datalink(live.get()) == dlt_of(link_type)) return live;
  }
  return {::pcap_open_dead(dlt_of(link_type), kSnapLength), &::pcap_close};
}

Result<BpfProgram> compile_with(pcap_t* handle, const std::string& expression) {
  bpf_program compiled{};
  if (::pcap_compile(handle, &compiled, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
    return Error{fmt::format("filter \"{}\": {}", expression, ::pcap_geterr(handle))};
  BpfProgram program;
  for (const bpf_insn& instruction : std::span(compiled.bf_insns, compiled.bf_len)) {
    program.push_back({instruction.code, instruction.jt, instruction.jf, instruction.k});
  }
  ::pcap_freecode(&compiled);
  return program;
}

}  // namespace

Result<BpfProgram> compile_bpf(const std::string& expression, const std::string& interface,
                               LinkType link_type) {
  return compile_with(handle_for(interface, link_type).get(), expression);
}

Result<PacketFilter> PacketFilter::compile(const std::string& expression, LinkType link_type) {
  PacketFilter filter;
  if (expression.empty()) return filter;
  const PcapHandle handle(::pcap_open_dead(dlt_of(link_type), kSnapLength), &::pcap_close);
  auto program = compile_with(handle.get(), expression);
  if (!program) return program.error();
  filter.program_ = *std::move(program);
  return filter;
}

bool PacketFilter::lets(const PacketView& packet) const {
  static_assert(sizeof(bpf_insn) == sizeof(BpfInstruction));
  const auto* const program = reinterpret_cast<const bpf_insn*>(program_.data());
  return ::bpf_filter(program, packet.data, packet.wire_length, packet.captured_length) != 0;
}

}  // namespace weir
