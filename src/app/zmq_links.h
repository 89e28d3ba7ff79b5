// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "base/result.h"
#include "zmq/zmq_link.h"

namespace weir {

// What a link to an endpoint is to do by the options --zmq-...: reads the files of keys they name.
// Errors: one cannot be read or is wrong, or check_zmq_link() says so.
[[nodiscard]] Result<ZmqLinkOptions> zmq_link(const ZmqEndpoint& endpoint, bool binds,
                                              const ZmqOptions& options);

}  // namespace weir
