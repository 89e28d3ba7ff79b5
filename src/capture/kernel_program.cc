// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/kernel_program.h"

#include <linux/if_link.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>
#include <cstdarg>

namespace weir {
namespace {

int say_nothing(libbpf_print_level /*level*/, const char* /*format*/, va_list /*arguments*/) {
  return 0;
}

bool prepare(bpf_object& object, const KernelProgram::Setting& setting) {
  if (!setting.constants.empty()) {
    bpf_map* const constants = ::bpf_object__find_map_by_name(&object, ".rodata");
    if (constants == nullptr || ::bpf_map__value_size(constants) != setting.constants.size() ||
        ::bpf_map__set_initial_value(constants, setting.constants.data(),
                                     setting.constants.size()) != 0)
      return false;
  }
  if (!setting.map_size) return true;
  bpf_map* const map = ::bpf_object__find_map_by_name(&object, setting.map.c_str());
  return map != nullptr && ::bpf_map__set_max_entries(map, *setting.map_size) == 0;
}

int xdp_link(int program, unsigned interface_index, uint32_t mode) {
  bpf_link_create_opts options{};
  options.sz = sizeof options;
  options.flags = mode;
  return ::bpf_link_create(program, static_cast<int>(interface_index), BPF_XDP, &options);
}

}  // namespace

Result<std::shared_ptr<const KernelProgram>> KernelProgram::load(const Setting& setting) {
  ::libbpf_set_print(say_nothing);
  Object object(::bpf_object__open_mem(setting.object.data(), setting.object.size(), nullptr),
                [](bpf_object* done) { ::bpf_object__close(done); });
  if (!object) return system_error("open the kernel program", errno);
  if (!prepare(*object, setting)) return Error{"the kernel program has other constants or maps"};
  if (const int status = ::bpf_object__load(object.get()); status != 0)
    return system_error("load a program into the kernel", -status);
  return std::shared_ptr<const KernelProgram>(new KernelProgram(std::move(object)));
}

int KernelProgram::program() const {
  return ::bpf_program__fd(::bpf_object__next_program(object_.get(), nullptr));
}

int KernelProgram::map(const std::string& name) const {
  const bpf_map* const map = ::bpf_object__find_map_by_name(object_.get(), name.c_str());
  return map == nullptr ? -1 : ::bpf_map__fd(map);
}

Result<void> KernelProgram::set(const std::string& map_name, uint32_t index, int descriptor) const {
  if (::bpf_map_update_elem(map(map_name), &index, &descriptor, BPF_ANY) == 0) return {};
  return system_error("set " + map_name, errno);
}

Result<uint32_t> KernelProgram::run(std::span<const uint8_t> packet) const {
  bpf_test_run_opts options{};
  options.sz = sizeof options;
  options.data_in = packet.data();
  options.data_size_in = static_cast<uint32_t>(packet.size());
  options.repeat = 1;
  if (::bpf_prog_test_run_opts(program(), &options) != 0)
    return system_error("run a kernel program", errno);
  return options.retval;
}

Result<KernelProgram::XdpAttachment> KernelProgram::attach_xdp(unsigned interface_index) const {
  Descriptor native(xdp_link(program(), interface_index, XDP_FLAGS_DRV_MODE));
  if (native.is_open()) return XdpAttachment{std::move(native), true};
  if (errno == EBUSY || errno == EEXIST || errno == EPERM)
    return system_error("attach to the interface", errno == EEXIST ? EBUSY : errno);
  Descriptor generic(xdp_link(program(), interface_index, XDP_FLAGS_SKB_MODE));
  if (generic.is_open()) return XdpAttachment{std::move(generic), false};
  return system_error("attach to the interface", errno);
}

}  // namespace weir
