// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>

namespace weir {

// The memory that this process may use.
struct MemoryLimit {
  size_t bytes = 0;          // 0: not known
  bool is_of_group = false;  // the process's own control group has it, and it is less than others
};

// The machine's memory, or what the narrowest control group the process is in allows when that is
// less; a group around the process's own is shared with others, like the machine. Both versions of
// control groups, also in a container that sees only its own part of the tree. What cannot be read
// counts as no limit. `root` is for tests: the folder that stands for /. Source: cgroups(7),
// "memory.max" in Documentation/admin-guide/cgroup-v2.rst, "memory.limit_in_bytes" in
// cgroup-v1/memory.rst.
[[nodiscard]] MemoryLimit memory_limit(const std::filesystem::path& root = "/");

// What takes memory besides the tables.
struct MemoryUsers {
  size_t interfaces = 1;
  size_t rings = 0;       // one for each interface that is no file
  size_t ring_bytes = 0;  // of each; 0: what the plan gives it
  size_t shards = 1;   // of each; to list the hosts of several takes memory (visit_merged_hosts())
  size_t outlets = 0;  // --export
  size_t collecting = 0;  // interfaces of exporters
};

// How weir shares that memory out unless it is told otherwise. A machine is shared with others, so
// the tables get a quarter of it. A control group is meant for weir: the tables get all but what
// the program (12 MB), the Lua states of three threads, the rings, the spools, the events and the
// rows of answers may take, at least the quarter.
// Where that is too little for the shards it may be a half. In 64 MB that is enough for 10,000
// hosts several times over (tests/e2e/low_end.test.mjs).
struct MemoryPlan {
  size_t tables_bytes = 0;  // of all interfaces together
  size_t ring_bytes = 0;    // between kernel and weir, for each interface
  size_t script_bytes = 0;  // that one Lua state may hold
  size_t sort_bytes = 0;    // of lines that wait to be sorted, in all threads together
  size_t spool_bytes = 0;   // of each --export that does not say
  size_t event_bytes = 0;   // of events that can be counted
  size_t answer_rows = 0;   // of hosts or flows in one REST answer
  size_t kept_hosts = 0;    // that were forgotten and are remembered all the same, in a file
  size_t kept_hosts_in_memory = 0;  // the same without one, 1 KB each
};
[[nodiscard]] MemoryPlan plan_memory(const MemoryLimit& limit, const MemoryUsers& users = {});

}  // namespace weir
