// SPDX-License-Identifier: GPL-3.0-or-later
// A datagram of sFlow. Samples are no more than were announced and than bytes are there, their
// records lie in it, and what is read of a packet is one packet.

#include "collect/sflow.h"
#include "property.h"

using weir::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace weir;  // NOLINT(google-build-using-namespace): a program of one file
  SflowDatagram datagram;
  if (read_sflow(ByteReader(data, size), datagram) != ExportError::kNone) return 0;
  const uint32_t announced = datagram.announced;
  size_t samples = 0;
  SflowSample sample;
  size_t left = datagram.samples.remaining();
  while (next_sample(datagram, sample) == NextSample::kSample) {
    ++samples;
    require(datagram.samples.remaining() + 8 <= left, "each turn consumes bytes");
    left = datagram.samples.remaining();
    require(sample.records.data() >= data &&
                sample.records.data() + sample.records.remaining() <= data + size,
            "records lie in the datagram");
    CollectedFlow packet;
    if (read_sampled_packet(sample, packet))
      require(packet.forward.packets == 1 && packet.reverse.packets == 0, "one packet is one");
    const SflowCounters counters = read_counters(sample);
    require(counters.port_name.size() <= size, "a name lies in the datagram");
  }
  require(samples <= announced, "no more than was announced");
  return 0;
}
