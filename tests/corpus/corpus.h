// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/packet_view.h"

// The captures with known answers that lie beside the repository, or where the environment variable
// WEIR_CORPUS says.
namespace weir::corpus {

// The folder with `pcap/` and `expected/`; nothing when there is none.
std::optional<std::filesystem::path> find_captures();

// All capture files in it, by name.
std::vector<std::filesystem::path> list_captures(const std::filesystem::path& folder);

// Hands over each packet of a capture; the view lives during the call. "" or what is wrong with the
// file.
std::string for_each_packet(const std::filesystem::path& file,
                            const std::function<void(const PacketView&)>& take);

}  // namespace weir::corpus
