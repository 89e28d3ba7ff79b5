// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/stream_channel.h"

#include <utility>

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/descriptor.h"

namespace weir {
namespace {

int must_stop(void* is_over, curl_off_t /*to_receive*/, curl_off_t /*received*/,
              curl_off_t /*to_send*/, curl_off_t /*sent*/) {
  const auto& asked = *static_cast<const MessageChannel::IsOver*>(is_over);
  return asked() ? 1 : 0;
}

std::string url_of(const OutletSpec& spec) {
  const bool is_v6 = spec.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? '[' + spec.host + ']' : spec.host;
  const bool is_secure = spec.transport == OutletSpec::Transport::kTls;
  return fmt::format("{}://{}:{}", is_secure ? "https" : "http", host, spec.port);
}

}  // namespace

// A connection, and how much of what was written to it the peer's TCP has confirmed.
struct StreamChannel::Connection {
  Connection() : handle(curl_easy_init()) {}
  ~Connection() { curl_easy_cleanup(handle); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] int socket() const {
    curl_socket_t number = CURL_SOCKET_BAD;
    (void)curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &number);
    return number;
  }
  // What the handshake sent does not count. False when there is no descriptor left.
  [[nodiscard]] bool begin() {
    // A peer that does not confirm anything any more is gone after so long.
    constexpr unsigned kPatienceMs = 30'000;
    watched = Descriptor(::fcntl(socket(), F_DUPFD_CLOEXEC, 0));
    if (!watched.is_open()) return false;
    (void)setsockopt(watched.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &kPatienceMs,
                     sizeof kPatienceMs);
    const Segments now = segments();
    base = now.confirmed + now.waiting;
    return true;
  }
  // Over TLS: `bytes` of ours were written, which become more on the wire.
  void wrote(size_t bytes) {
    constexpr size_t kRecord = 512;  // or larger
    constexpr size_t kMore = 64;     // at most, a record
    written += bytes;
    sent += bytes + (bytes / kRecord + 1) * kMore;
  }
  // Bytes of ours that arrived; over TLS it may be more.
  [[nodiscard]] uint64_t confirmed(bool is_secure) {
    const Segments now = segments();
    const uint64_t arrived = now.confirmed > base ? now.confirmed - base : 0;
    if (!is_secure) return arrived;
    if (now.is_open) sent = now.confirmed + now.waiting - base;
    const uint64_t open = sent > arrived ? sent - arrived : 0;
    return written > open ? written - open : 0;
  }

  CURL* handle;
  Descriptor watched;  // the same socket, which libcurl closes when it is broken
  uint64_t base = 0;
  uint64_t written = 0;
  uint64_t sent = 0;    // at most
  uint64_t let_go = 0;  // of what is ours

 private:
  struct Segments {
    uint64_t confirmed = 0;  // bytes since the connection was made; the number outlives it
    uint64_t waiting = 0;    // bytes that were not
    bool is_open = false;
  };
  [[nodiscard]] Segments segments() const {
    constexpr uint8_t kClosed = 7;  // TCP_CLOSE
    // In this order: what is confirmed in between counts twice, not never.
    int waiting = 0;
    const bool is_told = ioctl(watched.get(), SIOCOUTQ, &waiting) == 0 && waiting >= 0;
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(watched.get(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
    const bool is_open = is_told && info.tcpi_state != kClosed;
    return {info.tcpi_bytes_acked, is_open ? static_cast<uint64_t>(waiting) : 0, is_open};
  }
};

StreamChannel::StreamChannel(const OutletSpec& spec)
    : url_(url_of(spec)),
      ca_file_(spec.ca_file),
      is_secure_(spec.transport == OutletSpec::Transport::kTls) {}

StreamChannel::~StreamChannel() = default;

Result<void> StreamChannel::open(const IsOver& is_over) {
  constexpr long kConnectMs = 3000;  // NOLINT(google-runtime-int): libcurl's
  constexpr long kIdle = 10;         // NOLINT(google-runtime-int): likewise
  connection_.reset();
  auto connection = std::make_unique<Connection>();
  CURL* const handle = connection->handle;
  if (handle == nullptr) return Error{"out of memory"};
  char said[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(handle, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  curl_easy_setopt(handle, CURLOPT_SSL_ENABLE_ALPN, 0L);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPIDLE, kIdle);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPINTVL, kIdle);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, must_stop);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &is_over);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, said);
  if (!ca_file_.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file_.c_str());
  const CURLcode code = curl_easy_perform(handle);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 1L);
  if (code != CURLE_OK) return Error{said[0] != '\0' ? said : curl_easy_strerror(code)};
  if (!connection->begin()) return Error{"no descriptor is left"};
  connection_ = std::move(connection);
  // What was not confirmed may have arrived in part: it is sent again, whole.
  std::string all;
  for (const Message& message : kept_messages()) all += message.bytes;
  return write(all, is_over);
}

Result<void> StreamChannel::write(const std::string& bytes, const IsOver& is_over) {
  constexpr int kLook = 100;
  size_t at = 0;
  while (at < bytes.size()) {
    size_t sent = 0;
    const CURLcode code =
        curl_easy_send(connection_->handle, bytes.data() + at, bytes.size() - at, &sent);
    at += sent;
    connection_->wrote(sent);
    if (code == CURLE_OK) continue;
    if (code != CURLE_AGAIN) return fail(curl_easy_strerror(code));
    if (is_over()) return fail("not all could be sent before the end");
    pollfd wanted{connection_->socket(), POLLOUT, 0};
    (void)poll(&wanted, 1, kLook);
  }
  settle();
  return {};
}

void StreamChannel::settle() {
  const uint64_t confirmed = connection_->confirmed(is_secure_);
  while (!kept_messages().empty() &&
         connection_->let_go + kept_messages().front().bytes.size() <= confirmed) {
    connection_->let_go += kept_messages().front().bytes.size();
    let_go();
  }
}

Error StreamChannel::fail(const char* why) {
  settle();
  connection_.reset();
  return {why};
}

Result<void> StreamChannel::send(std::vector<Message>&& messages, const IsOver& is_over) {
  std::string all;
  for (const Message& message : messages) all += message.bytes;
  keep(std::move(messages));
  // A peer that is gone must not be sent what it would never read.
  if (auto open = look(); !open) return open;
  return write(all, is_over);
}

Result<void> StreamChannel::look() {
  // What a peer says is of no interest; one that never stops gets no more of our time.
  constexpr int kMostReads = 64;
  char read[512];
  for (int i = 0; i < kMostReads; ++i) {
    size_t size = 0;
    const CURLcode code = curl_easy_recv(connection_->handle, read, sizeof read, &size);
    if (code == CURLE_AGAIN) break;
    if (code != CURLE_OK || size == 0)
      return fail(code == CURLE_OK ? "the peer closed the connection" : curl_easy_strerror(code));
  }
  settle();
  return {};
}

}  // namespace weir
