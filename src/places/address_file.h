// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "net/ip_address.h"

namespace weir {

// A MaxMind DB file that tells the country or the autonomous system of an address, in the nested
// layout of GeoLite2 and DB-IP (country.iso_code, autonomous_system_number) or the flat one of
// ipinfo and iptoasn (country_code or country, asn). All records are decoded when it is opened, so
// that a look-up is a walk through the tree and one step through a table.
// Limits: records whose country or number makes no sense say nothing. The file stays mapped: it
// must be replaced (renamed over), not written in place. Shared: immutable.
// Source: https://maxmind.github.io/MaxMind-DB/
class AddressFile {
 public:
  enum class Tells : uint8_t { kCountry, kAs };

  // Errors: it cannot be read, is no such file or a broken one, or tells nothing of what is asked.
  static Result<std::unique_ptr<AddressFile>> open(const std::string& path, Tells tells);
  ~AddressFile();
  AddressFile(const AddressFile&) = delete;
  AddressFile& operator=(const AddressFile&) = delete;

  // The CountryCode or the AS number; 0 when the file does not know. Cost: 0.1 to 1 µs.
  [[nodiscard]] uint32_t find(const IpAddress& address) const;
  // Of a number that find() gave; "" when the file has none.
  [[nodiscard]] std::string_view name(uint32_t number) const;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& type() const { return type_; }  // "GeoLite2-Country"
  [[nodiscard]] uint64_t built() const { return built_; }          // seconds since 1970
  // How many different records there are, not networks.
  [[nodiscard]] size_t records() const { return numbers_.size(); }

 private:
  struct Database;  // the library's

  AddressFile(std::string path, Tells tells);
  [[nodiscard]] Result<void> read_records();
  void add_record(uint32_t offset);

  std::string path_;
  Tells tells_;
  std::unique_ptr<Database> database_;
  std::string type_;
  uint64_t built_ = 0;
  std::unordered_map<uint32_t, uint32_t> numbers_;  // by the offset of a record
  std::unordered_map<uint32_t, std::string> names_;
};

}  // namespace weir
