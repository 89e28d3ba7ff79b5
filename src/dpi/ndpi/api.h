// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <ndpi_api.h>

#include "net/ip_address.h"

// What differs between nDPI 4.2 and 5.x, each difference behind one function that is written once
// for each form. CMake tries which form the installed header has (cmake/ndpi.cmake) and compiles
// that file; nothing here asks for a version.
namespace weir::ndpi_api {

using Module = ndpi_detection_module_struct;
using Flow = ndpi_flow_struct;

// A module with all protocols on, ready to use; null when nDPI has no memory or refuses.
// create_with_preferences.cc (4.2 to 4.8), create_with_context.cc (4.10 to 4.14),
// create_all_on.cc (5.x).
[[nodiscard]] Module* create();
// process_5_arguments.cc (4.2, 4.4), process_6_arguments.cc.
[[nodiscard]] ndpi_protocol process(Module* module, Flow* flow, std::span<const uint8_t> packet,
                                    uint64_t milliseconds);
// give_up_with_guess.cc (4.2 to 4.8), give_up_guessed.cc (4.10 to 4.14), give_up.cc (5.x).
[[nodiscard]] ndpi_protocol give_up(Module* module, Flow* flow);

// The two halves of a verdict, 0 for none. flat_protocol.cc (4.2 to 4.10),
// nested_protocol.cc (4.11 and later).
[[nodiscard]] uint16_t master_of(const ndpi_protocol& protocol);
[[nodiscard]] uint16_t application_of(const ndpi_protocol& protocol);
[[nodiscard]] ndpi_protocol protocol_of(uint16_t application);
// Whether no further packet would change or add anything. done_by_question.cc (4.2 to 4.14),
// done_by_state.cc (5.x).
[[nodiscard]] bool is_done(Module* module, Flow* flow, const ndpi_protocol& protocol);

// How many protocols have numbers, with those added since. count_supported.cc (4.2 to 4.14),
// count_all.cc (5.x).
[[nodiscard]] unsigned protocol_count(Module* module);
// The protocol that owns an address, 0 for none. address_v4.cc, address_v4_v6.cc (5.x).
[[nodiscard]] uint16_t match_address(Module* module, const IpAddress& address);
struct Memory {
  void* (*allocate)(size_t);
  void* (*allocate_zeroed)(size_t, size_t);
  void* (*reallocate)(void*, size_t);
  void (*release)(void*);  // takes null
};
// Where nDPI's memory comes from. Call before anything else. memory_setters.cc (4.2 to 4.14, which
// make everything of the first and the last), memory_functions.cc (5.x).
void set_memory(const Memory& memory);

}  // namespace weir::ndpi_api
