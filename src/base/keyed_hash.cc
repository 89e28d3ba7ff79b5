// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/keyed_hash.h"

#include <sys/random.h>

#include <cstdlib>

namespace weir {

KeyedHash::Secret KeyedHash::random_secret() {
  Secret secret{};
  // Requests of up to 256 bytes are never cut short; only a kernel without the call can fail, and
  // no table is safe on it.
  if (getrandom(secret.data(), sizeof(secret), 0) != static_cast<ssize_t>(sizeof(secret)))
    std::abort();
  // Zero and even factors lose information in a multiplication's low half.
  for (uint64_t& word : secret) word |= 1;
  return secret;
}

}  // namespace weir
