// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/keyed_hash.h"
#include "engine/interface.h"
#include "net/prefix.h"
#include "query/host_name.h"
#include "query/questions.h"
#include "query/row_context.h"
#include "record/host_record.h"
#include "record/places.h"

namespace weir {

// Questions about the interfaces that are being watched, answered from their shards' tables while
// packets go on. Thread-safe: shared, immutable; the interfaces must outlive it.
class LiveQuestions final : public Questions {
 public:
  struct Setting {
    std::vector<const Interface*> interfaces;
    std::vector<Prefix> local_networks;
    // What is known of addresses at the moment; null, or answering null: nothing.
    std::function<std::shared_ptr<const Places>()> places;
    // The name that a name server told of an address; empty, or answering "": none.
    std::function<std::string(const IpAddress&)> reverse_name;
    std::string version;
    std::function<double()> now;     // seconds since 1970, for "time"
    std::function<double()> uptime;  // seconds
    // Of a list of hosts or flows, at most: where memory is short, less than ListRequest allows.
    // The answer to a full list of hosts takes about 8 KB a row until it is sent.
    size_t max_rows = ListRequest::kMaxLimit;
    // What was kept of a host of the interface with that id; null: nothing is kept.
    std::function<std::optional<HostRecord>(const std::string& interface, const HostKey&)>
        archived = nullptr;
    // Rows of the exporters that an interface hears; null: none does.
    std::function<Value::Array(const std::string& interface)> exporters = nullptr;
    std::string estimator = {};  // of peers and ports, for host_record()
  };
  explicit LiveQuestions(Setting setting) : setting_(std::move(setting)) {}

  [[nodiscard]] Answer interfaces(const ListRequest& request) const override;
  [[nodiscard]] Answer interface(std::string_view id) const override;
  [[nodiscard]] Answer hosts(const ListRequest& request) const override;
  [[nodiscard]] Answer host(const WantedHost& wanted) const override;
  [[nodiscard]] Answer archived_host(const WantedHost& wanted) const override;
  [[nodiscard]] Answer host_record(const WantedHost& wanted) const override;
  [[nodiscard]] Answer flows(const ListRequest& request) const override;
  [[nodiscard]] Answer flow(std::string_view id) const override;
  [[nodiscard]] Answer applications(const ListRequest& request) const override;
  [[nodiscard]] Answer groups(GroupKind kind, const ListRequest& request) const override;
  [[nodiscard]] Answer transactions(const ListRequest& request) const override;
  [[nodiscard]] Answer exporters(const ListRequest& request) const override;
  [[nodiscard]] Answer exporter(std::string_view id) const override;
  [[nodiscard]] Answer series(const SeriesRequest& request) const override;
  [[nodiscard]] Answer health() const override;

 private:
  [[nodiscard]] std::shared_ptr<const Places> places() const {
    return setting_.places ? setting_.places() : nullptr;
  }
  [[nodiscard]] RowContext row_context() const {
    return {places(), setting_.local_networks, &setting_.reverse_name};
  }
  // The interfaces a request is about. Error: there is none of that id.
  [[nodiscard]] Result<std::vector<const Interface*>, QueryError> chosen(std::string_view id) const;

  struct MeantHost;
  [[nodiscard]] Result<MeantHost, QueryError> meant_host(const WantedHost& wanted) const;
  [[nodiscard]] std::optional<HostRecord> kept_host(const Interface& interface,
                                                    const HostName& name) const;

  [[nodiscard]] Answer flow_groups(const std::vector<const Interface*>& interfaces,
                                   const ListRequest& request) const;
  [[nodiscard]] Answer host_groups(const std::vector<const Interface*>& interfaces,
                                   const ListRequest& request) const;

  Setting setting_;
  KeyedHash host_hash_{KeyedHash::random_secret()};  // the same for all answers, for their counts
};

}  // namespace weir
