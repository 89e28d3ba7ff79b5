// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "http/asset_store.h"

namespace weir {

// The table that tools/embed_assets.mjs makes of web/dist; empty without WEIR_WEB
// (no_console/no_assets.cc).
[[nodiscard]] std::span<const EmbeddedAsset> embedded_asset_table();

}  // namespace weir
