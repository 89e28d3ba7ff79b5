// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/prefix.h"
#include "record/field_value.h"
#include "record/fields.gen.h"
#include "record/flow_record.h"
#include "record/host_record.h"
#include "record/places.h"

namespace weir {

// What a record does not know of itself.
struct RecordContext {
  std::string_view interface;  // id
  uint32_t shard = 0;
  // What is known of addresses, and which of them are ours; null: nothing, none.
  const Places* places = nullptr;
  const std::vector<Prefix>* local_networks = nullptr;
};

// The field of a flow's metadata that a field of schema/fields.json is; nothing for the others.
[[nodiscard]] std::optional<MetadataField> metadata_field_of(FlowField field);

// Whether it is one of the fields about the flow's transactions, which only full snapshots know.
[[nodiscard]] bool is_of_transactions(FlowField field);

// The fields of schema/fields.json. What the flow does not have is monostate.
[[nodiscard]] FieldValue flow_field(const FlowRecord& flow, FlowField field,
                                    const RecordContext& context);
[[nodiscard]] FieldValue host_field(const HostRecord& host, HostField field,
                                    const RecordContext& context);

// The same in two, for those who look at millions: of the fields whose values own no memory
// (nothing for the others), and of those others (monostate for the former).
[[nodiscard]] std::optional<PlainValue> plain_flow_field(const FlowRecord& flow, FlowField field,
                                                         const RecordContext& context);
[[nodiscard]] std::optional<PlainValue> plain_host_field(const HostRecord& host, HostField field,
                                                         const RecordContext& context);

[[nodiscard]] FieldValue other_flow_field(const FlowRecord& flow, FlowField field,
                                          const RecordContext& context);
[[nodiscard]] FieldValue other_host_field(const HostRecord& host, HostField field,
                                          const RecordContext& context);

// "10.0.0.1", "10.0.0.1@100.20".
[[nodiscard]] std::string host_key_text(const HostKey& key);
// Names a flow for ever: "SHARD-NUMBER-SLOT" in hexadecimal.
[[nodiscard]] std::string flow_id_text(uint64_t id, uint32_t shard);

// All known fields of a flow that ended as one JSON object, without a line end; not its id and
// rates, which only a live one has.
void append_flow_json(std::string& out, const FlowRecord& flow, const RecordContext& context);
void append_host_json(std::string& out, const HostRecord& host, const RecordContext& context);

}  // namespace weir
