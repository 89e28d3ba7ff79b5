// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

// The catalogue of the applications that weir can name: those of schema/ports.json from the start,
// others (nDPI's protocols, "TLS.Google", users' own) from the moment somebody asks for their
// number. A number means the same application until the process ends; only names leave it.
// Thread-safe.
inline constexpr uint16_t kApplicationUnknown = 0;
inline constexpr uint16_t kMaxApplications = 4096;      // so every number is below this
inline constexpr size_t kMaxApplicationNameBytes = 64;  // longer names are cut

// "TLS"; "Unknown" for 0 and for numbers not given out. Lives for ever. Lock-free.
[[nodiscard]] std::string_view application_name(uint16_t application);
// "Web"; "Unknown" for 0 and for numbers not given out. Lives for ever. Lock-free.
[[nodiscard]] std::string_view application_category(uint16_t application);
// How many there are now: the numbers below it are given out. Never falls. Lock-free.
[[nodiscard]] uint16_t application_count();

// The number of the application of that name (upper and lower case differ); 0 when it has none.
// Lock-free, constant time.
[[nodiscard]] uint16_t find_application(std::string_view name);
// The same, and makes it when there is none; an empty name is Unknown. The category counts only
// then: an application keeps the one it was made with. When the catalogue is full, the number of
// what stands before the name's first dot ("TLS" for "TLS.Google"), else Unknown. Locks only to
// make one.
[[nodiscard]] uint16_t application_number(std::string_view name, std::string_view category);
// How often application_number() could not make one because the catalogue was full.
[[nodiscard]] uint64_t applications_left_out();

// The application that owns a port by schema/ports.json, for TCP and UDP (SCTP and others: by TCP's
// column); 0 when none does. Constant time.
[[nodiscard]] uint16_t application_of_port(uint8_t protocol, uint16_t port);
// By the server's port first, then the client's; 0 when neither says anything. ICMP, IGMP, ESP ...
// are named by protocol.
[[nodiscard]] uint16_t guess_application(uint8_t protocol, uint16_t client_port,
                                         uint16_t server_port);

}  // namespace weir
