// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace weir {

// A bare HTTP and WebSocket client for tests: it sends the bytes it is told, right or wrong. Every
// wait ends after ten seconds.
class TestClient {
 public:
  struct Answer {
    int status = 0;  // 0: the connection ended without one
    std::map<std::string, std::string> headers;
    std::string body;
  };

  explicit TestClient(uint16_t port) : port_(port), socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ =
        connect(socket_, reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0;
  }
  ~TestClient() { close(socket_); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  [[nodiscard]] bool is_connected() const { return is_connected_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  Answer request(const std::string& line, const std::string& headers = "") {
    send(line + " HTTP/1.1\r\nHost: localhost:" + std::to_string(port_) + "\r\n" + headers +
         "\r\n");
    return read_answer(line.rfind("HEAD", 0) == 0);
  }
  Answer get(const std::string& target, const std::string& headers = "") {
    return request("GET " + target, headers);
  }

  Answer read_answer(bool is_head = false) {
    Answer answer;
    while (buffer_.find("\r\n\r\n") == std::string::npos) {
      if (!read_some()) return answer;
    }
    const size_t end = buffer_.find("\r\n\r\n");
    parse_head(buffer_.substr(0, end), answer);
    buffer_.erase(0, end + 4);
    const auto length = answer.headers.find("content-length");
    if (is_head || length == answer.headers.end()) return answer;
    const size_t size = std::stoul(length->second);
    while (buffer_.size() < size && read_some()) {
    }
    answer.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return answer;
  }

  // Whether the server has closed the connection; waits for it.
  bool is_closed() {
    while (read_some()) {
    }
    return is_ended_;
  }

  // A WebSocket handshake for the stream.
  Answer upgrade(const std::string& headers = "") {
    return get("/api/v1/stream",
               "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                   headers);
  }

  // One WebSocket frame; a mask of zero leaves the bytes as they are. Opcodes: 1 text, 2 binary, 8
  // close, 9 ping.
  bool send_frame(std::string_view payload, unsigned opcode = 1) {
    std::string frame(1, static_cast<char>(0x80U | opcode));
    const size_t size = payload.size();
    if (size < 126) {
      frame += static_cast<char>(0x80U | size);
    } else {
      const size_t bytes = size < 65536 ? 2 : 8;
      frame += static_cast<char>(0x80U | (bytes == 2 ? 126U : 127U));
      for (size_t i = bytes; i-- > 0;) frame += static_cast<char>(size >> (8 * i));
    }
    frame.append(4, '\0');
    return send(frame.append(payload));
  }

  // The next text message; nothing after a close frame or the end of the connection. Pings are
  // skipped.
  std::optional<std::string> read_message() {
    while (true) {
      if (!fill(2)) return std::nullopt;
      const unsigned opcode = static_cast<unsigned char>(buffer_[0]) & 0x0fU;
      size_t size = static_cast<unsigned char>(buffer_[1]) & 0x7fU;
      const size_t bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
      if (!fill(2 + bytes)) return std::nullopt;
      if (bytes > 0) size = 0;
      for (size_t i = 0; i < bytes; ++i)
        size = size << 8 | static_cast<unsigned char>(buffer_[2 + i]);
      if (!fill(2 + bytes + size)) return std::nullopt;
      std::string payload = buffer_.substr(2 + bytes, size);
      buffer_.erase(0, 2 + bytes + size);
      if (opcode == 8) return std::nullopt;
      if (opcode == 1) return payload;
    }
  }

 private:
  static void parse_head(const std::string& head, Answer& answer) {
    if (head.size() > 12) answer.status = std::stoi(head.substr(9, 3));
    for (size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
      const std::string line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
      const size_t colon = line.find(": ");
      if (colon == std::string::npos) continue;
      std::string name = line.substr(0, colon);
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      answer.headers[name] = line.substr(colon + 2);
    }
  }

  bool fill(size_t size) {
    while (buffer_.size() < size) {
      if (!read_some()) return false;
    }
    return true;
  }

  bool read_some() {
    std::array<char, 16384> bytes{};
    const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
    is_ended_ = count == 0 || (count < 0 && errno == ECONNRESET);
    if (count <= 0) return false;
    buffer_.append(bytes.data(), static_cast<size_t>(count));
    return true;
  }

  const uint16_t port_;
  const int socket_;
  bool is_connected_ = false;
  bool is_ended_ = false;
  std::string buffer_;
};

}  // namespace weir
