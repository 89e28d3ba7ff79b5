// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/template_cache.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace weir {

bool TemplateCache::put(TemplatePointer made) {
  const uint16_t id = made->id();
  last_.reset();
  if (const auto found = by_id_.find(id); found != by_id_.end()) {
    // Most come again and again as they were: records that wait for nothing keep their template.
    if ((*found->second)->says_the_same(*made)) {
      use(found->second);
      return true;
    }
    ++redefined_;
    erase(found->second);
  }
  const size_t bytes = made->bytes() + kEntryBytes;
  if (!make_room(bytes)) return false;
  bytes_ += bytes;
  by_id_.emplace(id, in_use_.insert(in_use_.end(), std::move(made)));
  return true;
}

TemplatePointer TemplateCache::find(uint16_t id) {
  if (last_ != nullptr && last_id_ == id) return last_;
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  use(found->second);
  last_id_ = id;
  last_ = *found->second;
  return last_;
}

bool TemplateCache::make_room(size_t bytes) {
  while (by_id_.size() >= kMaxTemplates || bytes_ + bytes > kMaxBytes || !budget_->take(bytes)) {
    if (in_use_.empty()) return false;
    erase(in_use_.begin());
    ++evicted_;
  }
  return true;
}

void TemplateCache::erase(Templates::iterator one) {
  const size_t bytes = (*one)->bytes() + kEntryBytes;
  budget_->give_back(bytes);
  bytes_ -= bytes;
  by_id_.erase((*one)->id());
  in_use_.erase(one);
}

void TemplateCache::withdraw(uint16_t id) {
  last_.reset();
  if (const auto found = by_id_.find(id); found != by_id_.end()) erase(found->second);
}

void TemplateCache::withdraw_all(bool of_options) {
  last_.reset();
  for (auto one = in_use_.begin(); one != in_use_.end();) {
    const auto next = std::next(one);
    if ((*one)->is_options() == of_options) erase(one);
    one = next;
  }
}

void TemplateCache::clear() {
  withdraw_all(false);
  withdraw_all(true);
}

std::vector<TemplatePointer> TemplateCache::list() const {
  std::vector<TemplatePointer> list(in_use_.begin(), in_use_.end());
  std::sort(list.begin(), list.end(),
            [](const TemplatePointer& a, const TemplatePointer& b) { return a->id() < b->id(); });
  return list;
}

}  // namespace weir
