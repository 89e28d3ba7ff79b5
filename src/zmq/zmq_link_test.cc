// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/zmq_link.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/test_patience.h"
#include "zmq/ntop_frame.h"
#include "zmq/zmq_handle.h"
#include "zmq/zmq_publisher.h"
#include "zmq/zmq_subscriber.h"

namespace weir {
namespace {

using std::chrono::milliseconds;

ZmqLinkOptions bound(const std::string& address = "tcp://127.0.0.1:*") {
  ZmqLinkOptions options;
  options.endpoint = *ZmqEndpoint::parse(address);
  options.binds = true;
  return options;
}
ZmqLinkOptions connected(const std::string& address, const std::string& server_key = {}) {
  ZmqLinkOptions options;
  options.endpoint = *ZmqEndpoint::parse(address);
  options.endpoint.server_key = server_key;
  return options;
}
std::span<const uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// A subscriber and what it heard.
struct Hearing {
  explicit Hearing(const ZmqLinkOptions& options) {
    auto opened = ZmqSubscriber::open(options);
    if (!opened) {
      error = opened.error().message;
      return;
    }
    subscriber = *std::move(opened);
  }
  void poll() {
    (void)subscriber->poll(milliseconds(5), [this](const ZmqMessage& message) {
      payloads.emplace_back(reinterpret_cast<const char*>(message.payload.data()),
                            message.payload.size());
      numbers.push_back(read_ntop_header(message.header)->number.value_or(0));
      address = message.peer_address;
      key = message.peer_key;
    });
  }

