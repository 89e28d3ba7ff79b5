// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/stream_session.h"

#include <array>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

namespace weir {
namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::beast::error_code;

constexpr size_t kMaxMessageBytes = size_t{64} << 10;

class StreamSession : public std::enable_shared_from_this<StreamSession> {
 public:
  StreamSession(beast::tcp_stream stream, UpgradeRequest request, ServerContext& context,
                ConnectionSlot slot)
      : context_(context),
        slot_(std::move(slot)),
        request_(std::move(request)),
        socket_(std::move(stream)) {}

  ~StreamSession() {
    if (client_) {
      context_.streams.erase(*client_);
      context_.hub.remove_client(*client_);
    }
  }

  void accept() {
    beast::get_lowest_layer(socket_).expires_never();  // the WebSocket has time-outs of its own
    const auto idle = context_.options.stream_idle_timeout;
    socket_.set_option(
        websocket::stream_base::timeout{context_.options.request_timeout, idle, true});
    socket_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
      for (const auto& [name, value] : security_headers()) {
        response.set(beast::string_view(name.data(), name.size()),
                     beast::string_view(value.data(), value.size()));
      }
    }));
    socket_.read_message_max(kMaxMessageBytes);
    socket_.text(true);
    socket_.auto_fragment(false);  // one frame for a message, not one for each 4 kB
    socket_.async_accept(request_, [self = shared_from_this()](error_code error) {
      if (!error) self->begin();
    });
  }

 private:
  void begin() {
    request_ = {};
    // The hub and the context forget these in the destructor, so they never outlive `this`.
    client_ = context_.hub.add_client([this] { send_next(); });
    context_.streams[*client_] = [this] { say_bye("weir stops"); };
    if (context_.is_stopping) say_bye("weir stops");
    read();
  }

  void read() {
    socket_.async_read(
        buffer_, [self = shared_from_this()](error_code error, size_t) { self->on_read(error); });
  }

  void on_read(error_code error) {
    if (error) return end();
    if (!socket_.got_text()) {
      say_bye("only text messages are understood");
    } else if (!bye_) {
      const auto data = buffer_.data();
      context_.hub.receive(*client_, {static_cast<const char*>(data.data()), data.size()});
    }
    buffer_.consume(buffer_.size());
    read();
  }

  void say_bye(std::string_view reason) {
    if (bye_) return;
    bye_ = StreamFrame{R"({"op":"bye","reason":")" + std::string(reason) + "\"}", nullptr};
    send_next();
  }

  // One frame is under way at a time; everything else waits in the hub, where newer takes the place
  // of older.
  void send_next() {
    if (is_sending_ || is_closing_) return;
    std::optional<StreamFrame> frame = bye_ ? bye_ : context_.hub.next_frame(*client_);
    if (!frame) return;
    is_sending_ = true;
    is_closing_ = bye_.has_value();
    frame_ = *std::move(frame);
    const std::string_view tail = frame_.tail();
    const std::array<boost::asio::const_buffer, 2> pieces{
        boost::asio::buffer(frame_.head), boost::asio::buffer(tail.data(), tail.size())};
    socket_.async_write(
        pieces, [self = shared_from_this()](error_code error, size_t) { self->on_sent(error); });
  }

  void on_sent(error_code error) {
    is_sending_ = false;
    frame_ = {};
    if (error) return end();
    if (!is_closing_) return send_next();
    socket_.async_close(websocket::close_code::going_away,
                        [self = shared_from_this()](error_code) { self->end(); });
  }

  void end() {
    if (!client_) return;
    context_.streams.erase(*client_);
    context_.hub.remove_client(*client_);
    client_.reset();
    is_closing_ = true;
    context_.on_idle();
  }

  ServerContext& context_;
  ConnectionSlot slot_;
  UpgradeRequest request_;
  websocket::stream<beast::tcp_stream> socket_;
  beast::flat_buffer buffer_;
  std::optional<StreamHub::ClientId> client_;
  StreamFrame frame_;
  std::optional<StreamFrame> bye_;
  bool is_sending_ = false;
  bool is_closing_ = false;
};

}  // namespace

void start_stream_session(beast::tcp_stream stream, UpgradeRequest request, ServerContext& context,
                          ConnectionSlot slot) {
  std::make_shared<StreamSession>(std::move(stream), std::move(request), context, std::move(slot))
      ->accept();
}

}  // namespace weir
