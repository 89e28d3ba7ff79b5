// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/http_server.h"

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.h"
#include "http/http_session.h"

namespace weir {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr size_t kMaxWaitingWork = 256;
constexpr auto kStopPatience = std::chrono::seconds(1);
constexpr auto kBetweenRefreshes = std::chrono::milliseconds(100);
constexpr auto kAcceptRetry = std::chrono::milliseconds(100);
// After the whole second, so that the second that the answers are about is over in the engine too.
constexpr auto kAfterTick = std::chrono::milliseconds(30);

double system_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string endpoint_text(const std::string& address, uint16_t port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

Error listen_error(const HttpOptions& options, const error_code& error) {
  std::string message = endpoint_text(options.address, options.port) + ": " + error.message();
  if (error == boost::asio::error::address_in_use) {
    message += ": is weir running already? choose another with --http ADDR:PORT";
  }
  return {std::move(message), error.value()};
}

// Bound and listening.
Result<tcp::acceptor> listen(boost::asio::io_context& io, const HttpOptions& options) {
  error_code error;
  const auto address = boost::asio::ip::make_address(options.address, error);
  if (error) return Error{options.address + ": not an IP address", error.value()};
  const tcp::endpoint endpoint(address, options.port);
  tcp::acceptor acceptor(io);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) return listen_error(options, error);
  return acceptor;
}

HttpOptions with_defaults(HttpOptions options) {
  if (options.address == "localhost") options.address = "127.0.0.1";
  if (!options.now) options.now = system_seconds;
  return options;
}

Value to_value(const HttpStatistics& figures) {
  return Value::Object{{"connections", figures.connections},
                       {"connections_total", figures.connections_total},
                       {"connections_refused", figures.connections_refused},
                       {"requests", figures.requests},
                       {"shared", figures.shared},
                       {"refused", figures.refused},
                       {"clients", figures.stream_clients},
                       {"subscriptions", figures.subscriptions},
                       {"questions", figures.questions},
                       {"evaluations", figures.evaluations},
                       {"frames", figures.frames},
                       {"frames_replaced", figures.frames_replaced}};
}

}  // namespace

class HttpServer::Impl {
  // All of Asio: what is pending in it, connections above all, ends with it.
  struct Network {
    boost::asio::io_context io{1};
    tcp::acceptor acceptor{io};
    boost::asio::steady_timer tick_timer{io};
    boost::asio::steady_timer retry_timer{io};
    boost::asio::steady_timer stop_timer{io};
    boost::asio::steady_timer news_timer{io};
  };

 public:
  Impl(HttpOptions options, SessionToken token, ScriptRunner& scripts, const AssetStore& assets)
      : options_(std::move(options)),
        scripts_(scripts),
        assets_(assets),
        token_(std::move(token)),
        workers_(options_.workers, kMaxWaitingWork),
        hub_([this](StreamHub::QuestionId id,
                    const ScriptRequest& request) { return evaluate(id, request); },
             options_.now, options_.workers) {}

  ~Impl() { stop(); }

  Result<void> start() {
    Result<tcp::acceptor> acceptor = listen(network_->io, options_);
    if (!acceptor.ok()) return acceptor.error();
    network_->acceptor = *std::move(acceptor);
    error_code ignored;
    port_ = network_->acceptor.local_endpoint(ignored).port();
    router_ = std::make_unique<Router>(
        OriginPolicy(options_.address, port_, options_.allowed_hosts), token_, scripts_, assets_);
    context_ = std::make_unique<ServerContext>(options_, *router_, scripts_, workers_, hub_,
                                               [this] { end_if_idle(); });
    scripts_.set_health_part("http", [this] { return to_value(statistics()); });
    accept();
    if (options_.tick.count() > 0) wait_for_tick();
    thread_ = std::jthread([this] { network_->io.run(); });
    return {};
  }

  // Workers may be in ntop.health(), so that part goes first and takes no lock that they want.
  void stop() {
    if (!thread_.joinable()) return;
    scripts_.set_health_part("http", {});
    boost::asio::post(network_->io, [this] { begin_to_stop(); });
    thread_.join();
    workers_.stop();
    context_->runs.clear();
    const std::lock_guard lock(network_mutex_);
    network_.reset();
  }

  // One at a time in the queue, however fast they are asked for.
  void tick() {
    const std::lock_guard lock(network_mutex_);
    if (!network_ || tick_is_posted_.exchange(true)) return;
    boost::asio::post(network_->io, [this] {
      tick_is_posted_ = false;
      hub_.tick();
    });
  }

  void refresh(const std::string& resource) {
    const std::lock_guard lock(network_mutex_);
    if (!network_ || !news_.insert(resource).second || news_.size() > 1) return;
    boost::asio::post(network_->io, [this] { wait_for_news(); });
  }