  std::string error;
  std::unique_ptr<ZmqSubscriber> subscriber;
  std::vector<std::string> payloads;
  std::vector<uint32_t> numbers;
  std::string address;
  std::string key;
};

std::unique_ptr<ZmqPublisher> publisher(const ZmqLinkOptions& options, int queued = 1000) {
  ZmqPublisherOptions made;
  made.link = options;
  made.queued_messages = queued;
  made.linger = milliseconds(0);
  auto opened = ZmqPublisher::open(made);
  EXPECT_TRUE(opened) << opened.error().message;
  return *std::move(opened);
}

// Sends until it arrives.
bool goes_through(ZmqPublisher& from, Hearing& to, std::string_view text) {
  bool is_sent = false;
  return test::comes_true([&] {
    if (!is_sent) is_sent = from.send("flow", bytes_of(text)) == ZmqPublisher::Sent::kSent;
    to.poll();
    return !to.payloads.empty() && to.payloads.back() == text;
  });
}

TEST(ZmqLink, CarriesMessagesWhicheverSideIsBound) {
  Hearing listening(bound());
  const auto connects = publisher(connected(listening.subscriber->address()));
  EXPECT_TRUE(goes_through(*connects, listening, "one"));
  EXPECT_TRUE(goes_through(*connects, listening, "two"));
  EXPECT_EQ(listening.numbers, (std::vector<uint32_t>{0, 1}));
  EXPECT_EQ(listening.address, "127.0.0.1");
  EXPECT_EQ(listening.key, "");

  const auto listens = publisher(bound());
  Hearing connecting(connected(listens->address()));
  EXPECT_TRUE(goes_through(*listens, connecting, "three"));
  EXPECT_EQ(connecting.address, "127.0.0.1");
}

TEST(ZmqLink, TakesSeveralPeersAtOnce) {
  Hearing hearing(bound());
  const auto first = publisher(connected(hearing.subscriber->address()));
  const auto second = publisher(connected(hearing.subscriber->address()));
  EXPECT_TRUE(goes_through(*first, hearing, "first"));
  EXPECT_TRUE(goes_through(*second, hearing, "second"));
  EXPECT_TRUE(test::comes_true([&] {
    hearing.poll();
    return hearing.subscriber->links().connected == 2;
  }));
}

TEST(ZmqLink, GivesEachSubscriberEverything) {
  const auto from = publisher(bound());
  Hearing first(connected(from->address()));
  Hearing second(connected(from->address()));
  EXPECT_TRUE(test::comes_true([&] {
    from->poll(milliseconds(5));
    first.poll();
    second.poll();
    return from->subscribers() == 2;
  }));
  EXPECT_TRUE(goes_through(*from, first, "all"));
  EXPECT_TRUE(test::comes_true([&] {
    second.poll();
    return second.payloads == std::vector<std::string>{"all"};
  }));
}

TEST(ZmqLink, ConnectsAgainWhenThePeerComesBack) {
  auto hearing = std::make_unique<Hearing>(bound());
  const std::string address = hearing->subscriber->address();
  const auto from = publisher(connected(address));
  EXPECT_TRUE(goes_through(*from, *hearing, "before"));
  hearing.reset();
  EXPECT_TRUE(test::comes_true(
      [&] { return from->send("flow", bytes_of("nobody")) == ZmqPublisher::Sent::kNobody; }));
  hearing = std::make_unique<Hearing>(bound(address));
  ASSERT_EQ(hearing->error, "");
  const auto back = std::chrono::steady_clock::now();
  EXPECT_TRUE(goes_through(*from, *hearing, "after"));
  // What libzmq is told to do takes at most 2.2 s; the rest is for a machine that is busy.
  EXPECT_LT(std::chrono::steady_clock::now() - back, std::chrono::seconds(20));
  EXPECT_EQ(from->subscribers(), 1U);
}

TEST(ZmqLink, ConnectsToAPeerThatComesLater) {
  std::string address;
  {
    const Hearing free(bound());
    address = free.subscriber->address();
  }
  Hearing waits(connected(address));
  waits.poll();
  const auto late = publisher(bound(address));
  EXPECT_TRUE(goes_through(*late, waits, "late"));
}

TEST(ZmqLink, SaysWhenAQueueIsFull) {
  const auto from = publisher(bound(), 2);
  Hearing slow(connected(from->address()));
  const std::string big(size_t{1} << 20, 'x');
  EXPECT_TRUE(test::comes_true(
      [&] { return from->send("flow", bytes_of(big)) == ZmqPublisher::Sent::kFull; }));
  EXPECT_GE(from->full(), 1U);
  const uint64_t sent = from->sent();
  // What was sent comes, in order and without a gap.
  EXPECT_TRUE(test::comes_true([&] {
    slow.poll();
    return slow.payloads.size() == sent;
  }));
  for (size_t i = 0; i < slow.numbers.size(); ++i) EXPECT_EQ(slow.numbers[i], i);
}

TEST(ZmqLink, CutsOffWhoSendsTooMuchAtOnce) {
  Hearing hearing(bound());
  const auto from = publisher(connected(hearing.subscriber->address()));
  EXPECT_TRUE(goes_through(*from, hearing, "small"));
  const std::string big(static_cast<size_t>(ZmqSubscriber::kMaxMessageBytes) + 1, 'x');
  EXPECT_EQ(from->send("flow", bytes_of(big)), ZmqPublisher::Sent::kSent);
  EXPECT_TRUE(test::comes_true([&] {
    hearing.poll();
    return hearing.subscriber->links().disconnected == 1;
  }));
  EXPECT_EQ(hearing.payloads, std::vector<std::string>{"small"});
}

TEST(ZmqLink, CountsMessagesThatHaveNotTwoParts) {
  Hearing hearing(bound());
  const ZmqContext context;
  const ZmqHandle socket(context.get(), ZMQ_PUB);
  (void)socket.set(ZMQ_LINGER, 0);
  ASSERT_EQ(zmq_connect(socket.get(), hearing.subscriber->address().c_str()), 0);
  EXPECT_TRUE(test::comes_true([&] {
    (void)zmq_send(socket.get(), "alone", 5, 0);
    (void)zmq_send(socket.get(), "a", 1, ZMQ_SNDMORE);
    (void)zmq_send(socket.get(), "b", 1, ZMQ_SNDMORE);
    (void)zmq_send(socket.get(), "c", 1, 0);
    hearing.poll();
    return hearing.subscriber->misshapen() >= 4;
  }));
  EXPECT_EQ(hearing.subscriber->messages(), 0U);
}

TEST(ZmqLink, TurnsAwayPeersBeyondTheBound) {
  ZmqLinkOptions options = bound();
  options.max_peers = 1;
  Hearing hearing(options);
  const auto first = publisher(connected(hearing.subscriber->address()));
  EXPECT_TRUE(goes_through(*first, hearing, "first"));
  const auto second = publisher(connected(hearing.subscriber->address()));
  EXPECT_TRUE(test::comes_true([&] {
    hearing.poll();
    return hearing.subscriber->links().turned_away > 0;
  }));
  EXPECT_EQ(second->send("flow", bytes_of("second")), ZmqPublisher::Sent::kNobody);
  EXPECT_TRUE(goes_through(*first, hearing, "still here"));
  EXPECT_EQ(second->send("flow", bytes_of("second")), ZmqPublisher::Sent::kNobody);
}

TEST(ZmqLink, LetsInWhoWasTurnedAwayWhenThereIsRoom) {
  ZmqLinkOptions options = bound();
  options.max_peers = 1;
  Hearing hearing(options);
  auto first = publisher(connected(hearing.subscriber->address()));
  EXPECT_TRUE(goes_through(*first, hearing, "first"));
  const auto second = publisher(connected(hearing.subscriber->address()));
  EXPECT_TRUE(test::comes_true([&] {
    hearing.poll();
    return hearing.subscriber->links().turned_away > 0;
  }));
  first.reset();
  EXPECT_TRUE(goes_through(*second, hearing, "second"));
}

// Connections to a socket that is bound, which say nothing of their own.
std::vector<Descriptor> raw_connections(const std::string& address, size_t count) {
  std::vector<Descriptor> made;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (size_t i = 0; i < count; ++i) {
    made.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(made.back().get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  return made;
}

TEST(ZmqLink, HasRoomForPeersBesideConnectionsThatSayNothing) {
  ZmqLinkOptions options = bound();
  options.max_peers = 1;
  Hearing hearing(options);
  const std::vector<Descriptor> silent = raw_connections(hearing.subscriber->address(), 5);
  EXPECT_TRUE(test::comes_true([&] {
    hearing.poll();
    return hearing.subscriber->links().connections == silent.size();
  }));
  const auto from = publisher(connected(hearing.subscriber->address()));
  EXPECT_TRUE(goes_through(*from, hearing, "hello"));
  EXPECT_EQ(hearing.subscriber->links().turned_away, 0U);
}

TEST(ZmqLink, PromisesNoPlaceTwice) {
  ZmqLinkOptions options = bound();
  options.max_peers = 2;
  Hearing hearing(options);
  const std::vector<Descriptor> peers = raw_connections(hearing.subscriber->address(), 5);
  // The greeting of RFC 23: signature, version 3.0, mechanism NULL. What is to follow does not.
  std::string greeting = std::string("\xff\0\0\0\0\0\0\0\0\x7f\3\0NULL", 16);
  greeting.resize(64);
  for (const Descriptor& peer : peers)
    EXPECT_EQ(::send(peer.get(), greeting.data(), greeting.size(), MSG_NOSIGNAL), 64);
  EXPECT_TRUE(test::comes_true([&] {
    hearing.poll();
    return hearing.subscriber->links().turned_away == 3;
  }));
}

class ZmqCurve : public ::testing::Test {
 protected:
  ZmqLinkOptions guarded() {
    ZmqLinkOptions options = bound();
    options.keys = server_;
    options.allowed.keys = {client_.public_key};
    return options;
  }
  ZmqLinkOptions with_keys(const std::string& address, const std::string& server_key,
                           const CurveKeys& keys) {
    ZmqLinkOptions options = connected(address, server_key);
    options.keys = keys;
    return options;
  }
  // Until the one that is bound has counted a handshake that failed for one of these reasons;
  // nobody hears anything meanwhile.
  bool fails(Hearing& hearing, ZmqPublisher& from, const std::string& reason,
             const std::string& or_reason = "") {
    return test::comes_true([&] {
      EXPECT_NE(from.send("flow", bytes_of("secret")), ZmqPublisher::Sent::kSent);
      hearing.poll();
      auto failed = hearing.subscriber->links().failed;
      return failed[reason] > 0 || failed[or_reason] > 0;
    });
  }

  CurveKeys server_ = *make_curve_keys();
  CurveKeys client_ = *make_curve_keys();
};

TEST_F(ZmqCurve, LetsInTheKeysThatAreAllowed) {
  Hearing hearing(guarded());
  ASSERT_EQ(hearing.error, "");
  const auto from =
      publisher(with_keys(hearing.subscriber->address(), server_.public_key, client_));
  EXPECT_TRUE(goes_through(*from, hearing, "hello"));
  EXPECT_EQ(hearing.key, client_.public_key);
  EXPECT_TRUE(hearing.subscriber->links().denied.empty());
}

TEST_F(ZmqCurve, GuardsAPublisherThatIsBoundLikewise) {
  const auto from = publisher(guarded());
  Hearing stranger(with_keys(from->address(), server_.public_key, *make_curve_keys()));
  Hearing friendly(with_keys(from->address(), server_.public_key, client_));
  EXPECT_TRUE(goes_through(*from, friendly, "hello"));
  EXPECT_TRUE(test::comes_true([&] {
    from->poll(milliseconds(5));
    return !from->links().denied.empty();
  }));
  stranger.poll();
  EXPECT_TRUE(stranger.payloads.empty());
}

TEST_F(ZmqCurve, DeniesAKeyThatIsNotAndCountsIt) {
  Hearing hearing(guarded());
  const CurveKeys stranger = *make_curve_keys();
  const auto from =
      publisher(with_keys(hearing.subscriber->address(), server_.public_key, stranger));
  EXPECT_TRUE(fails(hearing, *from, "authentication"));
  const ZmqLinkStatistics links = hearing.subscriber->links();
  ASSERT_EQ(links.denied.size(), 1U);
  EXPECT_EQ(links.denied.begin()->first, stranger.public_key);
  EXPECT_GE(links.denied.begin()->second, 1U);
  EXPECT_TRUE(hearing.payloads.empty());
}

TEST_F(ZmqCurve, ComesInWhenItsKeyIsAllowedLater) {
  auto hearing = std::make_unique<Hearing>(guarded());
  const std::string address = hearing->subscriber->address();
  const CurveKeys late = *make_curve_keys();
  const auto from = publisher(with_keys(address, server_.public_key, late));
  EXPECT_TRUE(fails(*hearing, *from, "authentication"));
  hearing.reset();
  ZmqLinkOptions options = guarded();
  options.endpoint = *ZmqEndpoint::parse(address);
  options.allowed.keys.push_back(late.public_key);
  hearing = std::make_unique<Hearing>(options);
  ASSERT_EQ(hearing->error, "");
  EXPECT_TRUE(goes_through(*from, *hearing, "allowed now"));
}

TEST_F(ZmqCurve, CannotBeReachedWithAnotherServersKey) {
  Hearing hearing(guarded());
  const auto from =
      publisher(with_keys(hearing.subscriber->address(), make_curve_keys()->public_key, client_));
  EXPECT_TRUE(fails(hearing, *from, "encryption"));
  EXPECT_TRUE(hearing.payloads.empty());
}

TEST_F(ZmqCurve, CannotBeReachedWithoutKeys) {
  Hearing hearing(guarded());
  const auto from = publisher(connected(hearing.subscriber->address()));
  // Whichever side is the first to end it.
  EXPECT_TRUE(fails(hearing, *from, "mechanism", "closed"));
  EXPECT_TRUE(hearing.payloads.empty());
}

TEST_F(ZmqCurve, LetsInWhoeverKnowsOurKeyWhenAnyIsAllowed) {
  ZmqLinkOptions options = guarded();
  options.allowed = {true, {}};
  Hearing hearing(options);
  const auto from = publisher(connected(hearing.subscriber->address(), server_.public_key));
  EXPECT_TRUE(goes_through(*from, hearing, "hello"));
  EXPECT_EQ(hearing.key.size(), kCurveKeyLength);
}

TEST(ZmqLinkCheck, RefusesPlainLinksThatLeaveTheMachine) {
  EXPECT_TRUE(check_zmq_link(bound("tcp://127.0.0.1:5556")));
  EXPECT_TRUE(check_zmq_link(connected("ipc:///run/flows")));
  for (const ZmqLinkOptions& plain : {bound("tcp://*:5556"), connected("tcp://192.0.2.1:5556")}) {
    const auto checked = check_zmq_link(plain);
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().message.find("--zmq-plain"), std::string::npos);
    EXPECT_FALSE(ZmqSubscriber::open(plain));
    ZmqLinkOptions asked = plain;
    asked.allows_plain = true;
    EXPECT_TRUE(check_zmq_link(asked));
  }
  EXPECT_TRUE(check_zmq_link(connected("tcp://192.0.2.1:5556", make_curve_keys()->public_key)));
}

TEST(ZmqLinkCheck, RefusesKeysThatLetNobodyIn) {
  ZmqLinkOptions options = bound();
  options.keys = *make_curve_keys();
  const auto checked = check_zmq_link(options);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("--zmq-allow"), std::string::npos);
  options.allowed.any = true;
  EXPECT_TRUE(check_zmq_link(options));
  options.endpoint.server_key = options.keys->public_key;
  EXPECT_FALSE(check_zmq_link(options));
}

TEST(ZmqLinkCheck, SaysWhichAddressCannotBeHad) {
  const Hearing first(bound());
  const Hearing second(bound(first.subscriber->address()));
  EXPECT_NE(second.error.find("listen on tcp://127.0.0.1:"), std::string::npos);
  EXPECT_NE(second.error.find("in use"), std::string::npos);
}

}  // namespace
}  // namespace weir
