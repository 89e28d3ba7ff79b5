// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/syslog.h"

#include <string>

#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr int kCannot = 77;

// A /dev of this process alone with nothing but a syslog socket in it. -1: that cannot be had.
int private_syslog() {
  if (unshare(CLONE_NEWNS) != 0 ||
      mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("none", "/dev", "tmpfs", 0, nullptr) != 0)
    return -1;
  const int daemon = socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = "/dev/log"};
  if (bind(daemon, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
  return daemon;
}

// What the daemon hears, of which the first byte says how it went.
std::string heard_by(int daemon) {
  std::string line(4096, '\0');
  const ssize_t size = recv(daemon, line.data(), line.size(), MSG_DONTWAIT);
  line.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return line;
}

// In a process of its own: mount namespaces cannot be left.
std::string heard(LogLevel level, const std::string& text, bool& can) {
  int ends[2];
  if (pipe(ends) != 0) return "";
  const pid_t child = fork();
  if (child == 0) {
    const int daemon = private_syslog();
    if (daemon < 0) _exit(kCannot);
    tell_syslog(level, text);
    const std::string line = heard_by(daemon);
    _exit(write(ends[1], line.data(), line.size()) == static_cast<ssize_t>(line.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string line(4096, '\0');
  const ssize_t size = read(ends[0], line.data(), line.size());
  line.resize(size > 0 ? static_cast<size_t>(size) : 0);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  can = !WIFEXITED(status) || WEXITSTATUS(status) != kCannot;
  return line;
}

TEST(Syslog, HearsOneLineWithPriorityAndName) {
  struct Case {
    LogLevel level;
    const char* priority;  // of the facility daemon (3): 3 * 8 + severity, RFC 3164
  };
  for (const Case& one : {Case{LogLevel::kInfo, "<30>"}, Case{LogLevel::kWarning, "<28>"},
                          Case{LogLevel::kError, "<27>"}}) {
    bool can = false;
    const std::string line = heard(one.level, "disk 100%s\nfull", can);
    if (!can) GTEST_SKIP() << "this needs the right to mount";
    EXPECT_EQ(line.substr(0, 4), one.priority);
    EXPECT_NE(line.find(" weir["), std::string::npos) << line;
    EXPECT_NE(line.find("]: disk 100%s\\x0afull"), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace weir
