// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/asset_store.h"

#include <algorithm>

#include "http/embedded_assets.h"

namespace weir {
namespace {

class EmbeddedAssets : public AssetStore {
 public:
  explicit EmbeddedAssets(std::span<const EmbeddedAsset> table) : table_(table) {}

  [[nodiscard]] std::optional<Asset> find(std::string_view path) const override {
    const auto found = std::find_if(table_.begin(), table_.end(),
                                    [&](const EmbeddedAsset& asset) { return asset.path == path; });
    if (found == table_.end()) return std::nullopt;
    return Asset{found->content_type, found->plain, found->gzip, std::string(found->etag), nullptr};
  }

 private:
  std::span<const EmbeddedAsset> table_;
};

}  // namespace

std::unique_ptr<AssetStore> make_embedded_assets(std::span<const EmbeddedAsset> table) {
  return std::make_unique<EmbeddedAssets>(table);
}

std::unique_ptr<AssetStore> embedded_assets() {
  return make_embedded_assets(embedded_asset_table());
}

}  // namespace weir
