// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/application_catalogue.h"

#include <functional>

namespace weir {

ApplicationCatalogue::Application ApplicationCatalogue::at(uint16_t application) const {
  const uint16_t count = this->count();
  if (count == 0) return {};
  return applications_[application < count ? application : 0];
}

size_t ApplicationCatalogue::slot_of(std::string_view name) const {
  size_t slot = std::hash<std::string_view>{}(name) % kSlots;
  for (;; slot = (slot + 1) % kSlots) {
    const uint16_t held = slots_[slot].load(std::memory_order_acquire);
    if (held == 0 || applications_[held - 1].name == name) return slot;
  }
}

uint16_t ApplicationCatalogue::find(std::string_view name) const {
  name = name.substr(0, kMaxApplicationNameBytes);
  const uint16_t held = slots_[slot_of(name)].load(std::memory_order_acquire);
  return held == 0 ? kApplicationUnknown : static_cast<uint16_t>(held - 1);
}

std::string_view ApplicationCatalogue::keep(std::string_view text) {
  return texts_.emplace_back(text);
}

uint16_t ApplicationCatalogue::add(std::string_view name, std::string_view category) {
  name = name.substr(0, kMaxApplicationNameBytes);
  if (name.empty()) return kApplicationUnknown;
  if (const uint16_t held = slots_[slot_of(name)].load(std::memory_order_acquire); held != 0)
    return static_cast<uint16_t>(held - 1);
  const std::lock_guard lock(adding_);
  const size_t slot = slot_of(name);  // again: another thread may have been faster
  if (const uint16_t held = slots_[slot].load(std::memory_order_relaxed); held != 0)
    return static_cast<uint16_t>(held - 1);
  const uint16_t number = count_.load(std::memory_order_relaxed);
  if (number == kMaxApplications) {
    left_out_.fetch_add(1, std::memory_order_relaxed);
    const size_t dot = name.find('.');
    return dot == std::string_view::npos ? kApplicationUnknown : find(name.substr(0, dot));
  }
  applications_[number] = {keep(name), category.empty() ? "Unknown" : keep(category)};
  count_.store(static_cast<uint16_t>(number + 1), std::memory_order_release);
  slots_[slot].store(static_cast<uint16_t>(number + 1), std::memory_order_release);
  return number;
}

}  // namespace weir
