// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_reader.h"
#include "collect/export_budget.h"
#include "collect/export_template.h"

namespace weir {

// Fields of an exporter that mean nothing to weir, kept by their numbers with the value they had
// last. Looked at once a data set, so a record costs nothing. Bounded: so many fields, so many
// bytes of a value, and what those of all exporters may take together. Owner: the collector's
// thread.
class OtherFields {
 public:
  static constexpr size_t kMaxFields = 64;
  static constexpr size_t kMaxValueBytes = 32;
  static constexpr size_t kMaxNameBytes = 64;
  static constexpr size_t kFieldBytes = 256;  // of one with its name and value

  // `budget` outlives it.
  explicit OtherFields(ExportBudget& budget) : budget_(&budget) {}
  OtherFields(const OtherFields&) = delete;
  OtherFields& operator=(const OtherFields&) = delete;
  ~OtherFields() { budget_->give_back((fields_.size() + named_.size()) * kFieldBytes); }

  struct Field {
    uint64_t sets = 0;                // data sets, or messages, in which it was
    std::vector<uint8_t> last_value;  // of the first record of the last one; cut at kMaxValueBytes
  };

  // A data set's template and its first record.
  void see(const ExportTemplate& layout, const ByteReader& record);
  // One field of a record that has no template: by its number, or by its name where that is 0.
  void see(uint32_t enterprise, uint16_t id, std::string_view name, std::string_view value);

  // By enterprise (0: IANA's, or NetFlow 9's own) and number.
  [[nodiscard]] const std::map<std::pair<uint32_t, uint16_t>, Field>& fields() const {
    return fields_;
  }
  // The others, whose values are text.
  [[nodiscard]] const std::map<std::string, Field, std::less<>>& named() const { return named_; }
  [[nodiscard]] uint64_t left_out() const { return left_out_; }

 private:
  // False when there is no room for one more.
  template <typename Fields, typename Key>
  bool keep(Fields& fields, const Key& key, std::span<const uint8_t> value);

  ExportBudget* budget_;
  std::map<std::pair<uint32_t, uint16_t>, Field> fields_;
  std::map<std::string, Field, std::less<>> named_;
  uint64_t left_out_ = 0;
};

}  // namespace weir
