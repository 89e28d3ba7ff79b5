// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace weir {

// The ELF objects that clang made of NAME.bpf.c (cmake/kernel_program.cmake), aligned to 8 bytes.
[[nodiscard]] std::span<const uint8_t> fanout_hash_object();
[[nodiscard]] std::span<const uint8_t> xdp_to_sockets_object();

}  // namespace weir
