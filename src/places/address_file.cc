// SPDX-License-Identifier: GPL-3.0-or-later
#include "places/address_file.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <maxminddb.h>

#include "record/places.h"

namespace weir {

struct AddressFile::Database {
  MMDB_s mmdb{};
  bool is_open = false;
  ~Database() {
    if (is_open) MMDB_close(&mmdb);
  }
};

namespace {

constexpr size_t kMaxNameBytes = 128;

// The value at a path of map keys, nothing when the record has none.
std::optional<MMDB_entry_data_s> value_at(MMDB_entry_s entry,
                                          std::initializer_list<const char*> path) {
  std::vector<const char*> keys(path);
  keys.push_back(nullptr);
  MMDB_entry_data_s data{};
  if (MMDB_aget_value(&entry, &data, keys.data()) != MMDB_SUCCESS || !data.has_data)
    return std::nullopt;
  return data;
}

std::string_view text_at(const MMDB_entry_s& entry, std::initializer_list<const char*> path) {
  const auto data = value_at(entry, path);
  if (!data || data->type != MMDB_DATA_TYPE_UTF8_STRING) return {};
  return {data->utf8_string, data->data_size};
}

uint32_t country_of(const MMDB_entry_s& entry) {
  for (const auto& path :
       std::initializer_list<std::initializer_list<const char*>>{{"country", "iso_code"},
                                                                 {"registered_country", "iso_code"},
                                                                 {"country_code"},
                                                                 {"country"}}) {
    if (const CountryCode code = country_code(text_at(entry, path)); code != 0) return code;
  }
  return 0;
}

std::string_view country_name_of(const MMDB_entry_s& entry) {
  if (const auto name = text_at(entry, {"country", "names", "en"}); !name.empty()) return name;
  if (const auto name = text_at(entry, {"country_name"}); !name.empty()) return name;
  const auto name = text_at(entry, {"country"});
  return name.size() > 2 ? name : std::string_view();
}

// A number, or "AS64500", "64500".
uint32_t as_number_at(const MMDB_entry_s& entry, std::initializer_list<const char*> path) {
  const auto data = value_at(entry, path);
  if (!data) return 0;
  switch (data->type) {
    case MMDB_DATA_TYPE_UINT16:
      return data->uint16;
    case MMDB_DATA_TYPE_UINT32:
      return data->uint32;
    case MMDB_DATA_TYPE_UINT64:
      return data->uint64 <= UINT32_MAX ? static_cast<uint32_t>(data->uint64) : 0;
    default:
      break;
  }
  std::string_view text = text_at(entry, path);
  if (text.starts_with("AS") || text.starts_with("as")) text.remove_prefix(2);
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

uint32_t as_of(const MMDB_entry_s& entry) {
  for (const auto& path : std::initializer_list<std::initializer_list<const char*>>{
           {"autonomous_system_number"},
           {"traits", "autonomous_system_number"},
           {"asn"},
           {"as_number"}}) {
    if (const uint32_t number = as_number_at(entry, path); number != 0) return number;
  }
  return 0;
}

std::string_view as_name_of(const MMDB_entry_s& entry) {
  for (const auto& path : std::initializer_list<std::initializer_list<const char*>>{
           {"autonomous_system_organization"},
           {"traits", "autonomous_system_organization"},
           {"as_name"},
           {"name"},
           {"organization"},
           {"org"}}) {
    if (const auto name = text_at(entry, path); !name.empty()) return name;
  }
  return {};
}

}  // namespace

AddressFile::AddressFile(std::string path, Tells tells)
    : path_(std::move(path)), tells_(tells), database_(std::make_unique<Database>()) {}
AddressFile::~AddressFile() = default;

Result<std::unique_ptr<AddressFile>> AddressFile::open(const std::string& path, Tells tells) {
  std::unique_ptr<AddressFile> file(new AddressFile(path, tells));
  MMDB_s& mmdb = file->database_->mmdb;
  const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &mmdb);
  if (status == MMDB_FILE_OPEN_ERROR) return system_error(path, errno);
  if (status != MMDB_SUCCESS) return Error{fmt::format("{}: {}", path, MMDB_strerror(status)), 0};
  file->database_->is_open = true;
  if (mmdb.metadata.database_type != nullptr) file->type_ = mmdb.metadata.database_type;
  file->built_ = mmdb.metadata.build_epoch;
  if (auto read = file->read_records(); !read) return read.error().in(path);
  return file;
}

// Node by node and not down the tree: a file whose nodes go round in circles ends too.
Result<void> AddressFile::read_records() {
  const MMDB_s& mmdb = database_->mmdb;
  bool has_records = false;
  for (uint32_t i = 0; i < mmdb.metadata.node_count; ++i) {
    MMDB_search_node_s node{};
    if (const int status = MMDB_read_node(&mmdb, i, &node); status != MMDB_SUCCESS)
      return Error{MMDB_strerror(status), 0};
    const auto take = [&](uint8_t type, const MMDB_entry_s& entry) {
      if (type == MMDB_RECORD_TYPE_INVALID) return false;
      if (type != MMDB_RECORD_TYPE_DATA) return true;
      has_records = true;
      add_record(entry.offset);
      return true;
    };
    if (!take(node.left_record_type, node.left_record_entry) ||
        !take(node.right_record_type, node.right_record_entry))
      return Error{fmt::format("broken: node {} points out of the file", i), 0};
  }
  if (!has_records) return {};
  for (const auto& [offset, number] : numbers_) {
    if (number != 0) return {};
  }
  return Error{fmt::format("its records ({}) tell no {}", type_,
                           tells_ == Tells::kCountry ? "country" : "autonomous system"),
               0};
}

void AddressFile::add_record(uint32_t offset) {
  const auto [place, is_new] = numbers_.try_emplace(offset, 0);
  if (!is_new) return;
  const MMDB_entry_s entry{&database_->mmdb, offset};
  const bool is_country = tells_ == Tells::kCountry;
  const uint32_t number = is_country ? country_of(entry) : as_of(entry);
  place->second = number;
  if (number == 0 || names_.contains(number)) return;
  const std::string_view name = is_country ? country_name_of(entry) : as_name_of(entry);
  if (!name.empty()) names_.emplace(number, name.substr(0, kMaxNameBytes));
}

uint32_t AddressFile::find(const IpAddress& address) const {
  int status = MMDB_SUCCESS;
  MMDB_lookup_result_s found{};
  if (address.is_v4()) {
    sockaddr_in socket{};
    socket.sin_family = AF_INET;
    socket.sin_addr.s_addr = address.v4_bits();
    found =
        MMDB_lookup_sockaddr(&database_->mmdb, reinterpret_cast<const sockaddr*>(&socket), &status);
  } else {
    sockaddr_in6 socket{};
    socket.sin6_family = AF_INET6;
    std::memcpy(&socket.sin6_addr, address.bytes().data(), address.bytes().size());
    found =
        MMDB_lookup_sockaddr(&database_->mmdb, reinterpret_cast<const sockaddr*>(&socket), &status);
  }
  // Not an error worth a word: a file for IPv4 is asked about IPv6.
  if (status != MMDB_SUCCESS || !found.found_entry) return 0;
  const auto record = numbers_.find(found.entry.offset);
  return record == numbers_.end() ? 0 : record->second;
}

std::string_view AddressFile::name(uint32_t number) const {
  const auto found = names_.find(number);
  return found == names_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace weir
