// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <thread>

#include "capture/capture_file.h"
#include "capture/stream_file.h"
#include "corpus.h"

namespace weir {
namespace {

struct Totals {
  uint64_t packets = 0;
  uint64_t bytes_on_wire = 0;
  uint64_t bytes_captured = 0;
  uint64_t digest = 0;  // of all times, link types and bytes; 0 in the expected answers
  std::string error;

  bool operator==(const Totals&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Totals& totals) {
  return out << totals.packets << " packets, " << totals.bytes_on_wire << " bytes on the wire, "
             << totals.bytes_captured << " captured, digest " << totals.digest << " "
             << totals.error;
}

uint64_t digest_of(uint64_t digest, const PacketView& packet) {
  constexpr uint64_t kPrime = 0x100000001b3;  // FNV-1a
  digest = (digest ^ static_cast<uint64_t>(packet.timestamp.as_nanoseconds())) * kPrime;
  digest = (digest ^ static_cast<uint64_t>(packet.link_type)) * kPrime;
  for (const uint8_t byte : std::span(packet.data, packet.captured_length)) {
    digest = (digest ^ byte) * kPrime;
  }
  return digest;
}

Totals totals_of(PacketSource& source) {
  Totals totals;
  PacketBatch batch;
  while (source.poll(batch, std::chrono::seconds(10)) == PollStatus::kPackets) {
    for (const PacketView& packet : std::span(batch.packets).first(batch.count)) {
      ++totals.packets;
      totals.bytes_on_wire += packet.wire_length;
      totals.bytes_captured += packet.captured_length;
      totals.digest = digest_of(totals.digest, packet);
    }
  }
  totals.error = source.error();
  return totals;
}

Totals of_file(const std::filesystem::path& file) {
  auto source = open_capture_file(file.string());
  return source ? totals_of(**source) : Totals{.error = source.error().message};
}

// The same through a socket whose other end writes pieces of odd sizes.
Totals streamed(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return {.error = "no socket"};
  const std::jthread writer([&bytes, end = Descriptor(ends[1])] {
    std::string_view left = bytes;
    constexpr std::array<size_t, 5> kSizes{1, 13, 1499, 4097, 30'011};
    for (size_t i = 0; !left.empty(); ++i) {
      const std::string_view piece = left.substr(0, kSizes[i % kSizes.size()]);
      if (::send(end.get(), piece.data(), piece.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(piece.size()))
        return;
      left.remove_prefix(piece.size());
    }
    ::shutdown(end.get(), SHUT_WR);
  });
  auto source = open_capture_stream(Descriptor(ends[0]), "-");
  return source ? totals_of(**source) : Totals{.error = source.error().message};
}

TEST(CaptureCorpus, CountsPacketsAndBytesOfEachCaptureExactly) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  const auto files = corpus::list_captures(*folder);
  EXPECT_FALSE(files.empty());
  for (const auto& file : files) {
    std::ifstream in(*folder / "expected" / (file.filename().string() + ".json"));
    const auto answers = nlohmann::json::parse(in);
    Totals expected{.packets = answers.at("packets"),
                    .bytes_on_wire = answers.at("bytes_on_wire"),
                    .bytes_captured = answers.at("bytes_captured"),
                    .error = {}};
    const Totals got = of_file(file);
    expected.digest = got.digest;
    EXPECT_EQ(got, expected) << file;
    EXPECT_EQ(streamed(file), got) << file;
  }
}

}  // namespace
}  // namespace weir
