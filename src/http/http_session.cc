// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/http_session.h"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "http/content_coding.h"
#include "http/problem.h"
#include "http/stream_session.h"

namespace weir {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::beast::error_code;

using Request = http::request<http::string_body>;

constexpr size_t kReadBytes = 4096;
// What is read after the last answer, so that it arrives (RFC 9112, 9.6): for so long, and so much.
constexpr std::chrono::seconds kLingerTime{2};
constexpr size_t kLingerBytes = size_t{16} << 20;

std::string text_of(const Request& request, http::field name) {
  const auto value = request[name];
  return {value.data(), value.size()};
}

std::optional<std::string> single(const Request& request, http::field name) {
  if (request.count(name) != 1) return std::nullopt;
  return text_of(request, name);
}

// The request without its body.
HttpRequest plain(const Request& request) {
  HttpRequest out;
  out.method = std::string(request.method_string().data(), request.method_string().size());
  out.target = std::string(request.target().data(), request.target().size());
  out.host = single(request, http::field::host);
  // An Origin sent twice is present and equal to nothing we allow.
  if (request.count(http::field::origin) > 0)
    out.origin = single(request, http::field::origin).value_or("");
  out.accept = text_of(request, http::field::accept);
  out.accept_encoding = text_of(request, http::field::accept_encoding);
  out.if_none_match = text_of(request, http::field::if_none_match);
  const auto fetch_site = request["Sec-Fetch-Site"];
  out.fetch_site = std::string(fetch_site.data(), fetch_site.size());
  const auto token = request["X-Weir-Token"];
  out.token = std::string(token.data(), token.size());
  out.wants_websocket = beast::websocket::is_upgrade(request);
  return out;
}

// The only place that sets headers from values: what would split the answer is not sent.
template <typename Message>
void set_header(Message& message, std::string_view name, std::string_view value) {
  for (const char c : value) {
    if (c == '\r' || c == '\n' || c == '\0') return;
  }
  message.set(beast::string_view(name.data(), name.size()),
              beast::string_view(value.data(), value.size()));
}

http::message_generator to_message(HttpAnswer answer, unsigned version, bool keep_alive,
                                   bool is_head) {
  http::response<http::string_body> message(static_cast<http::status>(answer.status), version);
  const std::string_view reason = status_title(answer.status);
  message.reason(beast::string_view(reason.data(), reason.size()));
  for (const auto& [name, value] : security_headers()) set_header(message, name, value);
  for (const auto& [name, value] : answer.headers) set_header(message, name, value);
  if (!answer.content_type.empty()) set_header(message, "Content-Type", answer.content_type);
  message.keep_alive(keep_alive);
  const size_t length = answer.body.size();
  if (answer.status != 304) message.content_length(length);
  if (is_head) {
    http::response<http::empty_body> head(std::move(message.base()));
    return head;
  }
  message.body() = std::move(answer.body);
  return message;
}

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(boost::asio::ip::tcp::socket socket, ServerContext& context)
      : context_(context), slot_(context), stream_(std::move(socket)) {}

