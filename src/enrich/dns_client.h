// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "enrich/reverse_answer.h"
#include "net/ip_address.h"

namespace weir {

struct DnsClientOptions {
  std::string server;  // "192.0.2.53", "[2001:db8::53]:5353"; empty: those of /etc/resolv.conf
  std::chrono::milliseconds timeout{1000};  // of the first try; the second waits longer
  int tries = 2;
};

// Asks a name server for the names of addresses, over UDP. c-ares checks that an answer comes from
// whom it was asked, with the number and the question that it was asked with; numbers and ports are
// random. Owner: one thread.
class DnsClient {
 public:
  using OnAnswer = std::function<void(const IpAddress&, const ReverseAnswer&)>;

  // Error: the server is no address. `on_answer` is called by ask() and wait(), once for each
  // ask(), and for what is unanswered by the destructor, as failed.
  static Result<std::unique_ptr<DnsClient>> create(const DnsClientOptions& options,
                                                   OnAnswer on_answer);
  ~DnsClient();
  DnsClient(const DnsClient&) = delete;
  DnsClient& operator=(const DnsClient&) = delete;

  void ask(const IpAddress& address);
  // Questions that are not answered.
  [[nodiscard]] size_t in_flight() const;
  // Waits for answers, for `wake` (a descriptor) to become readable, or for so long.
  void wait(std::chrono::milliseconds most, int wake);

 private:
  class Impl;
  explicit DnsClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir
