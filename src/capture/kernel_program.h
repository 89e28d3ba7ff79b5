// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"

struct bpf_object;

namespace weir {

// An eBPF program with its maps, loaded into the kernel, which keeps it as long as this lives or it
// is attached. Thread-safe once made. The only place that knows libbpf.
class KernelProgram {
 public:
  struct Setting {
    std::span<const uint8_t> object;     // an ELF object with one program
    std::vector<uint8_t> constants{};    // for its "const volatile" variables; empty: as compiled
    std::string map{};                   // the map to give another size
    std::optional<uint32_t> map_size{};  // in entries
  };

  // Errors: the kernel's refusal (EPERM without cap_bpf, or with cap_bpf but without cap_net_admin
  // where the program wants both).
  static Result<std::shared_ptr<const KernelProgram>> load(const Setting& setting);

  // A descriptor that this owns.
  [[nodiscard]] int program() const;
  // The same; -1 when there is no such map.
  [[nodiscard]] int map(const std::string& name) const;

  // Sets what an array-like map (of sockets) has at `index`.
  [[nodiscard]] Result<void> set(const std::string& map, uint32_t index, int descriptor) const;

  // What the program answers for one packet (BPF_PROG_TEST_RUN): for tests.
  [[nodiscard]] Result<uint32_t> run(std::span<const uint8_t> packet) const;

  // Attaches an XDP program to an interface until the returned descriptor is closed, in whatever
  // way this process ends; the kernel's link does that. The driver's own XDP is tried first, then
  // the generic one. Error EBUSY: another XDP program is there.
  struct XdpAttachment {
    Descriptor link;
    bool is_native = false;
  };
  [[nodiscard]] Result<XdpAttachment> attach_xdp(unsigned interface_index) const;

 private:
  using Object = std::unique_ptr<bpf_object, void (*)(bpf_object*)>;
  explicit KernelProgram(Object object) : object_(std::move(object)) {}

  Object object_;
};

}  // namespace weir
