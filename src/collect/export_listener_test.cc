// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/export_listener.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

// A socket of an exporter on this machine.
class Sender {
 public:
  Sender(int type, uint16_t port) : descriptor_(::socket(AF_INET, type, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(descriptor_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  ~Sender() { ::close(descriptor_); }
  void send(const Bytes& bytes) const {
    EXPECT_EQ(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // Whether the other end is gone.
  [[nodiscard]] bool is_closed() const {
    uint8_t byte = 0;
    return ::recv(descriptor_, &byte, 1, 0) <= 0;
  }

 private:
  int descriptor_;
};

struct Heard {
  Bytes message;
  ExportPeer peer;
  bool is_stream;
};

class ExportListenerTest : public ::testing::Test {
 protected:
  void open(ListenOptions options = {}) {
    options.address = *IpAddress::parse("127.0.0.1");
    auto opened = ExportListener::open(options);
    ASSERT_TRUE(opened) << opened.error().message;
    listener_ = *std::move(opened);
  }
  // Until so much was heard, or nothing comes any more.
  void hear(size_t count) {
    constexpr std::chrono::seconds kMost{5};
    while (heard_.size() < count && listener_->poll(kMost, [this](const ReceivedExport& message) {
      heard_.push_back({Bytes(message.bytes.begin(), message.bytes.end()), message.peer,
                        message.transport == ExportTransport::kTcp});
    })) {
    }
  }

  std::unique_ptr<ExportListener> listener_;
  std::vector<Heard> heard_;
};

TEST_F(ExportListenerTest, TakesDatagramsAndConnectionsOnOnePort) {
  open();
  const Bytes message = ipfix(0, {plain_template_set()});
  const Sender datagrams(SOCK_DGRAM, listener_->port());
  const Sender stream(SOCK_STREAM, listener_->port());
  datagrams.send(message);
  hear(1);
  stream.send(message);
  hear(2);
  ASSERT_EQ(heard_.size(), 2U);
  EXPECT_FALSE(heard_[0].is_stream);
  EXPECT_TRUE(heard_[1].is_stream);
  EXPECT_EQ(heard_[0].peer.address.to_string(), "127.0.0.1");
  EXPECT_EQ(heard_[1].message, message);
  EXPECT_EQ(listener_->statistics().datagrams, 1U);
  EXPECT_EQ(listener_->statistics().open, 1U);
  EXPECT_GE(listener_->statistics().buffer_bytes, 65'536U);
}

TEST_F(ExportListenerTest, TakesTheLongestDatagramWhole) {
  open();
  const Sender sender(SOCK_DGRAM, listener_->port());
  sender.send(Bytes(65'507, 7));
  hear(1);
  ASSERT_EQ(heard_.size(), 1U);
  EXPECT_EQ(heard_[0].message.size(), 65'507U);
  EXPECT_EQ(listener_->statistics().cut, 0U);
}

TEST_F(ExportListenerTest, CountsWhatTheKernelDropped) {
  ListenOptions options;
  options.buffer_bytes = 65'536;
  open(options);
  const Sender sender(SOCK_DGRAM, listener_->port());
  constexpr size_t kSent = 1000;
  for (size_t i = 0; i < kSent; ++i) sender.send(Bytes(1400, 1));
  constexpr std::chrono::milliseconds kPause{20};
  const auto keep = [this](const ReceivedExport& message) {
    heard_.push_back({Bytes(message.bytes.begin(), message.bytes.end()), message.peer, false});
  };
  while (listener_->poll(kPause, keep)) {
  }
  // The count comes with the next datagram that finds room.
  sender.send(Bytes(1400, 1));
  hear(heard_.size() + 1);
  EXPECT_LT(heard_.size(), kSent);
#ifndef __x86_64__
  // qemu's user mode does not hand the count on.
  if (listener_->statistics().kernel_drops == 0) GTEST_SKIP() << "the emulator does not tell";
#endif
  EXPECT_EQ(heard_.size() + listener_->statistics().kernel_drops, kSent + 1);
}

TEST_F(ExportListenerTest, ClosesConnectionsThatAreNoIpfixOrTooMany) {
  ListenOptions options;
  options.max_connections = 2;
  open(options);
  const Sender foreign(SOCK_STREAM, listener_->port());
  const Sender good(SOCK_STREAM, listener_->port());
  const Sender third(SOCK_STREAM, listener_->port());
  constexpr std::chrono::milliseconds kPause{20};
  const auto ignore = [](const ReceivedExport&) {};
  while (listener_->poll(kPause, ignore)) {
  }
  EXPECT_TRUE(third.is_closed());
  EXPECT_EQ(listener_->statistics().refused, 1U);
  foreign.send({'G', 'E', 'T', ' ', '/', '\r', '\n'});
  while (listener_->poll(kPause, ignore)) {
  }
  EXPECT_TRUE(foreign.is_closed());
  EXPECT_EQ(listener_->statistics().foreign, 1U);
  good.send(ipfix(0, {}));
  hear(1);
  EXPECT_EQ(heard_.size(), 1U);
}

TEST_F(ExportListenerTest, TellsOfTheEndOfAConnection) {
  open();
  {
    const Sender sender(SOCK_STREAM, listener_->port());
    sender.send(ipfix(0, {}));
    hear(1);
  }
  hear(2);
  ASSERT_EQ(heard_.size(), 2U);
  EXPECT_TRUE(heard_[1].message.empty());
  EXPECT_TRUE(heard_[1].is_stream);
  EXPECT_EQ(heard_[1].peer.port, heard_[0].peer.port);
}

TEST_F(ExportListenerTest, LetsAnIdleConnectionGiveWay) {
  ListenOptions options;
  options.max_connections = 3;
  options.max_connections_per_address = 2;
  options.idle_after = std::chrono::milliseconds(0);
  open(options);
  constexpr std::chrono::milliseconds kPause{20};
  const auto settle = [&] {
    while (listener_->poll(kPause, [](const ReceivedExport&) {})) {
    }
  };
  const Sender idle(SOCK_STREAM, listener_->port());
  const Sender busy(SOCK_STREAM, listener_->port());
  settle();
  busy.send(ipfix(0, {}));
  settle();
  const Sender late(SOCK_STREAM, listener_->port());
  settle();
  EXPECT_TRUE(idle.is_closed());
  EXPECT_EQ(listener_->statistics().idle, 1U);
  EXPECT_EQ(listener_->statistics().refused, 0U);
  EXPECT_EQ(listener_->statistics().open, 2U);
  late.send(ipfix(0, {}));
  hear(1);
  EXPECT_EQ(heard_.size(), 1U);
}

TEST_F(ExportListenerTest, DoesNotSpinWithoutDescriptors) {
  open();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const Sender waiting(SOCK_STREAM, listener_->port());
  const rlimit none{3, before.rlim_max};  // which poll() may still be given
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  constexpr std::chrono::milliseconds kPause{5};
  size_t wakes = 0;
  for (int i = 0; i < 50; ++i)
    wakes += listener_->poll(kPause, [](const ReceivedExport&) {}) ? 1 : 0;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(wakes, 1U);
  waiting.send(ipfix(0, {}));
  // It looks again after a second.
  constexpr std::chrono::milliseconds kLook{100};
  for (int i = 0; i < 50 && heard_.empty(); ++i) {
    (void)listener_->poll(kLook, [this](const ReceivedExport& message) {
      heard_.push_back({Bytes(message.bytes.begin(), message.bytes.end()), message.peer, true});
    });
  }
  EXPECT_EQ(heard_.size(), 1U);
}

TEST_F(ExportListenerTest, SaysWhyItCannotListen) {
  open();
  const auto again =
      ExportListener::open({.address = *IpAddress::parse("127.0.0.1"), .port = listener_->port()});
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("listen on 127.0.0.1:"), std::string::npos);
  EXPECT_NE(again.error().message.find("in use"), std::string::npos);
}

}  // namespace
}  // namespace weir
