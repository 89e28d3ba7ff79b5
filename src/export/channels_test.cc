// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/descriptor.h"
#include "base/test_folder.h"
#include "base/test_patience.h"
#include "export/datagram_channel.h"
#include "export/file_channel.h"
#include "export/stream_channel.h"
#include "export/test_listener.h"

namespace weir {
namespace {

const MessageChannel::IsOver kNever = [] { return false; };

std::vector<Message> lines(int from, int to) {
  std::vector<Message> made;
  for (int i = from; i < to; ++i) made.push_back({fmt::format("line {}\n", i), 1});
  return made;
}

std::string text(int from, int to) {
  std::string all;
  for (const Message& line : lines(from, to)) all += line.bytes;
  return all;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(FileChannel, AppendsToWhatIsThere) {
  const test::TestFolder folder;
  folder.write("flows", "before\n");
  FileChannel channel((folder.path() / "flows").string(), 0, 5);
  ASSERT_TRUE(channel.open(kNever));
  ASSERT_TRUE(channel.send(lines(0, 3), kNever));
  EXPECT_EQ(read(folder.path() / "flows"), "before\n" + text(0, 3));
}

TEST(FileChannel, BeginsAnewAboveItsSize) {
  const test::TestFolder folder;
  FileChannel channel((folder.path() / "flows").string(), 14, 2);
  ASSERT_TRUE(channel.open(kNever));
  ASSERT_TRUE(channel.send(lines(0, 7), kNever));
  EXPECT_EQ(read(folder.path() / "flows"), text(6, 7));
  EXPECT_EQ(read(folder.path() / "flows.1"), text(4, 6));
  EXPECT_EQ(read(folder.path() / "flows.2"), text(2, 4));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "flows.3"));
}

TEST(FileChannel, FollowsAFileThatSomebodyMovedAway) {
  const test::TestFolder folder;
  const auto path = folder.path() / "flows";
  FileChannel channel(path.string(), 0, 5);
  ASSERT_TRUE(channel.open(kNever));
  std::filesystem::rename(path, folder.path() / "moved");
  ASSERT_TRUE(channel.send(lines(0, 1), kNever));
  EXPECT_EQ(read(path), text(0, 1));
}

TEST(FileChannel, DoesNotWaitForTheReaderOfAPipeForEver) {
  const test::TestFolder folder;
  const std::string path = (folder.path() / "pipe").string();
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  FileChannel channel(path, 0, 5);
  EXPECT_FALSE(channel.open(kNever));
  const Descriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(channel.open(kNever));
  // More than a pipe holds, and nobody reads.
  int asked = 0;
  EXPECT_FALSE(channel.send(lines(0, 100'000), [&asked] { return ++asked > 2; }));
  EXPECT_GT(channel.kept(), 0U);
}

TEST(FileChannel, WritesWholeMessagesOnlyAndKeepsWhatDidNotFit) {
  const test::TestFolder folder;
  const auto path = folder.path() / "flows";
  FileChannel channel(path.string(), 0, 5);
  ASSERT_TRUE(channel.open(kNever));
  // As a full disk: the third line does not fit whole.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{17, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto sent = channel.send(lines(0, 5), kNever);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  (void)std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(sent);
  EXPECT_EQ(read(path), text(0, 2));
  EXPECT_EQ(channel.kept(), 3U);
  ASSERT_TRUE(channel.open(kNever));
  EXPECT_EQ(read(path), text(0, 5));
  EXPECT_EQ(channel.kept(), 0U);
}

TEST(FileChannel, SaysWhyItCannotBeOpened) {
  FileChannel channel("/no/such/folder/flows", 0, 5);
  const auto opened = channel.open(kNever);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("/no/such/folder/flows"), std::string::npos);
}

OutletSpec tcp(uint16_t port) {
  OutletSpec spec;
  spec.transport = OutletSpec::Transport::kTcp;
  spec.host = "127.0.0.1";
  spec.port = port;
  return spec;
}

TEST(StreamChannel, LetsGoOfWhatWasConfirmed) {
  const test::Listener listener;
  StreamChannel channel(tcp(listener.port()));
  ASSERT_TRUE(channel.open(kNever));
  ASSERT_TRUE(channel.send(lines(0, 100), kNever));
  EXPECT_TRUE(test::comes_true([&] { return listener.lines() == text(0, 100); }));
  EXPECT_TRUE(test::comes_true([&] { return channel.look() && channel.kept() == 0; }));
}

TEST(StreamChannel, SendsAgainWhatWasNotConfirmed) {
  constexpr int kLines = 500'000;  // more than both buffers hold
  test::Listener listener;
  listener.hang_up_when_full();
  StreamChannel channel(tcp(listener.port()));
  ASSERT_TRUE(channel.open(kNever));
  ASSERT_FALSE(channel.send(lines(0, kLines), kNever));
  EXPECT_GT(channel.kept(), 0U);
  ASSERT_TRUE(channel.open(kNever));
  EXPECT_TRUE(test::comes_true([&] { return channel.look() && channel.kept() == 0; }));
  const std::string expected = text(0, kLines);
  ASSERT_TRUE(test::comes_true([&] { return listener.lines().size() >= expected.size(); }));
  // Nothing is missing, nothing came twice but the line that was left unfinished.
  EXPECT_EQ(listener.connections().size(), 2U);
  const std::string got = listener.lines();
  const auto differs = std::mismatch(expected.begin(), expected.end(), got.begin(), got.end());
  EXPECT_TRUE(got == expected) << got.size() << " of " << expected.size() << ", from byte "
                               << differs.first - expected.begin() << "; the first ended at "
                               << listener.connections()[0].size();
}

TEST(StreamChannel, NoticesThatThePeerIsGone) {
  auto listener = std::make_unique<test::Listener>();
  StreamChannel channel(tcp(listener->port()));
  ASSERT_TRUE(channel.open(kNever));
  ASSERT_TRUE(channel.look());
  listener.reset();
  EXPECT_TRUE(test::comes_true([&] { return !channel.look(); }));
  EXPECT_FALSE(channel.open(kNever));
}

TEST(DatagramChannel, SendsEachMessageAsOne) {
  const int receiver = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(receiver, reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(getsockname(receiver, reinterpret_cast<sockaddr*>(&address), &size), 0);
  DatagramChannel channel("127.0.0.1", ntohs(address.sin_port));
  ASSERT_TRUE(channel.open(kNever));
  ASSERT_TRUE(channel.send(lines(0, 2), kNever));
  char bytes[100];
  for (int i = 0; i < 2; ++i) {
    const ssize_t read = ::recv(receiver, bytes, sizeof bytes, 0);
    ASSERT_GT(read, 0);
    EXPECT_EQ(std::string(bytes, static_cast<size_t>(read)), text(i, i + 1));
  }
  ::close(receiver);
  // Nobody listens any more: the first goes unheard, and its answer meets the next.
  EXPECT_TRUE(
      test::comes_true([&] { return channel.send(lines(0, 1), kNever) && channel.refused() > 0; }));
}

}  // namespace
}  // namespace weir
