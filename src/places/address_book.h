// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "places/address_file.h"
#include "places/named_networks.h"
#include "places/vendor_table.h"
#include "record/places.h"

namespace weir {

// What an AddressBook is made of.
struct PlaceOptions {
  std::string country_file;  // empty: look for one in `folders`
  std::string as_file;
  std::vector<NamedNetwork> networks;
  // Where such files are found when none is given, the first folder first.
  std::vector<std::string> folders{"/usr/share/GeoIP", "/var/lib/GeoIP", "/usr/local/share/GeoIP",
                                   "/usr/local/var/GeoIP"};
  std::string vendor_folder = "/usr/share/ieee-data";
};

// Everything that is known about where addresses belong: the one implementation of Places. The
// listing of vendors is read when somebody asks for the first one. Thread-safe.
class AddressBook final : public Places {
 public:
  // Error: a file that was named cannot be used. One that was only found is left out instead, and
  // files() says why.
  static Result<std::shared_ptr<const AddressBook>> open(const PlaceOptions& options);

  [[nodiscard]] Place of(const IpAddress& address) const override;
  [[nodiscard]] std::string_view country_name(CountryCode country) const override;
  [[nodiscard]] std::string_view as_name(uint32_t as_number) const override;
  [[nodiscard]] uint16_t network_count() const override { return networks_.count(); }
  [[nodiscard]] std::string_view network_name(uint16_t network) const override;
  [[nodiscard]] std::string network_prefix(uint16_t network) const override;
  [[nodiscard]] std::string_view vendor(const MacAddress& mac) const override;
  [[nodiscard]] std::string_view why_no_countries() const override { return countries_.problem; }
  [[nodiscard]] std::string_view why_no_as() const override { return systems_.problem; }
  [[nodiscard]] Value files() const override;

 private:
  // A file, or why there is none.
  struct Source {
    std::unique_ptr<AddressFile> file;
    std::string problem;
  };
  static Result<Source> open_source(const std::string& path,
                                    const std::vector<std::string>& folders,
                                    AddressFile::Tells tells);
  [[nodiscard]] const VendorTable& vendors() const;

  Source countries_;
  Source systems_;
  NamedNetworks networks_;
  std::string vendor_folder_;
  mutable std::once_flag vendors_read_;
  mutable VendorTable vendors_;
  mutable std::string vendors_problem_;
};

// The newest file in the first of `folders` that has one which by its name tells this: "" when
// none has.
[[nodiscard]] std::string find_address_file(const std::vector<std::string>& folders,
                                            AddressFile::Tells tells);

}  // namespace weir