  // Waits for the first bytes with the patience for idle connections, then for the rest with that
  // for requests.
  void read() {
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(context_.options.max_header_bytes));
    parser_->body_limit(context_.options.max_body_bytes);
    if (buffer_.size() > 0) return read_request();
    stream_.expires_after(context_.options.keep_alive_timeout);
    stream_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this()](error_code error, size_t bytes) {
                              if (error) return;
                              self->buffer_.commit(bytes);
                              self->read_request();
                            });
  }

 private:
  void read_request() {
    stream_.expires_after(context_.options.request_timeout);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](error_code error, size_t) { self->on_read(error); });
  }

  void on_read(error_code error) {
    if (error == http::error::end_of_stream) return shut_down();
    if (error) return refuse_broken(error);
    ++context_.requests;
    ++context_.answering;
    Request& request = parser_->get();
    version_ = request.version();
    keep_alive_ = request.keep_alive() && !context_.is_stopping;
    is_head_ = request.method() == http::verb::head;
    HttpRequest asked = plain(request);
    asked.body = std::move(request.body());
    dispatch(std::move(asked));
  }

  // What cannot be parsed gets an answer where HTTP has one; then the connection is of no more use.
  void refuse_broken(error_code error) {
    int status = 0;
    if (error == http::error::header_limit) status = 431;
    if (error == http::error::body_limit) status = 413;
    if (error == beast::error::timeout) return;
    if (status == 0 && error.category() == make_error_code(http::error::bad_version).category() &&
        error != http::error::partial_message) {
      status = 400;
    }
    if (status == 0) return;
    ++context_.requests;
    ++context_.answering;
    version_ = 11;
    keep_alive_ = false;
    is_head_ = false;
    send(problem_answer(status, "The request is not HTTP/1.1, or larger than this server takes."));
  }

  void dispatch(HttpRequest asked) {
    Route route = context_.router.route(asked);
    if (auto* answer = std::get_if<HttpAnswer>(&route)) {
      if (answer->status == 403 || answer->status == 421) ++context_.refused;
      send(std::move(*answer));
    } else if (auto* request = std::get_if<ScriptRequest>(&route)) {
      run_script(std::move(*request), std::move(asked));
    } else {
      upgrade();
    }
  }

  void run_script(ScriptRequest request, HttpRequest asked) {
    stream_.expires_never();
    if (asked.method == "GET" || asked.method == "HEAD") {
      ask(std::move(request), std::move(asked));
    } else {
      change(std::move(request));
    }
  }

  // What has no effects: its run may answer others, too.
  void ask(ScriptRequest request, HttpRequest asked) {
    const std::string target = asked.target;
    const bool is_first =
        context_.runs.wait({std::move(asked), [self = shared_from_this()](HttpAnswer answer) {
                              self->send_soon(std::move(answer));
                            }});
    if (!is_first) return;
    const bool posted =
        context_.workers.post([&context = context_, request = std::move(request), target] {
          auto waiters = context.runs.take(target);
          CodedAnswer answer(to_answer(context.scripts.run(request)));
          for (SharedRuns::Waiter& waiter : waiters) waiter.send(answer.to(waiter.asked));
        });
    if (posted) return;
    for (SharedRuns::Waiter& waiter : context_.runs.take(target)) waiter.send(too_many());
  }

  void change(ScriptRequest request) {
    const bool posted =
        context_.workers.post([self = shared_from_this(), request = std::move(request)]() mutable {
          self->send_soon(to_answer(self->context_.scripts.run(request)));
        });
    if (!posted) send(too_many());
  }

  static HttpAnswer too_many() {
    return problem_answer(503, "Too many requests are waiting. Try again.");
  }

  // From a worker.
  void send_soon(HttpAnswer answer) {
    boost::asio::post(stream_.get_executor(),
                      [self = shared_from_this(), answer = std::move(answer)]() mutable {
                        self->send(std::move(answer));
                      });
  }

  void upgrade() {
    if (context_.hub.statistics().clients >= context_.options.max_stream_clients) {
      return send(problem_answer(503, "Too many stream clients."));
    }
    --context_.answering;
    start_stream_session(std::move(stream_), parser_->release(), context_, std::move(slot_));
  }

  void send(HttpAnswer answer) {
    stream_.expires_after(context_.options.request_timeout);
    beast::async_write(
        stream_, to_message(std::move(answer), version_, keep_alive_, is_head_),
        [self = shared_from_this()](error_code error, size_t) { self->on_sent(error); });
  }

  void on_sent(error_code error) {
    --context_.answering;
    context_.on_idle();
    if (error) return;
    if (!keep_alive_) return shut_down();
    read();
  }

  // Closing a socket with bytes unread resets the connection, and a client that is still sending
  // may lose the answer with it. So we end our half and read on for a while.
  void shut_down() {
    error_code error;
    stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, error);
    if (error) return;
    buffer_.clear();
    stream_.expires_after(kLingerTime);
    linger(kLingerBytes);
  }

  void linger(size_t bytes_left) {
    stream_.async_read_some(buffer_.prepare(kReadBytes), [self = shared_from_this(), bytes_left](
                                                             error_code error, size_t bytes) {
      if (!error && bytes < bytes_left) self->linger(bytes_left - bytes);
    });
  }

  ServerContext& context_;
  ConnectionSlot slot_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool is_head_ = false;
};

}  // namespace

void start_http_session(boost::asio::ip::tcp::socket socket, ServerContext& context) {
  std::make_shared<HttpSession>(std::move(socket), context)->read();
}

}  // namespace weir
