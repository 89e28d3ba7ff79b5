// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

inline std::string big_endian_16(unsigned value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}

inline std::string dns_labels(std::string_view name) {
  std::string labels;
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    labels += static_cast<char>(label.size());
    labels += label;
    name.remove_prefix(label.size() < name.size() ? label.size() + 1 : label.size());
  }
  return labels + '\0';
}

// Writes a DNS message; add the questions first.
class DnsBuilder {
 public:
  explicit DnsBuilder(uint16_t id, uint16_t flags = 0x0100) : id_(id), flags_(flags) {}

  DnsBuilder& question(std::string_view name, uint16_t type) {
    ++questions_;
    body_ += dns_labels(name) + big_endian_16(type) + big_endian_16(1);
    return *this;
  }
  DnsBuilder& answer(std::string_view name, uint16_t type, std::string_view data) {
    ++answers_;
    return record(name, type, data);
  }
  DnsBuilder& additional(std::string_view name, uint16_t type, std::string_view data,
                         uint32_t ttl = 60) {
    ++additional_;
    return record(name, type, data, ttl);
  }
  [[nodiscard]] std::string bytes() const {
    return big_endian_16(id_) + big_endian_16(flags_) + big_endian_16(questions_) +
           big_endian_16(answers_) + big_endian_16(0) + big_endian_16(additional_) + body_;
  }

 private:
  DnsBuilder& record(std::string_view name, uint16_t type, std::string_view data,
                     uint32_t ttl = 60) {
    body_ += dns_labels(name) + big_endian_16(type) + big_endian_16(1) + big_endian_16(ttl >> 16) +
             big_endian_16(ttl & 0xffff) + big_endian_16(static_cast<unsigned>(data.size()));
    body_ += data;
    return *this;
  }

  uint16_t id_;
  uint16_t flags_;
  unsigned questions_ = 0;
  unsigned answers_ = 0;
  unsigned additional_ = 0;
  std::string body_;
};

}  // namespace weir
