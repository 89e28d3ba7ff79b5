// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "net/prefix.h"

// Writes small MaxMind DB files for tests.
// Source: https://maxmind.github.io/MaxMind-DB/ (version 2.0)
namespace weir::test_mmdb {

struct Data;
using Map = std::map<std::string, Data>;
// One value of a record: text, a number or a map.
struct Data {
  std::variant<std::string, uint32_t, Map> value;

  Data(const char* text) : value(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  Data(std::string text) : value(std::move(text)) {}    // NOLINT(google-explicit-constructor)
  Data(uint32_t number) : value(number) {}              // NOLINT(google-explicit-constructor)
  Data(Map map) : value(std::move(map)) {}              // NOLINT(google-explicit-constructor)
};

class Writer {
 public:
  explicit Writer(std::string type) : type_(std::move(type)) {}

  // Later networks must not hold earlier ones.
  Writer& add(const std::string& network, const Data& record) {
    const Prefix prefix = *Prefix::parse(network);
    const bool is_v4 = prefix.address().is_v4();
    const unsigned bits = prefix.length() + (is_v4 ? 96 : 0);
    IpAddress::Bytes bytes = prefix.address().bytes();
    if (is_v4) bytes[10] = bytes[11] = 0;  // IPv4 lies at ::/96
    size_t node = 0;
    for (unsigned i = 0; i + 1 < bits; ++i) {
      const size_t side = bytes[i / 8] >> (7 - i % 8) & 1;
      if (nodes_[node][side] <= 0) {
        nodes_[node][side] = static_cast<int64_t>(nodes_.size());
        nodes_.push_back({});
      }
      node = static_cast<size_t>(nodes_[node][side]);
    }
    const unsigned last = bits - 1;
    nodes_[node][bytes[last / 8] >> (7 - last % 8) & 1] = -1 - static_cast<int64_t>(data_.size());
    append(data_, record);
    return *this;
  }

  [[nodiscard]] std::string file() const {
    std::string out;
    for (const auto& node : nodes_) {
      for (const int64_t child : node) {
        // 0 is no node's child: the root.
        const uint64_t record = child > 0   ? static_cast<uint64_t>(child)
                                : child < 0 ? nodes_.size() + 16 + static_cast<uint64_t>(-1 - child)
                                            : nodes_.size();
        out += {static_cast<char>(record >> 16), static_cast<char>(record >> 8),
                static_cast<char>(record)};
      }
    }
    out.append(16, '\0');
    out += data_;
    out += "\xab\xcd\xefMaxMind.com";
    append_metadata(out);
    return out;
  }
  // The path again.
  std::string write(const std::string& path) const {
    std::ofstream(path, std::ios::binary) << file();
    return path;
  }

 private:
  enum Type : unsigned { kText = 2, kUint16 = 5, kUint32 = 6, kMap = 7, kUint64 = 9, kArray = 11 };

  static void append_control(std::string& out, unsigned type, size_t size) {
    constexpr size_t kDirect = 29;
    constexpr unsigned kExtended = 8;  // types from here on stand in a byte of their own
    const size_t first = type < kExtended ? type << 5 : 0;
    out += static_cast<char>(first | (size < kDirect ? size : kDirect));
    if (type >= kExtended) out += static_cast<char>(type - 7);
    if (size >= kDirect) out += static_cast<char>(size - kDirect);
  }
  // The types of the metadata are prescribed.
  void append_metadata(std::string& out) const {
    append_control(out, kMap, 9);
    for (const auto& [key, value] :
         std::map<std::string, uint16_t>{{"binary_format_major_version", 2},
                                         {"binary_format_minor_version", 0},
                                         {"ip_version", 6},
                                         {"record_size", 24}}) {
      append(out, key);
      append_number(out, kUint16, value, 2);
    }
    append(out, "node_count");
    append_number(out, kUint32, nodes_.size(), 4);
    append(out, "build_epoch");
    append_number(out, kUint64, 1'700'000'000, 8);
    append(out, "database_type");
    append(out, type_);
    append(out, "languages");
    append_control(out, kArray, 1);
    append(out, "en");
    append(out, "description");
    append(out, Map{{"en", "made by a test"}});
  }
  static void append_number(std::string& out, unsigned type, uint64_t number, unsigned bytes) {
    append_control(out, type, bytes);
    for (unsigned i = bytes; i > 0; --i) out += static_cast<char>(number >> 8 * (i - 1));
  }
  static void append(std::string& out, const Data& data) {
    if (const auto* text = std::get_if<std::string>(&data.value)) {
      append_control(out, kText, text->size());
      out += *text;
    } else if (const auto* number = std::get_if<uint32_t>(&data.value)) {
      append_number(out, kUint32, *number, 4);
    } else {
      const Map& map = std::get<Map>(data.value);
      append_control(out, kMap, map.size());
      for (const auto& [key, value] : map) {
        append(out, key);
        append(out, value);
      }
    }
  }

  std::string type_;
  std::vector<std::array<int64_t, 2>> nodes_{1};
  std::string data_;
};

// The layout of GeoLite2.
inline Data nested_country(const std::string& code, const std::string& name) {
  return Map{{"continent", Map{{"code", "EU"}}},
             {"country", Map{{"iso_code", code}, {"names", Map{{"en", name}}}}}};
}
inline Data nested_as(uint32_t number, const std::string& name) {
  return Map{{"autonomous_system_number", number}, {"autonomous_system_organization", name}};
}

}  // namespace weir::test_mmdb
