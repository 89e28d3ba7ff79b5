// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test_folder.h"
#include "base/test_patience.h"
#include "cache/redis_address.h"

namespace weir::test {

// A TCP socket of loopback that listens; port 0: any free one.
class ListeningSocket {
 public:
  explicit ListeningSocket(uint16_t port = 0) : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int yes = 1;
    setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    sockaddr_in address = loopback(port);
    EXPECT_EQ(bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(descriptor_, 16), 0);
    socklen_t size = sizeof(address);
    getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~ListeningSocket() { close(descriptor_); }
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;

  [[nodiscard]] uint16_t port() const { return port_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  static sockaddr_in loopback(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

 private:
  int descriptor_;
  uint16_t port_ = 0;
};

inline uint16_t free_port() {
  return ListeningSocket().port();
}

// A real redis-server on a port of loopback that keeps nothing on disk. Ends with the object, or
// with the process.
class RedisServer {
 public:
  RedisServer() : port_(free_port()) {}
  ~RedisServer() { kill(); }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  static bool is_installed() {
    return std::system("redis-server --version >/dev/null 2>&1") ==
           0;  // NOLINT(cert-env33-c): the text is ours
  }

  // Returns when it answers.
  void start(const std::vector<std::string>& options = {}) {
    std::vector<std::string> words{"redis-server",
                                   "--port",
                                   std::to_string(port_),
                                   "--bind",
                                   "127.0.0.1",
                                   "--save",
                                   "",
                                   "--dir",
                                   folder_.path().string()};
    words.insert(words.end(), options.begin(), options.end());
    pid_ = fork();
    ASSERT_GE(pid_, 0);
    if (pid_ == 0) run(words);
    ASSERT_TRUE(comes_true([this] { return !ask("PING").empty(); }))
        << "redis-server does not answer";
  }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  // It keeps its connections and answers nothing.
  void freeze() const { ::kill(pid_, SIGSTOP); }
  void thaw() const { ::kill(pid_, SIGCONT); }

  // What it answers to a command in one line, over a connection of its own; "" when it does not.
  [[nodiscard]] std::string ask(const std::string& line) const {
    const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = ListeningSocket::loopback(port_);
    std::string answer;
    if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
      const std::string command = line + "\r\n";
      char buffer[4096];
      if (send(descriptor, command.data(), command.size(), MSG_NOSIGNAL) > 0) {
        const ssize_t size = recv(descriptor, buffer, sizeof(buffer), 0);
        if (size > 0) answer.assign(buffer, static_cast<size_t>(size));
      }
    }
    close(descriptor);
    return answer;
  }

  [[nodiscard]] RedisAddress address() const {
    RedisAddress address;
    address.host = "127.0.0.1";
    address.port = port_;
    return address;
  }

 private:
  [[noreturn]] static void run(const std::vector<std::string>& words) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments.front(), arguments.data());
    _exit(127);
  }

  uint16_t port_;
  TestFolder folder_;
  pid_t pid_ = 0;
};

}  // namespace weir::test
