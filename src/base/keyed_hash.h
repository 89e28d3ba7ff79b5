// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace weir {

// A 64-bit hash of small fixed-size keys under a 256-bit secret: folded 64x64 multiplications.
// Whoever does not know the secret cannot choose keys that collide. All 64 bits are good. Not a
// MAC: its values must not leave the process. Cost: a multiplication for each 16 bytes and one
// more.
class KeyedHash {
 public:
  using Secret = std::array<uint64_t, 4>;

  explicit KeyedHash(const Secret& secret) : secret_(secret) {}
  // A secret from the kernel's random source.
  static Secret random_secret();

  [[nodiscard]] uint64_t of(uint64_t a, uint64_t b) const {
    return fold(fold(a ^ secret_[0], b ^ secret_[1]) ^ secret_[2], secret_[3]);
  }
  [[nodiscard]] uint64_t of(const uint64_t* words, size_t count) const {
    uint64_t state = secret_[2];
    for (size_t i = 0; i + 1 < count; i += 2) {
      state = fold(words[i] ^ secret_[0] ^ state, words[i + 1] ^ secret_[1]);
    }
    const uint64_t tail = (count & 1) != 0 ? words[count - 1] : 0;
    return fold(state ^ tail, secret_[3] ^ count);
  }
  // An independent second hash of a first one's kind.
  [[nodiscard]] uint64_t mix(uint64_t hash) const { return fold(hash ^ secret_[1], secret_[2]); }

 private:
  static uint64_t fold(uint64_t a, uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }

  Secret secret_;
};

}  // namespace weir
