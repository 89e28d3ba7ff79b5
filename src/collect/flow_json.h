// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <type_traits>

#include "collect/ntop_key.h"
#include "collect/ntop_value.h"

namespace weir {

// One field of a record. Members of objects in it have their path for a name: "PROCESS.PID".
struct NtopField {
  std::string_view name;  // "" in TLV where the key is a number
  NtopKey key;
  NtopValue value;
};

// Reads records as ntop's programs write them in JSON (RFC 8259): a list of objects, or one, or one
// behind the other. It is made for what goes wrong there: text with a quote that is not escaped
// spoils its own record, not the message, and numbers stand in quotes or not. What stands in
// text is not checked to be UTF-8. Lists are passed over. Each byte is looked at twice at most.
class FlowJson {
 public:
  static constexpr size_t kMaxDepth = 8;
  static constexpr size_t kMaxFields = 1024;
  static constexpr size_t kMaxPathBytes = 256;  // members with longer ones have no name

  enum class Next : uint8_t {
    kRecord,
    kBad,  // what was told of its fields is worth nothing
    kEnd,
  };
  // The text must outlive the reader, and so must the cache.
  FlowJson(std::string_view text, NtopKeyCache& keys) : text_(text), keys_(keys) {}

  // Calls take(const NtopField&) for each field of the next record.
  template <typename Take>
  Next next(Take&& take) {
    return next_record(TakeField(&take, [](const void* target, const NtopField& field) {
      (*const_cast<std::remove_reference_t<Take>*>(
          static_cast<const std::remove_reference_t<Take>*>(target)))(field);
    }));
  }

  // Where the next record begins, for go_back(): to read a record once more.
  using Place = size_t;
  [[nodiscard]] Place place() const { return at_; }
  void go_back(Place place) { at_ = place; }

 private:
  // A call that costs no allocation.
  struct TakeField {
    TakeField(const void* target_of, void (*call_of)(const void*, const NtopField&))
        : target(target_of), call(call_of) {}
    void operator()(const NtopField& field) const { call(target, field); }
    const void* target;
    void (*call)(const void*, const NtopField&);
  };

  Next next_record(const TakeField& take);
  void skip_space();
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] bool take_char(char c);
  // Behind the "{" of an object.
  [[nodiscard]] bool read_object(const TakeField& take, size_t depth);
  [[nodiscard]] bool read_member(const TakeField& take, size_t depth);
  [[nodiscard]] bool read_key(NtopField& field);
  [[nodiscard]] bool read_value(NtopField& field, const TakeField& take, size_t depth);
  // Behind its first quote. What it says is unescaped.
  [[nodiscard]] bool read_string(std::string_view& out);
  // The same as it stands there; false and nothing moved when it has no end.
  [[nodiscard]] bool scan_string(std::string_view& out, bool& has_escapes);
  [[nodiscard]] std::string_view unescaped(std::string_view escaped);
  [[nodiscard]] bool read_number(NtopValue& value);
  // Behind the "[".
  [[nodiscard]] bool skip_list(size_t depth);
  // Where the next object begins behind one that ends.
  void go_on_behind_error();

  std::string_view text_;
  NtopKeyCache& keys_;
  size_t at_ = 0;
  size_t fields_ = 0;                  // of the record in work
  std::string path_;                   // of the object in work
  std::deque<std::string> unescaped_;  // text of the record in work
};

}  // namespace weir
