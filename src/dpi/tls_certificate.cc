// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_certificate.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "base/ascii.h"
#include "dpi/der_reader.h"
#include "dpi/distinguished_name.h"
#include "dpi/tls_wire.h"

namespace weir {
namespace {

constexpr uint8_t kVersionTag = 0xa0;     // [0]
constexpr uint8_t kExtensionsTag = 0xa3;  // [3]
constexpr uint8_t kDnsNameTag = 0x82;     // [2] of GeneralName
constexpr std::string_view kSubjectAltName("\x55\x1d\x11", 3);

std::string_view bytes_of(ByteReader reader) {
  return {reinterpret_cast<const char*>(reader.data()), reader.remaining()};
}

// Collects names up to both bounds, and beyond them the one that stands for the host.
class Names {
 public:
  Names(std::vector<std::string>& names, size_t max_names, std::string_view host)
      : names_(names), max_names_(max_names), host_(host), is_host_found_(host.empty()) {}

  void add(std::string_view name) {
    if (name.empty() || name.size() > CertificateFacts::kMaxNameBytes) return;
    // The common name is most often there again; other names are not.
    if (!names_.empty() && names_.front() == name) return;
    const bool is_of_host = !is_host_found_ && stands_for(name, host_);
    const bool has_room =
        names_.size() < max_names_ && bytes_ + name.size() <= CertificateFacts::kMaxNamesBytes;
    if (!has_room && !is_of_host) return;
    is_host_found_ = is_host_found_ || is_of_host;
    bytes_ += name.size();
    names_.emplace_back(name);
  }
  // Whether no further name would be taken.
  [[nodiscard]] bool is_full() const { return names_.size() >= max_names_ && is_host_found_; }

 private:
  std::vector<std::string>& names_;
  size_t max_names_;
  std::string_view host_;
  bool is_host_found_;
  size_t bytes_ = 0;
};

// Two digits, or -1.
int two_digits(std::string_view text, size_t at) {
  const auto digit = [&](size_t i) {
    return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1;
  };
  if (text.size() < at + 2 || digit(at) < 0 || digit(at + 1) < 0) return -1;
  return 10 * digit(at) + digit(at + 1);
}

// "YYMMDDHHMMSSZ" or with a year of four digits; 0 when it is none. RFC 5280, section 4.1.2.5.
int64_t seconds_of(const DerElement& time) {
  std::string_view text = bytes_of(time.content);
  int year = two_digits(text, 0);
  if (time.tag == kDerGeneralizedTime) {
    const int in_century = two_digits(text, 2);
    if (year < 0 || in_century < 0) return 0;
    year = 100 * year + in_century;
    text.remove_prefix(2);
  } else if (time.tag == kDerUtcTime && year >= 0) {
    year += year < 50 ? 2000 : 1900;
  } else {
    return 0;
  }
  const int month = two_digits(text, 2);
  const int day = two_digits(text, 4);
  const int hour = two_digits(text, 6);
  const int minute = two_digits(text, 8);
  const int second = std::max(two_digits(text, 10), 0);  // may be left out in old certificates
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (month < 0 || day < 0 || hour < 0 || minute < 0 || !date.ok()) return 0;
  return std::chrono::sys_days(date).time_since_epoch().count() * int64_t{86'400} + hour * 3600 +
         minute * 60 + second;
}

void read_alternative_names(ByteReader value, Names& out) {
  ByteReader names;
  if (!take_der(value, kDerSequence, names)) return;
  for (DerElement name; !out.is_full() && take_der(names, name);)
    if (name.tag == kDnsNameTag) out.add(bytes_of(name.content));
}

// RFC 5280, section 4.1.2.9 and 4.2.1.6.
void read_extensions(ByteReader extensions, Names& out) {
  for (ByteReader extension; take_der(extensions, kDerSequence, extension);) {
    ByteReader id;
    ByteReader unused;
    ByteReader value;
    if (!take_der(extension, kDerObjectId, id) || bytes_of(id) != kSubjectAltName) continue;
    static_cast<void>(take_der(extension, kDerBoolean, unused));  // critical
    if (take_der(extension, kDerOctetString, value)) read_alternative_names(value, out);
  }
}

// What follows the subject: the key, unique ids, extensions.
bool read_after_subject(ByteReader rest, Names& out) {
  ByteReader key;
  if (!take_der(rest, kDerSequence, key)) return false;
  for (DerElement element; take_der(rest, element);) {
    if (element.tag != kExtensionsTag) continue;
    ByteReader extensions;
    if (!take_der(element.content, kDerSequence, extensions)) return false;
    read_extensions(extensions, out);
  }
  return rest.empty();
}

}  // namespace

bool stands_for(std::string_view certificate_name, std::string_view host) {
  const auto is_same = [](char a, char b) { return ascii_lower(a) == ascii_lower(b); };
  if (certificate_name.starts_with("*.")) {
    certificate_name.remove_prefix(1);
    host.remove_prefix(std::min(host.find('.'), host.size()));
  }
  return std::ranges::equal(certificate_name, host, is_same);
}

bool parse_certificate(ByteReader der, CertificateFacts& out, size_t max_names,
                       std::string_view host) {
  out = {};
  Names names(out.names, std::min(max_names, CertificateFacts::kMaxNames), host);
  ByteReader certificate;
  ByteReader rest;
  ByteReader unused;
  ByteReader issuer;
  ByteReader validity;
  ByteReader subject;
  if (!take_der(der, kDerSequence, certificate) || !take_der(certificate, kDerSequence, rest))
    return false;
  static_cast<void>(take_der(rest, kVersionTag, unused));
  if (!take_der(rest, kDerInteger, unused) || !take_der(rest, kDerSequence, unused) ||
      !take_der(rest, kDerSequence, issuer))
    return false;
  out.issuer = read_distinguished_name(issuer).text;
  if (!take_der(rest, kDerSequence, validity)) return false;
  DerElement time;
  if (take_der(validity, time)) out.not_before = seconds_of(time);
  if (take_der(validity, time)) out.not_after = seconds_of(time);
  if (!take_der(rest, kDerSequence, subject)) return false;
  DistinguishedName name = read_distinguished_name(subject);
  out.subject = std::move(name.text);
  names.add(name.common_name);
  return read_after_subject(rest, names);
}

bool first_certificate(ByteReader body, ByteReader& der) {
  // The list itself may have been cut off behind the first certificate.
  if (!body.can_read(3)) return false;
  body.skip(3);
  return take_vector(body, 3, der) && !der.empty();
}

}  // namespace weir
