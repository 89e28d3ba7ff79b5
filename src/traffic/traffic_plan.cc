// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/traffic_plan.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

#include "net/ip_protocol.h"
#include "traffic/scramble.h"

namespace weir {
namespace {

// IPv4 addresses in use: first octets 1 to 126 and 128 to 223, without this network, loopback,
// multicast and reserved ones.
constexpr uint32_t kV4Addresses = 222U << 24;
constexpr uint64_t kConsecutiveV4Addresses = (1U << 24) - 2;  // 10.0.0.1 to 10.255.255.254

constexpr uint64_t kClientPorts = 65536 - 1024;
constexpr uint16_t kFirstMoreServerPort = 20000;  // for those who have more flows than client ports
constexpr uint64_t kMoreServerPorts = 10000;
constexpr uint64_t kMaxRounds = kClientPorts * (kMoreServerPorts + 1);

// Ports whose dissectors take any payload for data in the middle of a connection.
constexpr std::array<uint16_t, 8> kTcpServices{443, 80, 8080, 8443, 22, 5900, 9000, 3000};
constexpr std::array<uint16_t, 4> kUdpServices{4000, 5001, 9000, 10001};

// Of colliding flows: what ports and protocol add up to where both ends have the same number, and
// limits that keep every port in range whatever the ends' numbers are.
constexpr uint64_t kCollidingSum = 60'000;
constexpr uint64_t kFirstCollidingPort = 20'000;
constexpr uint64_t kCollidingPorts = 20'000;
constexpr uint64_t kMostCollidingHosts = 30'000;
constexpr uint32_t kFirstCollidingClient = 0x0a00'0001;  // 10.0.0.1 and up
constexpr uint32_t kLastCollidingServer = 0x0aff'fffe;   // 10.255.255.254 and down

// A prime above every number of flows: multiplying by it permutes what is below such a number.
constexpr uint64_t kPermutingPrime = 4'294'967'311;

constexpr uint64_t kTrain = 32;
constexpr uint64_t kFloodedServers = 4;

void put_u32(uint8_t* out, uint32_t value) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<uint8_t>(value >> (24 - 8 * i));
}

uint32_t scrambled_v4(uint32_t number, uint64_t seed) {
  const uint32_t value =
      scramble_below(number, scramble32(static_cast<uint32_t>(seed)), kV4Addresses);
  const uint32_t octet = value >> 24;  // 0 to 221
  return (octet + (octet < 126 ? 1 : 2)) << 24 | (value & 0x00ff'ffff);
}

MacAddress mac_of(uint64_t host) {
  MacAddress mac;
  mac.bytes[0] = 0x02;  // locally administered, unicast
  for (size_t i = 1; i < 6; ++i) mac.bytes[i] = static_cast<uint8_t>(host >> (40 - 8 * i));
  return mac;
}

// A random number below `count` from 64 random bits.
uint64_t below(uint64_t random, uint64_t count) {
  return count <= UINT32_MAX ? (random >> 32) * count >> 32 : random % count;
}

size_t smallest_frame(const TrafficOptions& options) {
  const size_t link = options.vlans > 0 ? 18 : 14;
  const size_t ip = options.ipv6_percent > 0 ? 40 : 20;
  const bool has_tcp = options.tcp_percent > 0 || options.shape == TrafficShape::kSynFlood;
  return std::max<size_t>(60, link + ip + (has_tcp ? 20 : 8));
}

std::string check_counts(const TrafficOptions& o) {
  if (o.hosts < 2) return "--hosts must be at least 2: a flow has two ends";
  if (o.hosts > (o.consecutive ? kConsecutiveV4Addresses : kV4Addresses / 2))
    return fmt::format("--hosts {} is more than there are addresses for", o.hosts);
  const uint64_t fewest = (o.hosts + 1) / 2;
  if (o.flows < fewest)
    return fmt::format(
        "--flows {} cannot reach {} hosts: a flow has two, so --flows must be at least {}", o.flows,
        o.hosts, fewest);
  if (o.flows > UINT32_MAX || (o.flows - 1) / fewest >= kMaxRounds)
    return fmt::format("--flows {} is more than {} hosts have ports for", o.flows, o.hosts);
  if (o.packets < o.flows)
    return fmt::format("--packets {} is too few: each of the {} flows needs one", o.packets,
                       o.flows);
  return {};
}

std::string check_mix(const TrafficOptions& o) {
  if (o.ipv6_percent > 100) return "--ipv6 is a percentage, 0 to 100";
  if (o.tcp_percent + o.icmp_percent > 100 || o.tcp_percent > 100 || o.icmp_percent > 100)
    return "--tcp and --icmp are percentages that together are at most 100";
  if (o.vlans > 4094) return "--vlan must be at most 4094";
  if (o.vlans > o.hosts / 2)
    return fmt::format("--vlan {} needs at least {} hosts", o.vlans, 2 * uint64_t{o.vlans});
  if (o.size_bytes < smallest_frame(o))
    return fmt::format("--size {} is too small for these headers: at least {}", o.size_bytes,
                       smallest_frame(o));
  if (o.size_bytes > 65535)
    return fmt::format("--size {} is too large: at most 65535", o.size_bytes);
  return {};
}

std::string check_collisions(const TrafficOptions& o) {
  if (o.tagged_percent > 100) return "--tagged is a percentage, 0 to 100";
  if (!o.colliding) return {};
  if (o.vlans > 0 || o.ipv6_percent > 0 || o.icmp_percent > 0)
    return "--colliding flows are TCP and UDP over IPv4 without VLANs";
  if (o.shape == TrafficShape::kSynFlood) return "--colliding flows cannot be a flood";
  const uint64_t most = std::min(o.hosts, kMostCollidingHosts) / 2 * kCollidingPorts;
  if (o.hosts > kMostCollidingHosts || o.flows > most)
    return fmt::format("--colliding takes at most {} hosts, and {} flows for each two of them",
                       kMostCollidingHosts, kCollidingPorts);
  return {};
}

std::string check_time(const TrafficOptions& o) {
  if (o.packets_per_second < 1 || o.packets_per_second > 1'000'000'000)
    return "--pps must be 1 to 1,000,000,000";
  if (o.packets / o.packets_per_second > UINT32_MAX - o.start_seconds)
    return "the last packet would be after 2106: raise --pps, or lower --packets or --start";
  if (o.churn >= o.packets_per_second)
    return "--churn must be below --pps: each new flow needs a packet";
  const double late = static_cast<double>(o.packets - 1) /
                      static_cast<double>(o.packets_per_second) * static_cast<double>(o.churn);
  if (late >= static_cast<double>(o.flows))
    return fmt::format(
        "--churn {} would begin more than {} flows in {} packets: raise --flows or --pps", o.churn,
        o.flows, o.packets);
  return {};
}

}  // namespace

Result<TrafficPlan> TrafficPlan::make(const TrafficOptions& options) {
  for (const auto check : {check_counts, check_mix, check_collisions, check_time}) {
    if (std::string message = check(options); !message.empty()) return Error{std::move(message)};
  }
  return TrafficPlan(options);
}

TrafficPlan::TrafficPlan(const TrafficOptions& options)
    : options_(options), clients_((options.hosts + 1) / 2), servers_(options.hosts / 2) {
  window_ = options.flows - flows_begun_late(options.packets - 1);
  const uint64_t in_window = options.packets - (options.flows - window_);
  opening_ = in_window / window_ >= 2 ? 2 * window_ : window_;

  const uint64_t first_v6 = servers_ - servers_ * options.ipv6_percent / 100;
  const uint64_t tagged = options.vlans == 0 ? 0 : servers_ * options.tagged_percent / 100;
  for (uint64_t vlan = 0; vlan < options.vlans; ++vlan) {
    add_segments(tagged * vlan / options.vlans, tagged * (vlan + 1) / options.vlans, first_v6,
                 static_cast<uint16_t>(vlan + 1));
  }
  add_segments(tagged, servers_, first_v6, 0);
}

void TrafficPlan::add_segments(uint64_t begin, uint64_t end, uint64_t first_v6, uint16_t vlan) {
  const uint64_t split = std::clamp(first_v6, begin, end);
  if (begin < split) segments_.push_back({begin, split, false, vlan});
  if (split < end) segments_.push_back({split, end, true, vlan});
}

const TrafficPlan::Segment& TrafficPlan::segment_of(uint64_t client) const {
  if (segments_.size() == 1) return segments_.front();
  const auto after =
      std::upper_bound(segments_.begin(), segments_.end(), client,
                       [](uint64_t number, const Segment& s) { return number < s.begin; });
  return *(after - 1);  // with an odd number of hosts the last client is one past the last segment
                        // and belongs to it
}

uint64_t TrafficPlan::flows_begun_late(uint64_t packet) const {
  if (options_.churn == 0) return 0;
  const uint64_t pps = options_.packets_per_second;
  return packet / pps * options_.churn + packet % pps * options_.churn / pps;
}

uint64_t TrafficPlan::pick(uint64_t number, uint64_t count) const {
  const uint64_t random = scramble64(number ^ scramble64(options_.seed));
  switch (options_.shape) {
    case TrafficShape::kRandom:
      return below(random, count);
    case TrafficShape::kBurst:
      return below(scramble64(number / kTrain ^ scramble64(options_.seed)), count);
    case TrafficShape::kZipf: {
      // The inverse of the distribution function of 1/x, which is what 1/n tends to.
      const double u = static_cast<double>(random >> 11) * 0x1p-53;
      const auto rank =
          static_cast<uint64_t>(std::exp(u * std::log1p(static_cast<double>(count)))) - 1;
      return std::min(rank, count - 1) * (kPermutingPrime % count) % count;
    }
    case TrafficShape::kSynFlood:
      return random % 10 != 0 ? kFloodFlow : (number / 10) % count;
    case TrafficShape::kRoundRobin:
      break;
  }
  return number % count;
}

uint64_t TrafficPlan::flow_of_packet(uint64_t packet) const {
  assert(packet < options_.packets);
  const uint64_t late = flows_begun_late(packet);
  if (packet > 0 && late != flows_begun_late(packet - 1)) return window_ + late - 1;
  const uint64_t number = packet - late;
  if (number < opening_) return number % window_;
  const uint64_t picked = pick(number, window_);
  return picked == kFloodFlow ? kFloodFlow : late + picked;
}

IpAddress TrafficPlan::address(uint64_t host, bool is_v6) const {
  const bool counts_up = options_.consecutive && host < options_.hosts;
  std::array<uint8_t, 16> bytes{0x20, 0x01, 0x0d, 0xb8};
  if (is_v6) {
    const uint64_t low = counts_up ? host + 1 : scramble64(host ^ scramble64(options_.seed));
    put_u32(bytes.data() + 8, static_cast<uint32_t>(low >> 32));
    put_u32(bytes.data() + 12, static_cast<uint32_t>(low));
    return IpAddress::from_v6(bytes.data());
  }
  put_u32(bytes.data(), counts_up ? 0x0a00'0001U + static_cast<uint32_t>(host)
                                  : scrambled_v4(static_cast<uint32_t>(host), options_.seed));
  // Sources of a flood stay out of the network that --consecutive counts through.
  if (options_.consecutive && !counts_up && bytes[0] == 10) bytes[0] = 11;
  return IpAddress::from_v4(bytes.data());
}

uint8_t TrafficPlan::protocol(uint64_t flow, bool is_v6, bool first_of_pair) const {
  const uint64_t dice = scramble64(flow ^ scramble64(options_.seed ^ 0x70726f746f)) % 100;
  if (dice < options_.tcp_percent) return kProtocolTcp;
  const bool is_icmp = dice < options_.tcp_percent + options_.icmp_percent && first_of_pair;
  if (is_icmp) return is_v6 ? kProtocolIcmpv6 : kProtocolIcmp;
  return kProtocolUdp;
}

FlowTuple TrafficPlan::tuple(uint64_t flow) const {
  assert(flow < options_.flows);
  const uint64_t client = flow % clients_;
  const uint64_t round = flow / clients_;
  const Segment& segment = segment_of(client);
  const uint64_t servers = segment.end - segment.begin;
  const uint64_t server = segment.begin + (client - segment.begin + round) % servers;

  FlowTuple tuple;
  tuple.client = address(2 * client, segment.is_v6);
  tuple.server = address(2 * server + 1, segment.is_v6);
  tuple.client_mac = mac_of(2 * client);
  tuple.server_mac = mac_of(2 * server + 1);
  tuple.vlan = segment.vlan;
  // A client meets a server again after `servers` rounds: until then any ports do, and after it the
  // ports differ.
  tuple.protocol = protocol(flow, segment.is_v6, round < servers);
  tuple.client_port = static_cast<uint16_t>(1024 + (round + scramble64(client)) % kClientPorts);
  const uint64_t service = scramble64(server);
  tuple.server_port = tuple.protocol == kProtocolTcp ? kTcpServices[service % kTcpServices.size()]
                                                     : kUdpServices[service % kUdpServices.size()];
  if (round >= kClientPorts)
    tuple.server_port = static_cast<uint16_t>(kFirstMoreServerPort + round / kClientPorts - 1);
  if (options_.colliding) collide(tuple, client, server, round);
  return tuple;
}

void TrafficPlan::collide(FlowTuple& tuple, uint64_t client, uint64_t server,
                          uint64_t round) const {
  std::array<uint8_t, 4> bytes{};
  put_u32(bytes.data(), kFirstCollidingClient + static_cast<uint32_t>(client));
  tuple.client = IpAddress::from_v4(bytes.data());
  put_u32(bytes.data(), kLastCollidingServer - static_cast<uint32_t>(server));
  tuple.server = IpAddress::from_v4(bytes.data());
  const uint64_t client_port =
      kFirstCollidingPort + (round + scramble64(client ^ options_.seed)) % kCollidingPorts;
  tuple.client_port = static_cast<uint16_t>(client_port);
  tuple.server_port =
      static_cast<uint16_t>(kCollidingSum - tuple.protocol - client_port + server - client);
}

FlowTuple TrafficPlan::flood_tuple(uint64_t packet) const {
  const uint64_t random = scramble64(packet ^ scramble64(options_.seed ^ 0x666c6f6f64));
  const Segment& segment = segments_.front();
  const uint64_t server =
      segment.begin + random % std::min(kFloodedServers, segment.end - segment.begin);
  // Numbers from options_.hosts on are no host's.
  const uint64_t source = options_.hosts + below(scramble64(random), kV4Addresses - options_.hosts);

  FlowTuple tuple;
  tuple.client = address(source, segment.is_v6);
  tuple.server = address(2 * server + 1, segment.is_v6);
  tuple.client_mac = mac_of(UINT64_MAX);
  tuple.server_mac = mac_of(2 * server + 1);
  tuple.vlan = segment.vlan;
  tuple.protocol = kProtocolTcp;
  tuple.client_port = static_cast<uint16_t>(1024 + (random >> 8) % kClientPorts);
  tuple.server_port = kTcpServices.front();
  return tuple;
}

Timestamp TrafficPlan::time_of_packet(uint64_t packet) const {
  const uint64_t pps = options_.packets_per_second;
  return {static_cast<uint32_t>(options_.start_seconds + packet / pps),
          static_cast<uint32_t>(packet % pps * 1'000'000'000 / pps)};
}

}  // namespace weir