  [[nodiscard]] HttpStatistics statistics() const {
    const StreamStatistics stream = hub_.statistics();
    return {context_->connections,
            context_->connections_total,
            context_->connections_refused,
            context_->requests,
            context_->runs.shared(),
            context_->refused,
            stream.clients,
            stream.subscriptions,
            stream.questions,
            stream.evaluations,
            stream.frames,
            stream.frames_replaced};
  }

  [[nodiscard]] const std::string& address() const { return options_.address; }
  [[nodiscard]] uint16_t port() const { return port_; }

 private:
  void accept() {
    network_->acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error == boost::asio::error::operation_aborted) return;
      if (error) return retry_accept(error);
      if (context_->connections >= options_.max_connections) {
        ++context_->connections_refused;
        socket.close(error);
      } else {
        socket.set_option(tcp::no_delay(true), error);
        start_http_session(std::move(socket), *context_);
      }
      accept();
    });
  }

  // Out of file descriptors, mostly: at once again would be a busy loop.
  void retry_accept(const error_code& error) {
    log_warning("http: accept: " + error.message());
    network_->retry_timer.expires_after(kAcceptRetry);
    network_->retry_timer.async_wait([this](error_code stopped) {
      if (!stopped) accept();
    });
  }

  void wait_for_tick() {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch() - kAfterTick);
    network_->tick_timer.expires_after(options_.tick - now % options_.tick);
    network_->tick_timer.async_wait([this](error_code stopped) {
      if (stopped) return;
      hub_.tick();
      wait_for_tick();
    });
  }

  // Until there may be a refresh again; what comes meanwhile is part of it.
  void wait_for_news() {
    if (context_->is_stopping) return;
    network_->news_timer.expires_at(next_refresh_);
    network_->news_timer.async_wait([this](error_code stopped) {
      if (stopped) return;
      next_refresh_ = std::chrono::steady_clock::now() + kBetweenRefreshes;
      std::set<std::string> news;
      {
        const std::lock_guard lock(network_mutex_);
        news.swap(news_);
      }
      for (const std::string& resource : news) hub_.refresh(resource);
    });
  }

  bool evaluate(StreamHub::QuestionId id, const ScriptRequest& request) {
    return workers_.post([this, id, request] {
      ScriptResponse response = scripts_.run(request);
      boost::asio::post(network_->io, [this, id, response = std::move(response)]() mutable {
        hub_.answered(id, std::move(response));
      });
    });
  }

  void begin_to_stop() {
    context_->is_stopping = true;
    error_code ignored;
    network_->acceptor.close(ignored);
    network_->tick_timer.cancel();
    network_->retry_timer.cancel();
    network_->news_timer.cancel();
    const auto streams = context_->streams;
    for (const auto& [id, say_bye] : streams) say_bye();
    network_->stop_timer.expires_after(kStopPatience);
    network_->stop_timer.async_wait([this](error_code) { network_->io.stop(); });
    end_if_idle();
  }

  void end_if_idle() {
    if (context_->is_stopping && context_->answering == 0 && context_->streams.empty())
      network_->io.stop();
  }

  // In this order: connections die with network_ and need what stands above it.
  const HttpOptions options_;
  ScriptRunner& scripts_;
  const AssetStore& assets_;
  const SessionToken token_;
  WorkerPool workers_;
  StreamHub hub_;
  std::unique_ptr<Router> router_;
  std::unique_ptr<ServerContext> context_;
  uint16_t port_ = 0;
  std::atomic<bool> tick_is_posted_{false};
  std::mutex network_mutex_;    // for tick() and refresh() while stop() takes the network away
  std::set<std::string> news_;  // resources that refresh() named; with the mutex
  std::chrono::steady_clock::time_point next_refresh_;  // of the network thread
  std::unique_ptr<Network> network_ = std::make_unique<Network>();
  std::jthread thread_;
};

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpOptions options, ScriptRunner& scripts,
                                                      const AssetStore& assets) {
  Result<SessionToken> token = SessionToken::make();
  if (!token.ok()) return token.error();
  auto impl =
      std::make_unique<Impl>(with_defaults(std::move(options)), *std::move(token), scripts, assets);
  if (Result<void> started = impl->start(); !started.ok()) return started.error();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

const std::string& HttpServer::address() const {
  return impl_->address();
}
uint16_t HttpServer::port() const {
  return impl_->port();
}
std::string HttpServer::url() const {
  return "http://" + endpoint_text(impl_->address(), impl_->port());
}
void HttpServer::stop() {
  impl_->stop();
}
void HttpServer::tick() {
  impl_->tick();
}
void HttpServer::refresh(const std::string& resource) {
  impl_->refresh(resource);
}
HttpStatistics HttpServer::statistics() const {
  return impl_->statistics();
}

}  // namespace weir
