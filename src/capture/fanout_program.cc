// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/fanout_program.h"

#include <cstring>
#include <random>

#include "capture/kernel_objects.h"
#include "capture/packet_socket.h"

namespace weir {
namespace {

// The constants of fanout_hash.bpf.c in their order.
struct Constants {
  uint64_t seed;
  uint32_t link_header;
};
constexpr size_t kConstantsBytes = 12;  // the compiler's padding is not part of the section

constexpr uint32_t kEthernetHeader = 14;

}  // namespace

Result<std::shared_ptr<const KernelProgram>> load_fanout_program(const std::string& interface) {
  std::random_device random;
  const bool is_ethernet = af_packet_link_type(interface) == LinkType::kEthernet;
  const Constants constants{static_cast<uint64_t>(random()) << 32 | random(),
                            is_ethernet ? kEthernetHeader : 0};
  KernelProgram::Setting setting{.object = fanout_hash_object()};
  setting.constants.resize(kConstantsBytes);
  std::memcpy(setting.constants.data(), &constants, kConstantsBytes);
  return KernelProgram::load(setting);
}

}  // namespace weir
