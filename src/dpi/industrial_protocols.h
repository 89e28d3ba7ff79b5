// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dpi/payload.h"

namespace weir {

// Whether a payload is a message of an automation protocol. Each looks at the lengths and fields of
// the protocol's own header only; REQUIRES of all: the payload is of the transport named.
[[nodiscard]] bool is_bacnet(const Payload& payload);        // UDP; ASHRAE 135, annex J
[[nodiscard]] bool is_s7comm_plus(const Payload& payload);   // TCP; in RFC 1006 and X.224
[[nodiscard]] bool is_opc_ua(const Payload& payload);        // TCP; OPC 10000-6, 7.1
[[nodiscard]] bool is_hart_ip(const Payload& payload);       // both; FCG TS20085, port 5094
[[nodiscard]] bool is_fins(const Payload& payload);          // UDP; Omron W342, port 9600
[[nodiscard]] bool is_beckhoff_ads(const Payload& payload);  // TCP; Beckhoff TE1000, AMS/TCP
[[nodiscard]] bool is_cip_io(const Payload& payload);        // UDP; CIP volume 2, class 0 and 1
[[nodiscard]] bool is_iec62056(const Payload& payload);      // both; IEC 62056-47 wrapper
[[nodiscard]] bool is_umas(const Payload& payload);          // TCP; Modbus function 90, port 502

}  // namespace weir
