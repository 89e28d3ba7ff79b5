// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "record/flow_metadata.h"
#include "record/risks.h"

namespace weir {

// Judges what the heads of HTTP in a flow's metadata say, each entry once: URLs are many and long.
// Cost: for an entry that is read before, none; else about a nanosecond a byte.
class HttpRisks {
 public:
  // What came since the last call. REQUIRES: the metadata of the same flow, whose entries of HTTP
  // stay where they are. `is_web` is false where a host that is an address says nothing (SSDP).
  void read(const FlowMetadata& metadata, bool is_web);
  [[nodiscard]] RiskSet found() const;

 private:
  void read(const MetadataEntry& entry, bool is_web);

  RiskSet found_;
  size_t read_ = 0;           // entries
  bool has_success_ = false;  // an answer with content
  bool is_program_ = false;   // a URL that ends like a program's name
};

}  // namespace weir
