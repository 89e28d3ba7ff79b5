// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "base/result.h"
#include "collect/export_listener.h"
#include "zmq/zmq_link.h"

namespace weir {

// Hears what ntop's programs and weir send over ZeroMQ, of several peers at once where it is bound.
// Of what libzmq cannot tell of a peer (its port) nothing is said, so that two of one address and
// without keys are told apart by their source ids alone. Errors: as ZmqLink::open().
[[nodiscard]] Result<std::unique_ptr<ExportListener>> open_zmq_listener(
    const ZmqLinkOptions& options);

}  // namespace weir
