// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <thread>
#include <type_traits>

namespace weir {

// A field that one thread writes and any thread reads. There is no read-modify-write: on x86-64
// each call is a plain move. The stores are releases and the reads acquires, which is what makes
// Sequence below sound without a fence. Valid when its memory is all zero bytes (mapped memory
// needs no construction).
template <typename T>
class Cell {
 public:
  static_assert(std::atomic<T>::is_always_lock_free);

  // Owner thread.
  [[nodiscard]] T get() const { return value_.load(std::memory_order_relaxed); }
  void set(T value) { value_.store(value, std::memory_order_release); }
  void add(T amount) { set(static_cast<T>(get() + amount)); }
  // Any thread.
  [[nodiscard]] T read() const { return value_.load(std::memory_order_acquire); }

 private:
  std::atomic<T> value_;
};

// Tells readers whether the cells they copied belong together. The owner brackets a change with
// begin() and end(); a reader
//   do { start = sequence.start(); copy cells with read(); } while (!sequence.unchanged(start));
// for which there is copy_consistently(). The owner never waits.
//
// Why that is sound by the C++ memory model, and so on processors that let loads and stores pass
// each other: a reader that sees the new value of a cell acquires what the cell's store released,
// the odd number of begin() included. Its second look at the counter stays behind the acquire loads
// of the copy and finds that number or a later one. A reader that saw an even number at first
// acquired, with it, every cell that the change before it wrote. On 64-bit Arm these are stlr and
// ldar; begin() and unchanged() are plain str and ldr, held in place by those beside them.
class Sequence {
 public:
  // Owner thread. What begin() returns may be given back to end(), which saves a load.
  uint32_t begin() {
    const uint32_t inside = value_.load(std::memory_order_relaxed) + 1;
    value_.store(inside, std::memory_order_relaxed);
    return inside;
  }
  // The same for a record that starts a new life in memory that may have been zeroed since: a
  // life's numbers meet those of the next life only after 64 changes, so a reader would have to
  // sleep through exactly that many to take one for the other.
  void begin_life(uint32_t number) { value_.store(number << 7 | 1, std::memory_order_relaxed); }
  void end() {
    value_.store(value_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  void end(uint32_t inside) { value_.store(inside + 1, std::memory_order_release); }
  // Any thread. Odd while the owner is inside a change.
  [[nodiscard]] uint32_t start() const { return value_.load(std::memory_order_acquire); }
  [[nodiscard]] bool unchanged(uint32_t start) const {
    return (start & 1) == 0 && value_.load(std::memory_order_relaxed) == start;
  }

 private:
  std::atomic<uint32_t> value_;
};

// Runs `copy` until it ran undisturbed; false when the owner was in the way all the time, which
// takes a thread that is stopped in the middle of a change. Any thread. Never blocks the owner.
template <typename Copy>
[[nodiscard]] bool copy_consistently(const Sequence& sequence, Copy&& copy) {
  constexpr int kSpins = 64;
  constexpr int kYields = 10'000;
  for (int attempt = 0; attempt < kSpins + kYields; ++attempt) {
    const uint32_t start = sequence.start();
    copy();
    if (sequence.unchanged(start)) return true;
    if (attempt >= kSpins) std::this_thread::yield();
  }
  return false;
}

// A plain struct that the owner writes whole and readers copy whole, word by word; bracket with a
// Sequence where it can change under a reader's eyes. The owner reads it in place.
template <typename T>
class Published {
 public:
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);

  // Owner thread.
  [[nodiscard]] const T& owned() const { return *std::launder(reinterpret_cast<const T*>(words_)); }
  void set(const T& value) {
    Word copy[kWords] = {};
    std::memcpy(copy, &value, sizeof(T));
    for (size_t i = 0; i < kWords; ++i) __atomic_store_n(&words_[i], copy[i], __ATOMIC_RELEASE);
  }
  // Any thread.
  [[nodiscard]] T read() const {
    Word copy[kWords];
    for (size_t i = 0; i < kWords; ++i) copy[i] = __atomic_load_n(&words_[i], __ATOMIC_ACQUIRE);
    T value;
    std::memcpy(&value, copy, sizeof(T));
    return value;
  }
  // The same of the eight bytes that begin at `offset`, a multiple of eight.
  [[nodiscard]] uint64_t read_word(size_t offset) const {
    return __atomic_load_n(&words_[offset / sizeof(Word)], __ATOMIC_ACQUIRE);
  }

 private:
  // The compiler must know that these words are the bytes of a T.
  using Word [[gnu::may_alias]] = uint64_t;
  static constexpr size_t kWords = (sizeof(T) + sizeof(Word) - 1) / sizeof(Word);
  Word words_[kWords];
};

}  // namespace weir
