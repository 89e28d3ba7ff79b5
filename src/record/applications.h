// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace weir {

// The applications weir can name. Numbers are indices of this build's table; only names leave the
// process.
inline constexpr uint16_t kApplicationUnknown = 0;

[[nodiscard]] std::string_view application_name(uint16_t application);  // "TLS"; "Unknown" for 0
[[nodiscard]] std::string_view application_category(
    uint16_t application);  // "Web"; "Unknown" for 0
[[nodiscard]] uint16_t application_count();

// The application that owns a port by schema/ports.json, for TCP and UDP (SCTP and others: by TCP's
// column); 0 when none does. Constant time.
[[nodiscard]] uint16_t application_of_port(uint8_t protocol, uint16_t port);
// By the server's port first, then the client's; 0 when neither says anything. ICMP, IGMP, ESP ...
// are named by protocol.
[[nodiscard]] uint16_t guess_application(uint8_t protocol, uint16_t client_port,
                                         uint16_t server_port);

}  // namespace weir
