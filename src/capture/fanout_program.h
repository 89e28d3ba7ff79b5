// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "capture/kernel_program.h"

namespace weir {

// The program that shares the packets of `interface` out to the sources of a fanout group by their
// innermost flow (fanout_hash.bpf.c), with a seed of its own; one for all of them. Errors: see
// KernelProgram::load().
[[nodiscard]] Result<std::shared_ptr<const KernelProgram>> load_fanout_program(
    const std::string& interface);

}  // namespace weir
