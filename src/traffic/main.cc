// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <csignal>
#include <ctime>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "traffic/capture_writer.h"
#include "traffic/pacer.h"
#include "traffic/packet_sender.h"
#include "traffic/traffic_generator.h"

namespace {

using std::chrono::nanoseconds;

struct CommandLine {
  weir::TrafficOptions traffic;
  std::string shape = "round-robin";
  std::string file;
  std::string format = "pcap";
  std::string interface;
  std::string churn;
  bool mix = false;
  uint64_t rate = 0;
};

const std::map<std::string, weir::TrafficShape> kShapes{
    {"round-robin", weir::TrafficShape::kRoundRobin},
    {"random", weir::TrafficShape::kRandom},
    {"zipf", weir::TrafficShape::kZipf},
    {"burst", weir::TrafficShape::kBurst},
    {"syn-flood", weir::TrafficShape::kSynFlood},
};
const std::map<std::string, weir::CaptureFormat> kFormats{
    {"pcap", weir::CaptureFormat::kPcap},
    {"pcap-ns", weir::CaptureFormat::kPcapNanoseconds},
    {"pcapng", weir::CaptureFormat::kPcapng},
};

volatile std::sig_atomic_t g_stop = 0;

void declare(CLI::App& app, CommandLine& line) {
  weir::TrafficOptions& traffic = line.traffic;
  app.add_option("--hosts", traffic.hosts, "Hosts that appear, exactly")->required();
  app.add_option("--flows", traffic.flows,
                 "Flows that appear, exactly; at least half as many as hosts")
      ->required();
  app.add_option("--size", traffic.size_bytes,
                 "Bytes of each frame on the wire, without its check sequence")
      ->required();
  app.add_option("--packets", traffic.packets, "Packets in all")->required();
  app.add_option("--shape", line.shape, "How packets are dealt to flows")
      ->check(CLI::IsMember(kShapes))
      ->capture_default_str();
  app.add_option("--seed", traffic.seed, "The same seed and options give the same bytes")
      ->capture_default_str();
  app.add_flag("--consecutive", traffic.consecutive,
               "Addresses count up instead of being scrambled");
  app.add_flag("--colliding", traffic.colliding,
               "The sum of addresses, ports and protocol is the same for all flows");
  auto* vlan = app.add_option("--vlan", traffic.vlans, "Spread the hosts over VLANs 1 to N");
  auto* tagged =
      app.add_option("--tagged", traffic.tagged_percent, "Percent of the hosts that --vlan tags")
          ->capture_default_str()
          ->needs(vlan);
  auto* ipv6 = app.add_option("--ipv6", traffic.ipv6_percent, "Percent of the hosts that have IPv6")
                   ->capture_default_str();
  app.add_option("--tcp", traffic.tcp_percent, "Percent of the flows that are TCP; the rest is UDP")
      ->capture_default_str();
  auto* icmp = app.add_option("--icmp", traffic.icmp_percent,
                              "Percent of the flows that are echo requests and replies")
                   ->capture_default_str();
  app.add_flag("--mix", line.mix,
               "20 % IPv6, 10 % of the hosts in four VLANs, 5 % ICMP; TCP as --tcp says")
      ->excludes(vlan, tagged, ipv6, icmp);
  app.add_option("--churn", line.churn,
                 "Flows that end, and others that begin, each second; with %: of the packets");
  app.add_option("--pps", traffic.packets_per_second, "Packets per second of the times in a file")
      ->capture_default_str();
  app.add_option("--start", traffic.start_seconds,
                 "Time of the first packet in a file, seconds since 1970")
      ->capture_default_str();
  auto* format = app.add_option("--format", line.format, "Of the file; pcap-ns has nanoseconds")
                     ->check(CLI::IsMember(kFormats))
                     ->capture_default_str();
  auto* rate =
      app.add_option("--rate", line.rate, "Packets per second to send; 0: as fast as it goes")
          ->capture_default_str();
  auto* group = app.add_option_group("Where to", "One of these is needed");
  auto* write =
      group->add_option("--write", line.file, "Write a capture file; - is standard output");
  auto* send =
      group->add_option("--send", line.interface, "Send on an interface; needs CAP_NET_RAW");
  group->require_option(1);
  format->needs(write);
  rate->needs(send);
}

// "3000" a second or "5%" of the packets. False: neither.
bool read_churn(const std::string& text, weir::TrafficOptions& traffic) {
  if (text.empty()) return true;
  const bool is_percent = text.back() == '%';
  double number = 0;
  if (!CLI::detail::lexical_cast(is_percent ? text.substr(0, text.size() - 1) : text, number) ||
      !(number >= 0 && number <= 1e9)) {
    return false;
  }
  if (is_percent) number *= static_cast<double>(traffic.packets_per_second) / 100;
  traffic.churn = static_cast<uint64_t>(number);
  return true;
}

nanoseconds monotonic() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

double seconds_since(nanoseconds start) {
  return std::chrono::duration<double>(monotonic() - start).count();
}

void summarize(const char* verb, const weir::TrafficGenerator& generator, const CommandLine& line,
               nanoseconds start) {
  const double elapsed = seconds_since(start);
  const auto packets = static_cast<double>(generator.packets());
  std::string flood;
  if (generator.flood_packets() > 0)
    flood = fmt::format(" and {} SYNs of random sources", generator.flood_packets());
  fmt::print(stderr,
             "{} {} packets of {} bytes: {} hosts, {} flows{}; {:.2f} s, {:.0f} packets per "
             "second, {:.0f} Mbit/s\n",
             verb, generator.packets(), generator.frame_bytes(), line.traffic.hosts,
             line.traffic.flows, flood, elapsed, packets / elapsed,
             packets * static_cast<double>(generator.frame_bytes()) * 8 / elapsed / 1e6);
}

weir::Result<void> write_capture(const CommandLine& line, weir::TrafficGenerator& generator) {
  auto writer = weir::CaptureWriter::create(line.file, kFormats.at(line.format));
  if (!writer) return writer.error();
  const nanoseconds start = monotonic();
  while (!generator.done()) {
    if (!writer->has_room(generator.frame_bytes())) {
      if (auto flushed = writer->flush(); !flushed) return flushed;
    }
    const weir::Timestamp when = generator.time();
    generator.next(writer->append(when, generator.frame_bytes()));
  }
  if (auto flushed = writer->flush(); !flushed) return flushed;
  summarize("wrote", generator, line, start);
  return {};
}

void sleep_until(nanoseconds due) {
  const timespec until{due.count() / 1'000'000'000, due.count() % 1'000'000'000};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

weir::Result<void> send_packets(const CommandLine& line, weir::TrafficGenerator& generator) {
  auto sender = weir::PacketSender::open(line.interface, generator.frame_bytes());
  if (!sender) return sender.error();
  std::signal(SIGINT, [](int) { g_stop = 1; });
  std::signal(SIGTERM, [](int) { g_stop = 1; });
  weir::Pacer pacer(line.rate);
  const nanoseconds start = monotonic();
  while (!generator.done() && g_stop == 0) {
    const uint64_t allowed = pacer.allowed(monotonic(), weir::PacketSender::kBatch);
    if (allowed == 0) {
      sleep_until(pacer.due());
      continue;
    }
    size_t count = 0;
    for (; count < allowed && !generator.done(); ++count) generator.next(sender->frame(count));
    if (auto sent = sender->send(count); !sent) return sent;
    pacer.sent(count);
  }
  summarize("sent", generator, line, start);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Makes network traffic with exactly the hosts and flows asked for, to test and measure weir "
      "with.",
      "weir-traffic");
  CommandLine line;
  declare(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  line.traffic.shape = kShapes.at(line.shape);
  if (line.mix) weir::use_mix(line.traffic);
  if (!read_churn(line.churn, line.traffic)) {
    fmt::print(stderr, "weir-traffic: --churn {}: flows a second, or a percentage as 5%\n",
               line.churn);
    return 2;
  }
  const auto plan = weir::TrafficPlan::make(line.traffic);
  if (!plan) {
    fmt::print(stderr, "weir-traffic: {}\n", plan.error().message);
    return 2;
  }
  weir::TrafficGenerator generator(*plan);
  std::signal(SIGPIPE, SIG_IGN);
  const auto done =
      line.file.empty() ? send_packets(line, generator) : write_capture(line, generator);
  if (!done) fmt::print(stderr, "weir-traffic: {}\n", done.error().message);
  return done ? 0 : 1;
}
