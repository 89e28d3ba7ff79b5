// SPDX-License-Identifier: GPL-3.0-or-later
#include "enrich/dns_client.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include <ares.h>
#include <arpa/nameser.h>
#include <poll.h>
#include <sys/time.h>

namespace weir {
namespace {

constexpr size_t kSockets = ARES_GETSOCK_MAXNUM;

ReverseAnswer answer_of(int status, const unsigned char* message, int size) {
  switch (status) {
    case ARES_SUCCESS:
      return parse_reverse_answer(
          {message, static_cast<size_t>(std::max(message == nullptr ? 0 : size, 0))});
    case ARES_ENOTFOUND:
    case ARES_ENODATA:
      return {ReverseAnswer::Kind::kNoName, {}, {}};
    default:
      return {};
  }
}

Error cares_error(const std::string& what, int status) {
  return {what + ": " + ares_strerror(status), 0};
}

}  // namespace

class DnsClient::Impl {
 public:
  explicit Impl(OnAnswer on_answer) : on_answer_(std::move(on_answer)) {}
  ~Impl() {
    if (channel_ != nullptr) ares_destroy(channel_);
    if (is_library_open_) ares_library_cleanup();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> open(const DnsClientOptions& options) {
    int status = ares_library_init(ARES_LIB_INIT_ALL);
    if (status != ARES_SUCCESS) return cares_error("c-ares", status);
    is_library_open_ = true;
    ares_options wanted{};
    // A truncated answer has a name, too: no connections.
    wanted.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_IGNTC;
    wanted.timeout = static_cast<int>(options.timeout.count());
    wanted.tries = options.tries;
    wanted.ndomains = 0;
    status = ares_init_options(
        &channel_, &wanted,
        ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_DOMAINS | ARES_OPT_ROTATE);
    if (status != ARES_SUCCESS) return cares_error("c-ares", status);
    if (options.server.empty()) return {};
    status = ares_set_servers_ports_csv(channel_, options.server.c_str());
    if (status != ARES_SUCCESS) return cares_error(options.server, status);
    return {};
  }

  void ask(const IpAddress& address) {
    ++in_flight_;
    // c-ares calls back once, whatever happens; answered() takes the question back.
    auto question = std::make_unique<Question>(Question{this, address});
    ares_query(channel_, reverse_name(address).c_str(), ns_c_in, ns_t_ptr, answered,
               question.release());
  }

  [[nodiscard]] size_t in_flight() const { return in_flight_; }

  void wait(std::chrono::milliseconds most, int wake) {
    std::array<ares_socket_t, kSockets> sockets{};
    const int wanted = ares_getsock(channel_, sockets.data(), static_cast<int>(kSockets));
    std::array<pollfd, kSockets + 1> descriptors{};
    size_t count = 0;
    descriptors[count++] = {wake, POLLIN, 0};
    for (size_t i = 0; i < kSockets; ++i) {
      const int events = (ARES_GETSOCK_READABLE(wanted, i) ? POLLIN : 0) |
                         (ARES_GETSOCK_WRITABLE(wanted, i) ? POLLOUT : 0);
      if (events != 0) descriptors[count++] = {sockets[i], static_cast<short>(events), 0};
    }
    (void)poll(descriptors.data(), count, static_cast<int>(shorter(most).count()));
    for (size_t i = 1; i < count; ++i) {
      const pollfd& ready = descriptors[i];
      const bool is_readable = (ready.revents & ~POLLOUT) != 0;  // or broken
      ares_process_fd(channel_, is_readable ? ready.fd : ARES_SOCKET_BAD,
                      (ready.revents & POLLOUT) != 0 ? ready.fd : ARES_SOCKET_BAD);
    }
    // Those whose time is over.
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  }

 private:
  struct Question {
    Impl* client;
    IpAddress address;
  };

  static void answered(void* argument, int status, int /*timeouts*/, unsigned char* message,
                       int size) {
    const std::unique_ptr<Question> question(static_cast<Question*>(argument));
    --question->client->in_flight_;
    question->client->on_answer_(question->address, answer_of(status, message, size));
  }

  // `most`, or the time until a question is asked again.
  [[nodiscard]] std::chrono::milliseconds shorter(std::chrono::milliseconds most) const {
    using std::chrono::microseconds;
    using std::chrono::seconds;
    const auto whole = std::chrono::floor<seconds>(most);
    timeval limit{whole.count(), microseconds(most - whole).count()};
    timeval left{};
    const timeval* until = ares_timeout(channel_, &limit, &left);
    return std::chrono::ceil<std::chrono::milliseconds>(seconds(until->tv_sec) +
                                                        microseconds(until->tv_usec));
  }

  const OnAnswer on_answer_;
  ares_channel channel_ = nullptr;
  bool is_library_open_ = false;
  size_t in_flight_ = 0;
};

Result<std::unique_ptr<DnsClient>> DnsClient::create(const DnsClientOptions& options,
                                                     OnAnswer on_answer) {
  auto impl = std::make_unique<Impl>(std::move(on_answer));
  if (auto opened = impl->open(options); !opened) return opened.error();
  return std::unique_ptr<DnsClient>(new DnsClient(std::move(impl)));
}

DnsClient::DnsClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DnsClient::~DnsClient() = default;

void DnsClient::ask(const IpAddress& address) {
  impl_->ask(address);
}
size_t DnsClient::in_flight() const {
  return impl_->in_flight();
}
void DnsClient::wait(std::chrono::milliseconds most, int wake) {
  impl_->wait(most, wake);
}

}  // namespace weir
