// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/curve_keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "base/descriptor.h"

namespace weir {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kMostFileBytes = size_t{1} << 20;
using KeyText = std::array<char, kCurveKeyLength + 1>;

Result<std::string> content_of(const Descriptor& file, const std::string& name) {
  std::string content;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t got = ::read(file.get(), part.data(), part.size());
    if (got < 0) return system_error(name, errno);
    if (got == 0) return content;
    content.append(part.data(), static_cast<size_t>(got));
    if (content.size() > kMostFileBytes) return Error{name + " is too long for a file of keys"};
  }
}

// The text up to the end of the line, which is left out of both.
std::string_view next_line(std::string_view& text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return line;
}

// What stands behind "NAME " in a line of its own; "" when none does.
std::string_view named_key(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (line.size() == name.size() + 1 + kCurveKeyLength && line.starts_with(name) &&
        line[name.size()] == ' ')
      return line.substr(name.size() + 1);
  }
  return {};
}

}  // namespace

bool is_curve_key(std::string_view text) {
  if (text.size() != kCurveKeyLength) return false;
  std::array<uint8_t, kKeyBytes> bytes{};
  return zmq_z85_decode(bytes.data(), std::string(text).c_str()) != nullptr;
}

Result<CurveKeys> make_curve_keys() {
  KeyText public_key{};
  KeyText secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0)
    return Error{fmt::format("make keys: {}", zmq_strerror(zmq_errno()))};
  return CurveKeys{public_key.data(), secret_key.data()};
}

Result<void> write_curve_keys(const std::string& file, const CurveKeys& keys) {
  const std::string text = fmt::format(
      "# A key pair of weir. Others get the public key (weir keys FILE shows it), nobody the "
      "secret one.\npublic {}\nsecret {}\n",
      keys.public_key, keys.secret_key);
  constexpr mode_t kOwnerOnly = 0600;
  const Descriptor made(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly));
  if (!made.is_open()) return system_error(file, errno);
  const ssize_t written = ::write(made.get(), text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size()) && ::fsync(made.get()) == 0) return {};
  const int error = written < 0 ? errno : EIO;
  (void)::unlink(file.c_str());
  return system_error(file, error);
}

Result<CurveKeys> read_curve_keys(const std::string& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about {};
  if (!opened.is_open() || ::fstat(opened.get(), &about) != 0) return system_error(file, errno);
  constexpr mode_t kOthers = 077;
  if ((about.st_mode & kOthers) != 0)
    return Error{fmt::format("{}: others may read the secret key: chmod 600 {}", file, file)};
  const auto content = content_of(opened, file);
  if (!content) return content.error();
  const CurveKeys keys{std::string(named_key(*content, "public")),
                       std::string(named_key(*content, "secret"))};
  KeyText derived{};
  const bool is_pair = is_curve_key(keys.public_key) && is_curve_key(keys.secret_key) &&
                       zmq_curve_public(derived.data(), keys.secret_key.c_str()) == 0 &&
                       keys.public_key == derived.data();
  if (!is_pair) return Error{file + " holds no pair of keys: weir keys FILE makes one"};
  return keys;
}

Result<AllowedKeys> read_allowed_keys(const std::string& text) {
  if (text == "any") return AllowedKeys{true, {}};
  if (is_curve_key(text)) return AllowedKeys{false, {text}};
  const Descriptor opened(::open(text.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened.is_open()) return system_error(text, errno);
  const auto content = content_of(opened, text);
  if (!content) return content.error();
  AllowedKeys allowed;
  std::string_view rest = *content;
  for (size_t number = 1; !rest.empty(); ++number) {
    std::string_view line = next_line(rest);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line == "#" || line.starts_with("# ")) continue;
    const std::string_view key = line.substr(0, line.find_first_of(" \t"));
    if (!is_curve_key(key))
      return Error{fmt::format("{}: line {} does not begin with a public key", text, number)};
    allowed.keys.emplace_back(key);
  }
  return allowed;
}

}  // namespace weir
