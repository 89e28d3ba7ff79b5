// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

#include "collect/export_budget.h"
#include "collect/export_template.h"

namespace weir {

// The templates of one exporter's observation domain, of both kinds, which share their ids. When
// there are more than fit, the one that was not used for longest gives way: of this domain, never
// of another. Owner: the collector's thread.
class TemplateCache {
 public:
  static constexpr size_t kMaxTemplates = 1024;
  static constexpr size_t kMaxBytes = size_t{2} << 20;

  // `budget` is shared by all caches and outlives them.
  explicit TemplateCache(ExportBudget& budget) : budget_(&budget) {}
  TemplateCache(const TemplateCache&) = delete;
  TemplateCache& operator=(const TemplateCache&) = delete;
  ~TemplateCache() { clear(); }

  // Takes the place of one with the same id. False when the budget of all is used up and there is
  // none here to give way.
  bool put(TemplatePointer made);
  // Null when there is none.
  [[nodiscard]] TemplatePointer find(uint16_t id);
  // RFC 7011, 8.1.
  void withdraw(uint16_t id);
  void withdraw_all(bool of_options);
  void clear();

  [[nodiscard]] size_t size() const { return by_id_.size(); }
  [[nodiscard]] size_t bytes() const { return bytes_; }
  // Templates that gave way, and those that changed under their id.
  [[nodiscard]] uint64_t evicted() const { return evicted_; }
  [[nodiscard]] uint64_t redefined() const { return redefined_; }
  // By id.
  [[nodiscard]] std::vector<TemplatePointer> list() const;

 private:
  using Templates = std::list<TemplatePointer>;
  // What an entry costs besides its template.
  static constexpr size_t kEntryBytes = 64;

  [[nodiscard]] bool make_room(size_t bytes);
  void erase(Templates::iterator one);
  void use(Templates::iterator one) { in_use_.splice(in_use_.end(), in_use_, one); }

  ExportBudget* budget_;
  Templates in_use_;  // the one that was not used for longest first
  std::unordered_map<uint16_t, Templates::iterator> by_id_;
  uint16_t last_id_ = 0;  // of last_: most sets follow one of the same template
  TemplatePointer last_;
  size_t bytes_ = 0;
  uint64_t evicted_ = 0;
  uint64_t redefined_ = 0;
};

}  // namespace weir
