// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for the generated table where the console is not built (WEIR_WEB=OFF).
#include "http/embedded_assets.h"

namespace weir {

std::span<const EmbeddedAsset> embedded_asset_table() {
  return {};
}

}  // namespace weir
