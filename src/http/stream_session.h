// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to this folder and included by its .cc files only: it shows Boost types.
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/server_context.h"

namespace weir {

using UpgradeRequest = boost::beast::http::request<boost::beast::http::string_body>;

// Makes the connection a WebSocket and serves it. Lives by itself; ends with the io_context.
void start_stream_session(boost::beast::tcp_stream stream, UpgradeRequest request,
                          ServerContext& context, ConnectionSlot slot);

}  // namespace weir
