// SPDX-License-Identifier: GPL-3.0-or-later
// What it costs to send a flow on: the shard's part, and the messages. Not carrying them.
#include <benchmark/benchmark.h>

#include "export/flow_encoder.h"
#include "export/flow_reports.h"
#include "net/ip_protocol.h"
#include "record/applications.h"

namespace {

using namespace weir;  // NOLINT(google-build-using-namespace): this file is about nothing else

FlowRecord some_flow() {
  FlowRecord flow;
  flow.id = 7;
  flow.protocol = kProtocolTcp;
  flow.end_reason = EndReason::kClosed;
  flow.client = *IpAddress::parse("10.1.2.3");
  flow.server = *IpAddress::parse("192.0.2.1");
  flow.client_port = 40000;
  flow.server_port = 443;
  flow.application = guess_application(kProtocolTcp, 40000, 443);
  flow.to_server = {3, 300};
  flow.to_client = {4, 1'500'000};
  flow.first_seen = {1'700'000'000, 0};
  flow.last_seen = {1'700'000'001, 500'000'000};
  flow.metadata.add(MetadataField::kServerName, "www.example.org");
  flow.metadata.add(MetadataField::kTlsVersion, "TLS 1.3");
  return flow;
}

void tell(benchmark::State& state) {
  FlowReports reports(0, std::chrono::seconds(60));
  const FlowRecord flow = some_flow();
  for (auto _ : state) {
    reports.accept(flow);
    benchmark::DoNotOptimize(reports.next());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(tell);

void encode(benchmark::State& state, OutletSpec::Encoding encoding) {
  OutletSpec spec;
  spec.encoding = encoding;
  spec.transport = OutletSpec::Transport::kTcp;
  const auto encoder = make_flow_encoder(spec, "leaf");
  const ExportedFlow flow{some_flow()};
  RecordContext context;
  context.interface = "eth0";
  std::vector<Message> messages;
  size_t bytes = 0;
  for (auto _ : state) {
    encoder->add(flow, context, messages);
    for (const Message& message : messages) bytes += message.bytes.size();
    messages.clear();
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes_a_flow"] =
      benchmark::Counter(static_cast<double>(bytes) / static_cast<double>(state.iterations()));
}
BENCHMARK_CAPTURE(encode, json, OutletSpec::Encoding::kJson);
BENCHMARK_CAPTURE(encode, ecs, OutletSpec::Encoding::kEcs);
BENCHMARK_CAPTURE(encode, syslog, OutletSpec::Encoding::kSyslog);
BENCHMARK_CAPTURE(encode, ipfix, OutletSpec::Encoding::kIpfix);
BENCHMARK_CAPTURE(encode, ntop_json, OutletSpec::Encoding::kNtopJson);

}  // namespace
