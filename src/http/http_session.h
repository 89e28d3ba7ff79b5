// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to this folder and included by its .cc files only: it shows Boost types.
#include <boost/asio/ip/tcp.hpp>

#include "http/server_context.h"

namespace weir {

// Serves HTTP/1.1 on an accepted socket until it ends or becomes a stream. Lives by itself; ends
// with the io_context.
void start_http_session(boost::asio::ip::tcp::socket socket, ServerContext& context);

}  // namespace weir
