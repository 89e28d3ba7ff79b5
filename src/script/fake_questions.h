// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "query/questions.h"

namespace weir {

// Questions for tests: `total` made-up rows in each list, one item ("known"), a filter that is
// wrong ("bad"), an interface that is not there ("gone"). Counts what is asked and keeps the last
// list request. Thread-safe.
class FakeQuestions : public Questions {
 public:
  std::atomic<size_t> total{3};
  std::atomic<double> time{1000.0};

  [[nodiscard]] size_t asked(const std::string& question) const {
    const std::lock_guard lock(mutex_);
    const auto found = asked_.find(question);
    return found == asked_.end() ? 0 : found->second;
  }
  [[nodiscard]] ListRequest last_list() const {
    const std::lock_guard lock(mutex_);
    return last_list_;
  }

  [[nodiscard]] Answer interfaces(const ListRequest& request) const override {
    return list("interfaces", request);
  }
  [[nodiscard]] Answer interface(std::string_view id) const override {
    return item("interface", id);
  }
  [[nodiscard]] Answer hosts(const ListRequest& request) const override {
    return list("hosts", request);
  }
  [[nodiscard]] Answer host(const WantedHost& wanted) const override {
    return item("host", wanted.key, wanted.interface);
  }
  [[nodiscard]] Answer archived_host(const WantedHost& wanted) const override {
    return item("archived_host", wanted.key, wanted.interface);
  }
  [[nodiscard]] Answer host_record(const WantedHost& wanted) const override {
    return item("host_record", wanted.key, wanted.interface);
  }
  [[nodiscard]] Answer flows(const ListRequest& request) const override {
    return list("flows", request);
  }
  [[nodiscard]] Answer flow(std::string_view id) const override { return item("flow", id); }
  [[nodiscard]] Answer applications(const ListRequest& request) const override {
    return list("applications", request);
  }
  [[nodiscard]] Answer groups(GroupKind kind, const ListRequest& request) const override {
    static constexpr const char* kNames[] = {"countries", "asns",  "networks",
                                             "macs",      "vlans", "categories"};
    return list(kNames[static_cast<size_t>(kind)], request);
  }
  [[nodiscard]] Answer transactions(const ListRequest& request) const override {
    return list("transactions", request);
  }
  [[nodiscard]] Answer exporters(const ListRequest& request) const override {
    return list("exporters", request);
  }
  [[nodiscard]] Answer exporter(std::string_view id) const override { return item("exporter", id); }
  [[nodiscard]] Answer series(const SeriesRequest& request) const override {
    count("series", {});
    if (request.interface == "gone")
      return QueryError{QueryError::Kind::kNotFound, "interface", "no interface gone", 0};
    static constexpr std::array<const char*, 3> kNames{"TCP", "in", "TLS"};
    Value tcp;
    tcp.set("name", kNames[static_cast<size_t>(request.by)]);
    Value::Array bytes(request.seconds, Value(uint64_t{1500}));
    if (!bytes.empty()) bytes[0] = Value();
    tcp.set("bytes", std::move(bytes));
    Value answer;
    answer.set("time", time.load());
    answer.set("start", uint64_t{700});
    answer.set("step", 1);
    answer.set("series", Value::Array{tcp});
    return answer;
  }
  [[nodiscard]] Answer health() const override {
    count("health", {});
    Value answer;
    answer.set("version", "0.0.0");
    answer.set("interfaces", Value::Array{});
    return answer;
  }

 private:
  void count(const std::string& question, const ListRequest& request) const {
    const std::lock_guard lock(mutex_);
    ++asked_[question];
    last_list_ = request;
  }

  Answer list(const std::string& question, const ListRequest& request) const {
    count(question, request);
    if (request.filter == "bad")
      return QueryError{QueryError::Kind::kBadParameter, "filter", "there is no field bad", 1};
    Value answer;
    answer.set("time", time.load());
    answer.set("total", uint64_t{total});
    answer.set("offset", uint64_t{request.offset});
    Value::Array rows;
    for (size_t i = request.offset; i < total && rows.size() < request.limit; ++i)
      rows.push_back(row(i));
    answer.set("rows", std::move(rows));
    return answer;
  }

  static Value row(size_t i) {
    Value made;
    made.set("key", "10.0.0." + std::to_string(i));
    made.set("bytes", uint64_t{1000} * i);
    made.set("bits_per_second", 0.5);
    made.set("is_local", i % 2 == 0);
    made.set("vlan", Value::Array{});
    return made;
  }

  Answer item(const std::string& question, std::string_view key,
              std::string_view interface = {}) const {
    ListRequest asked;
    asked.interface = interface;
    count(question, asked);
    if (key != "known")
      return QueryError{QueryError::Kind::kNotFound, "", "no such " + question, 0};
    Value answer;
    answer.set("key", key);
    return answer;
  }

  mutable std::mutex mutex_;
  mutable std::map<std::string, size_t> asked_;
  mutable ListRequest last_list_;
};

}  // namespace weir
