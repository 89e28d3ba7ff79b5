// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/ntop_encoder.h"

#include <string_view>

#include <fmt/format.h>

#include "base/value.h"
#include "record/applications.h"
#include "record/instance_paths.h"
#include "record/weir_fields.h"

namespace weir {
namespace {

// Fields of ntop's, by the numbers that stand for them in NetFlow 9.
constexpr std::string_view kL7ProtocolName = "57591";
constexpr std::string_view kHttpUrl = "57652";
constexpr std::string_view kTlsServerName = "57660";
constexpr std::string_view kDnsQuery = "57677";
constexpr std::string_view kHttpSite = "57833";

void set_text(Value& record, std::string_view name, std::string_view text) {
  if (!text.empty()) record.set(name, text);
}

void set_number(Value& record, std::string_view name, uint64_t number) {
  if (number != 0) record.set(name, number);
}

Value record_of(const ExportedFlow& exported) {
  const FlowRecord& flow = exported.flow;
  const bool is_v4 = flow.client.is_v4() && flow.server.is_v4();
  Value record;
  record.set(is_v4 ? "8" : "27", flow.client.to_string());
  record.set(is_v4 ? "12" : "28", flow.server.to_string());
  record.set("7", uint64_t{flow.client_port});
  record.set("11", uint64_t{flow.server_port});
  record.set("4", uint64_t{flow.protocol});
  record.set("1", flow.to_server.bytes);
  record.set("2", flow.to_server.packets);
  record.set("23", flow.to_client.bytes);
  record.set("24", flow.to_client.packets);
  record.set("22", uint64_t{flow.first_seen.seconds});
  record.set("21", uint64_t{flow.last_seen.seconds});
  set_number(record, "6", flow.tcp_flags_to_server | flow.tcp_flags_to_client);
  if (flow.vlan.count > 0) record.set("58", uint64_t{flow.vlan.ids[0]});
  if (flow.client_mac.is_known()) record.set("56", flow.client_mac.to_string());
  if (flow.server_mac.is_known()) record.set("57", flow.server_mac.to_string());
  set_number(record, "10", flow.origin.input);
  set_number(record, "14", flow.origin.output);
  if (flow.application != kApplicationUnknown)
    record.set(kL7ProtocolName, application_name(flow.application));
  const FlowMetadata& said = flow.metadata;
  if (said.has(MetadataField::kTlsVersion))
    set_text(record, kTlsServerName, said.first(MetadataField::kServerName));
  set_text(record, kDnsQuery, said.first(MetadataField::kDnsQuery));
  set_text(record, kHttpSite, said.first(MetadataField::kHttpHost));
  set_text(record, kHttpUrl, said.first(MetadataField::kHttpUrl));
  record.set(fmt::format("{}.{}", kWeirEnterprise, static_cast<unsigned>(WeirField::kPath)),
             path_text(flow.origin.path));
  return record;
}

}  // namespace

void NtopEncoder::add(const ExportedFlow& flow, const RecordContext& /*context*/,
                      std::vector<Message>& out) {
  batch_.bytes += batch_.flows == 0 ? '[' : ',';
  append_json(batch_.bytes, record_of(flow));
  if (++batch_.flows == kBatch) flush(out);
}

void NtopEncoder::flush(std::vector<Message>& out) {
  if (batch_.flows == 0) return;
  batch_.bytes += ']';
  out.push_back(std::move(batch_));
  batch_ = {};
}

}  // namespace weir
