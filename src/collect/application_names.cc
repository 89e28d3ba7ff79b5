// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/application_names.h"

#include <algorithm>
#include <string_view>

#include "record/applications.h"

namespace weir {
namespace {

bool is_name(std::string_view text) {
  const auto is_shown = [](char c) { return c >= ' ' && c <= '~'; };
  return !text.empty() && text.size() <= kMaxApplicationNameBytes && text.front() != ' ' &&
         std::all_of(text.begin(), text.end(), is_shown);
}

// That of "TLS" for "TLS.Something".
std::string_view category_of(std::string_view name) {
  return application_category(find_application(name.substr(0, name.find('.'))));
}

}  // namespace

uint16_t ApplicationNames::number_of(std::span<const uint8_t> name) {
  std::string_view text(reinterpret_cast<const char*>(name.data()), name.size());
  while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
  if (text == last_) return last_number_;
  if (text.empty() || text == application_name(kApplicationUnknown)) return kApplicationUnknown;
  uint16_t number = is_name(text) ? find_application(text) : kApplicationUnknown;
  if (number == kApplicationUnknown) {
    if (!is_name(text) || made_ >= kMostNew) {
      ++left_out_;
      return kApplicationUnknown;
    }
    ++made_;
    number = application_number(text, category_of(text));
  }
  last_ = text;
  last_number_ = number;
  return number;
}

}  // namespace weir
