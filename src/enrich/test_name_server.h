// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::test {

inline std::string be16(uint16_t value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
}
inline std::string be32(uint32_t value) {
  return be16(static_cast<uint16_t>(value >> 16)) + be16(static_cast<uint16_t>(value & 0xffff));
}

// Labels by the dots, ended.
inline std::string dns_name(std::string name) {
  std::string out;
  for (size_t at = 0; at < name.size();) {
    const size_t dot = std::min(name.find('.', at), name.size());
    out += static_cast<char>(dot - at);
    out.append(name, at, dot - at);
    at = dot + 1;
  }
  return out + '\0';
}

// A question for the PTR record of `name`.
inline std::string dns_query(const std::string& name, uint16_t id = 0x1234) {
  return be16(id) + be16(0x0100) + be16(1) + be16(0) + be16(0) + be16(0) + dns_name(name) +
         be16(12) + be16(1);
}

// A record of the name in the question.
inline std::string dns_record(uint16_t type, uint32_t ttl, const std::string& data) {
  return be16(0xc00c) + be16(type) + be16(1) + be32(ttl) +
         be16(static_cast<uint16_t>(data.size())) + data;
}

struct PtrRecord {
  std::string name;
  uint32_t ttl = 0;
  uint16_t type = 12;
};

// The answer to `query`, with these `records` ready made.
inline std::string dns_answer(const std::string& query, uint16_t count, const std::string& records,
                              uint8_t rcode = 0) {
  return query.substr(0, 2) + be16(static_cast<uint16_t>(0x8180 | rcode)) + be16(1) + be16(count) +
         be16(0) + be16(0) + query.substr(12) + records;
}
inline std::string dns_answer(const std::string& query, const std::vector<PtrRecord>& records,
                              uint8_t rcode = 0) {
  std::string data;
  for (const PtrRecord& record : records)
    data += dns_record(record.type, record.ttl, dns_name(record.name));
  return dns_answer(query, static_cast<uint16_t>(records.size()), data, rcode);
}

// A name server on a UDP port of loopback that answers as the test says.
class NameServer {
 public:
  // The messages to send for a question.
  using Answer = std::function<std::vector<std::string>(const std::string& query)>;

  explicit NameServer(Answer answer)
      : answer_(std::move(answer)), descriptor_(socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(descriptor_, reinterpret_cast<sockaddr*>(&address), size), 0);
    getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~NameServer() {
    thread_.request_stop();
    thread_.join();
    close(descriptor_);
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] uint64_t questions() const { return questions_; }

 private:
  void serve(const std::stop_token& stop) {
    char buffer[4096];
    while (!stop.stop_requested()) {
      pollfd ready{descriptor_, POLLIN, 0};
      if (poll(&ready, 1, 10) <= 0) continue;
      sockaddr_in from{};
      socklen_t size = sizeof(from);
      const ssize_t bytes = recvfrom(descriptor_, buffer, sizeof(buffer), 0,
                                     reinterpret_cast<sockaddr*>(&from), &size);
      if (bytes <= 0) continue;
      ++questions_;
      for (const std::string& message : answer_({buffer, static_cast<size_t>(bytes)}))
        sendto(descriptor_, message.data(), message.size(), 0,
               reinterpret_cast<const sockaddr*>(&from), size);
    }
  }

  const Answer answer_;
  const int descriptor_;
  uint16_t port_ = 0;
  std::atomic<uint64_t> questions_{0};
  std::jthread thread_;
};

}  // namespace weir::test
