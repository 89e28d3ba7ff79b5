// SPDX-License-Identifier: GPL-3.0-or-later
#include "places/address_book.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

// How the files of MaxMind, DB-IP, ipinfo and iptoasn are called, the best first; DB-IP puts the
// month behind.
constexpr std::array<std::string_view, 10> kCountryFiles{
    "GeoIP2-Country", "GeoLite2-Country", "dbip-country", "iptoasn-country", "ipinfo_lite",
    "country_asn",    "country",          "GeoIP2-City",  "GeoLite2-City",   "dbip-city"};
constexpr std::array<std::string_view, 7> kAsFiles{
    "GeoIP2-ISP", "GeoLite2-ASN", "dbip-asn", "iptoasn-asn", "ipinfo_lite", "country_asn", "asn"};

std::string newest_of(const std::string& folder, std::string_view stem) {
  std::string newest;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(stem) && name.ends_with(".mmdb"))
      newest = std::max(newest, entry->path().string());
  }
  return newest;
}

std::string_view what(AddressFile::Tells tells) {
  return tells == AddressFile::Tells::kCountry ? "country" : "as";
}

Value file_answer(const AddressFile* file, const std::string& problem) {
  Value answer{Value::Object{}};
  if (file == nullptr) {
    answer.set("error", problem);
    return answer;
  }
  answer.set("file", file->path());
  answer.set("type", file->type());
  answer.set("built", file->built());
  answer.set("records", uint64_t{file->records()});
  return answer;
}

}  // namespace

std::string find_address_file(const std::vector<std::string>& folders, AddressFile::Tells tells) {
  const std::span<const std::string_view> stems =
      tells == AddressFile::Tells::kCountry ? std::span<const std::string_view>(kCountryFiles)
                                            : std::span<const std::string_view>(kAsFiles);
  for (const std::string& folder : folders) {
    for (const std::string_view stem : stems) {
      if (std::string file = newest_of(folder, stem); !file.empty()) return file;
    }
  }
  return {};
}

Result<AddressBook::Source> AddressBook::open_source(const std::string& path,
                                                     const std::vector<std::string>& folders,
                                                     AddressFile::Tells tells) {
  const std::string found = path.empty() ? find_address_file(folders, tells) : path;
  Source source;
  if (found.empty()) {
    source.problem = fmt::format("no {} database: give one with --{}-db FILE (docs/groups.md)",
                                 what(tells), what(tells));
    return source;
  }
  auto file = AddressFile::open(found, tells);
  if (!file && !path.empty()) return file.error().in(fmt::format("--{}-db", what(tells)));
  if (file) {
    source.file = std::move(*file);
  } else {
    source.problem = file.error().message;
  }
  return source;
}

Result<std::shared_ptr<const AddressBook>> AddressBook::open(const PlaceOptions& options) {
  auto book = std::make_shared<AddressBook>();
  auto countries = open_source(options.country_file, options.folders, AddressFile::Tells::kCountry);
  if (!countries) return countries.error();
  auto systems = open_source(options.as_file, options.folders, AddressFile::Tells::kAs);
  if (!systems) return systems.error();
  book->countries_ = std::move(*countries);
  book->systems_ = std::move(*systems);
  book->networks_ = NamedNetworks(options.networks);
  book->vendor_folder_ = options.vendor_folder;
  return std::shared_ptr<const AddressBook>(std::move(book));
}

Place AddressBook::of(const IpAddress& address) const {
  Place place;
  place.network = networks_.find(address);
  if (countries_.file != nullptr)
    place.country = static_cast<CountryCode>(countries_.file->find(address));
  if (systems_.file != nullptr) place.as_number = systems_.file->find(address);
  return place;
}

std::string_view AddressBook::country_name(CountryCode country) const {
  return countries_.file == nullptr ? std::string_view() : countries_.file->name(country);
}

std::string_view AddressBook::as_name(uint32_t as_number) const {
  return systems_.file == nullptr ? std::string_view() : systems_.file->name(as_number);
}

std::string_view AddressBook::network_name(uint16_t network) const {
  if (network == 0 || network > networks_.count()) return {};
  return networks_.at(network).name;
}

std::string AddressBook::network_prefix(uint16_t network) const {
  if (network == 0 || network > networks_.count()) return {};
  return networks_.at(network).prefix.to_string();
}

const VendorTable& AddressBook::vendors() const {
  std::call_once(vendors_read_, [this] {
    auto table = VendorTable::load(vendor_folder_);
    if (table) {
      vendors_ = std::move(*table);
    } else {
      vendors_problem_ = table.error().message;
    }
  });
  return vendors_;
}

std::string_view AddressBook::vendor(const MacAddress& mac) const {
  return vendors().find(mac);
}

Value AddressBook::files() const {
  Value vendor_answer{Value::Object{}};
  const VendorTable& table = vendors();
  if (vendors_problem_.empty()) {
    vendor_answer.set("file", vendor_folder_);
    vendor_answer.set("records", uint64_t{table.size()});
  } else {
    vendor_answer.set("error", vendors_problem_);
  }
  Value answer;
  answer.set("country", file_answer(countries_.file.get(), countries_.problem));
  answer.set("as", file_answer(systems_.file.get(), systems_.problem));
  answer.set("vendors", std::move(vendor_answer));
  return answer;
}

}  // namespace weir
