// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "http/asset_store.h"
#include "http/http_message.h"

namespace weir {

// The console's file at `path`, in gzip where the client takes it, or 304 where it has it already.
// Files under /assets/ have their hash in the name and never change; all others are asked for anew
// each time. A path that is no file but a page of the console (/hosts/10.0.0.1, or anything a
// browser opens as a page) is index.html: the console routes in the browser. Else 404. Without any
// console "/" says so.
[[nodiscard]] HttpAnswer answer_static(const AssetStore& assets, const HttpRequest& request,
                                       std::string_view path);

}  // namespace weir
