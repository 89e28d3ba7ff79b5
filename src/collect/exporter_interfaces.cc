// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/exporter_interfaces.h"

#include <algorithm>

namespace weir {
namespace {

void keep_text(std::span<const uint8_t> bytes, std::string& text) {
  while (!bytes.empty() && bytes.back() == 0) bytes = bytes.first(bytes.size() - 1);
  if (bytes.empty()) return;
  bytes = bytes.first(std::min(bytes.size(), ExporterInterfaces::kMaxNameBytes));
  text.assign(bytes.begin(), bytes.end());
}

}  // namespace

ExporterInterface* ExporterInterfaces::at(uint32_t index) {
  if (const auto found = by_index_.find(index); found != by_index_.end()) return &found->second;
  if (by_index_.size() >= kMax || !budget_->take(kBytes)) {
    ++refused_;
    return nullptr;
  }
  ExporterInterface& made = by_index_[index];
  made.index = index;
  return &made;
}

void ExporterInterfaces::count_input(uint32_t index, const Traffic& traffic) {
  if (index == 0) return;
  if (last_input_ == nullptr || last_input_->index != index) last_input_ = at(index);
  if (last_input_ != nullptr) last_input_->input += traffic;
}

void ExporterInterfaces::count_output(uint32_t index, const Traffic& traffic) {
  if (index == 0) return;
  if (last_output_ == nullptr || last_output_->index != index) last_output_ = at(index);
  if (last_output_ != nullptr) last_output_->output += traffic;
}

void ExporterInterfaces::name(uint32_t index, std::span<const uint8_t> name,
                              std::span<const uint8_t> description) {
  ExporterInterface* const interface = at(index);
  if (interface == nullptr) return;
  keep_text(name, interface->name);
  keep_text(description, interface->description);
}

void ExporterInterfaces::report(const SflowInterfaceCounters& counters) {
  if (ExporterInterface* const interface = at(counters.index); interface != nullptr)
    interface->counters = counters;
}

std::vector<ExporterInterface> ExporterInterfaces::list() const {
  std::vector<ExporterInterface> list;
  list.reserve(by_index_.size());
  for (const auto& [index, interface] : by_index_) list.push_back(interface);
  std::sort(list.begin(), list.end(), [](const ExporterInterface& a, const ExporterInterface& b) {
    return a.index < b.index;
  });
  return list;
}

}  // namespace weir
