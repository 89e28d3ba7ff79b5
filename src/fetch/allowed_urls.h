// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"

namespace weir {

// Where requests may go. An entry is an origin, with a path or without:
// "https://hooks.example.org", "http://127.0.0.1:9200/logs". It allows URLs of that scheme, host
// and port whose path is the entry's or lies below it. Hosts are compared by name; what a name
// means is up to its server.
class AllowedUrls {
 public:
  static constexpr size_t kMaxBytes = 8192;  // of a URL

  // Error: an entry is no http or https URL, or has a query, a fragment or a user.
  static Result<AllowedUrls> parse(const std::vector<std::string>& entries);

  // The same URL as it is to be asked for (dot segments and default port taken out), or why not.
  [[nodiscard]] Result<std::string> check(const std::string& url) const;

 private:
  struct Entry {
    std::string origin;  // "https://hooks.example.org:443"
    std::string path;    // "", "/logs": without the slash at its end
  };
  std::vector<Entry> entries_;
};

}  // namespace weir
