// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dpi/payload.h"
#include "net/ip_address.h"

namespace weir {

struct ProtocolRuleTables;

// An application that a rule names. The views live as long as the rules; both "" for none.
struct RuleLabel {
  std::string_view application;
  std::string_view category;

  [[nodiscard]] bool empty() const { return application.empty(); }
  bool operator==(const RuleLabel&) const = default;
};

// What schema/protocols.toml and the user's own file say about applications: by name, network,
// port, first bytes and fingerprint (docs/applications.md describes the file). Where both files
// name the same thing, or two rules of one file do, the user's and the first one wins. Shared:
// immutable. Cost: a hash look-up a label for names, one for fingerprints, a binary search for
// addresses, one load for ports; for payloads a look at the rules that begin with its first byte.
class ProtocolRules {
 public:
  static constexpr size_t kMostRules = 4096;         // in both files together
  static constexpr size_t kMostFileBytes = 8 << 20;  // of the user's file
  static constexpr size_t kMostPatternBytes = 64;    // from the payload's start

  // The built-in rules and, when `user_file` is not empty, those of that file; names them in the
  // catalogue. Errors: the file cannot be read; it says something wrong: "FILE:LINE: application
  // NAME: KEY: reason".
  [[nodiscard]] static Result<std::shared_ptr<const ProtocolRules>> load(
      const std::string& user_file);
  // From texts, for tests and for load(). `built_in` may be empty.
  [[nodiscard]] static Result<std::shared_ptr<const ProtocolRules>> parse(
      std::string_view built_in, std::string_view user, const std::string& user_file);

  ~ProtocolRules();
  ProtocolRules(const ProtocolRules&) = delete;
  ProtocolRules& operator=(const ProtocolRules&) = delete;

  // A host name in lower case or not; a rule's name is met by itself and by every name below it.
  [[nodiscard]] RuleLabel by_host(std::string_view name) const;
  [[nodiscard]] RuleLabel by_address(const IpAddress& address) const;  // the narrowest network
  [[nodiscard]] RuleLabel by_port(bool is_tcp, uint16_t port) const;
  [[nodiscard]] RuleLabel by_ja4(std::string_view fingerprint) const;
  [[nodiscard]] RuleLabel by_hassh(std::string_view fingerprint) const;
  // By the first bytes of a stream's direction or of a datagram. Nothing for payloads that are no
  // start of a stream.
  [[nodiscard]] RuleLabel by_payload(const Payload& payload) const;

  // Gives every application of the rules a number in the catalogue of record/applications.h.
  void name_applications() const;
  [[nodiscard]] size_t rule_count() const;

 private:
  explicit ProtocolRules(std::unique_ptr<const ProtocolRuleTables> tables);

  std::unique_ptr<const ProtocolRuleTables> tables_;
};

}  // namespace weir
