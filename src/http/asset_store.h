// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir {

// One file of the console as it is sent. `gzip` is empty where there is no compressed form.
// The views live as long as the store, or as `storage` where it is set (a file read from a folder).
struct Asset {
  std::string_view content_type;
  std::string_view plain;
  std::string_view gzip;
  std::string etag;  // quoted, strong, of the plain form
  std::shared_ptr<const std::string> storage;
};

// Where the console's files come from. Thread-safe.
class AssetStore {
 public:
  virtual ~AssetStore() = default;
  // `path` as in the URL, decoded: "/index.html". Nothing when there is no such file. It is
  // compared with the paths of known files, never made into a file name.
  [[nodiscard]] virtual std::optional<Asset> find(std::string_view path) const = 0;
};

// One line of the table that the build makes of web/dist (tools/embed_assets.mjs).
struct EmbeddedAsset {
  std::string_view path;
  std::string_view content_type;
  std::string_view etag;
  std::string_view plain;
  std::string_view gzip;
};

// The console that was built into this binary; empty without WEIR_WEB.
[[nodiscard]] std::unique_ptr<AssetStore> embedded_assets();
// A store of the given table, which must outlive it. Shared: immutable.
[[nodiscard]] std::unique_ptr<AssetStore> make_embedded_assets(
    std::span<const EmbeddedAsset> table);
// The files of `folder` (`--web-dir`, for working on the console), read anew at each call, new
// files included. Symbolic links are not followed. Error: `folder` cannot be listed.
[[nodiscard]] Result<std::unique_ptr<AssetStore>> make_folder_assets(const std::string& folder);

}  // namespace weir
