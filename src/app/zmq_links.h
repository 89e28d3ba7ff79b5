// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/options.h"
#include "base/result.h"
#include "export/flow_outlets.h"
#include "zmq/zmq_link.h"

namespace weir {

// What a link to an endpoint is to do by the options --zmq-...: reads the files of keys they name.
// Errors: one cannot be read or is wrong, or check_zmq_link() says so.
[[nodiscard]] Result<ZmqLinkOptions> zmq_link(const ZmqEndpoint& endpoint, bool binds,
                                              const ZmqOptions& options);

// The outlet that --export names, with its link where that is of ZeroMQ. Errors: as parse_outlet()
// and zmq_link().
[[nodiscard]] Result<FlowOutlets::Outlet> outlet_of(const std::string& text,
                                                    const ZmqOptions& options);

}  // namespace weir
