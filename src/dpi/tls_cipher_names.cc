// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_cipher_names.h"

#include <algorithm>
#include <iterator>

namespace weir {
namespace {

struct Name {
  uint16_t cipher_suite;
  std::string_view name;
};

constexpr Name kNames[] = {
#include "dpi/tls_cipher_names.inc"
};
static_assert(std::is_sorted(std::begin(kNames), std::end(kNames),
                             [](const Name& a, const Name& b) {
                               return a.cipher_suite < b.cipher_suite;
                             }));

}  // namespace

std::string_view tls_cipher_name(uint16_t cipher_suite) {
  const Name* found = std::lower_bound(
      std::begin(kNames), std::end(kNames), cipher_suite,
      [](const Name& name, uint16_t number) { return name.cipher_suite < number; });
  if (found == std::end(kNames) || found->cipher_suite != cipher_suite) return {};
  return found->name;
}

}  // namespace weir
