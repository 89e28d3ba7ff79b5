// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "base/timestamp.h"
#include "net/ip_address.h"
#include "record/confidence.h"
#include "record/flow_metadata.h"

namespace weir {

// What nDPI says of a flow, in our names (application_names.h). The views live as long as the
// module.
struct NdpiVerdict {
  std::string_view master;       // the protocol, "TLS"; "" for unknown
  std::string_view application;  // what rides on it, "Google"; "" for nothing or not known
  std::string_view category;     // "" for none
  Confidence confidence = Confidence::kNone;  // of `master`
  // `application` is owed to one end's address alone: no name and no byte of the flow says so.
  bool is_application_by_address = false;
  bool is_final = false;  // no further packet is wanted

  bool operator==(const NdpiVerdict&) const = default;
};

// An application by a name or an address alone; both "" when nDPI knows none. The views live as
// long as the module.
struct NdpiLabel {
  std::string_view application;
  std::string_view category;

  [[nodiscard]] bool empty() const { return application.empty(); }
  bool operator==(const NdpiLabel&) const = default;
};

struct NdpiFlowState;
struct NdpiParts;

// What nDPI keeps of one flow while it looks at it. Free it (let it go) with the verdict: it has
// about 1,300 bytes. Owner: the thread of its module, which must outlive it.
class NdpiFlow {
 public:
  NdpiFlow() = default;
  explicit operator bool() const { return state_ != nullptr; }

 private:
  friend class NdpiModule;
  struct Release {
    void operator()(NdpiFlowState* state) const;
  };
  std::unique_ptr<NdpiFlowState, Release> state_;
};

// nDPI for one shard: all its protocols, its caches of what belongs together, a pool of flows.
// About 5.5 MB and 10 to 30 ms to make; about 3 us a packet inspected. create() may be called from
// any thread (nDPI's set-up is not reentrant, so calls wait for each other); all else by one.
// Owner: shard thread.
class NdpiModule {
 public:
  // Packets of a flow after which nDPI is not asked again, whatever it said. Its reader asks for 80
  // of TCP and 24 of others; over the corpus 16 give the same verdict on each of 3,881 flows with a
  // sixth fewer packets, 12 lose two.
  static constexpr unsigned kMaxPackets = 16;

  // Gives each protocol that nDPI knows a number in the catalogue of record/applications.h. Fails
  // when nDPI has no memory or the library is not the one weir was built for.
  [[nodiscard]] static Result<std::unique_ptr<NdpiModule>> create();
  ~NdpiModule();
  NdpiModule(const NdpiModule&) = delete;
  NdpiModule& operator=(const NdpiModule&) = delete;

  // An empty flow when there is no memory; inspect() then says that it is final and unknown.
  [[nodiscard]] NdpiFlow begin();
  // Looks at the flow's next packet, from its (innermost) IP header to the end of what was captured
  // of the datagram. Packets without payload teach nDPI nothing but count.
  // REQUIRES: the last verdict on the flow was not final.
  [[nodiscard]] NdpiVerdict inspect(NdpiFlow& flow, std::span<const uint8_t> packet,
                                    Timestamp when);
  // The last word on a flow that ends or is not looked at any longer: what was found so far, else
  // nDPI's guess by address and port. Final.
  [[nodiscard]] NdpiVerdict give_up(NdpiFlow& flow);
  // What nDPI read in the flow and weir has no dissector for. Call it after the final verdict.
  void copy_metadata(const NdpiFlow& flow, const NdpiVerdict& verdict, FlowMetadata& metadata);

  // The application that a host name or one of its parent domains belongs to.
  [[nodiscard]] NdpiLabel match_host(std::string_view name) const;
  // The application whose networks hold the address (nDPI before 5 knows IPv4 networks only).
  [[nodiscard]] NdpiLabel match_address(const IpAddress& address) const;

  // Gives every protocol nDPI knows a number in the catalogue of record/applications.h.
  void name_applications() const;
  // Of all flows not yet let go, as the allocator counts.
  [[nodiscard]] size_t flow_bytes_in_use() const;

 private:
  explicit NdpiModule(std::unique_ptr<NdpiParts> parts);

  std::unique_ptr<NdpiParts> parts_;
};

}  // namespace weir
