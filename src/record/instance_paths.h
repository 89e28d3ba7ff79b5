// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

// The ways that flows take through instances of weir, "leaf/middle", each with a number that means
// the same until the process ends. There are as many as a hierarchy has places; those for which
// there is no room are not known. Thread-safe.
inline constexpr uint32_t kNoPath = 0;
inline constexpr size_t kMaxPaths = 4096;
inline constexpr size_t kMaxPathBytes = 254;  // longer ones are not known

// Its number, made when it has none; kNoPath for "", for what is too long and when all are given
// out. Locks.
[[nodiscard]] uint32_t path_number(std::string_view path);
// The same of one that was made before.
[[nodiscard]] uint32_t find_path(std::string_view path);
// "" for kNoPath and for numbers not given out. Lives for ever. Lock-free.
[[nodiscard]] std::string_view path_text(uint32_t number);

// "leaf/middle/root": the way through one more instance.
[[nodiscard]] uint32_t path_through(uint32_t path, std::string_view instance);
// Whether the way leads through that instance.
[[nodiscard]] bool leads_through(uint32_t path, std::string_view instance);

}  // namespace weir
