// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/outlet_spec.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/number_text.h"
#include "base/size_text.h"

namespace weir {
namespace {

using Encoding = OutletSpec::Encoding;
using Transport = OutletSpec::Transport;

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_zmq(const OutletSpec& spec) {
  return spec.transport == Transport::kZmqConnect || spec.transport == Transport::kZmqListen;
}

// Where the first of the options ends. The letters of a key of CURVE (Z85) may be those that part
// others.
size_t end_of_option(std::string_view options) {
  constexpr std::string_view kKey = "key=";
  constexpr size_t kKeyLetters = 40;
  const bool is_key = options.substr(0, kKey.size()) == kKey;
  return options.find('&', is_key ? kKey.size() + kKeyLetters : 0);
}

Result<void> take_peer(std::string_view text, OutletSpec& spec) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return Error{"HOST:PORT is expected"};
  std::string_view host = text.substr(0, colon);
  const auto port = number_in<uint16_t>(text.substr(colon + 1));
  if (!port || *port == 0) return Error{fmt::format("no port: {}", text.substr(colon + 1))};
  const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (has_brackets) host = host.substr(1, host.size() - 2);
  if (host.empty()) return Error{"the host is missing"};
  // Whoever writes an IPv6 address without brackets may mean another port than we would take.
  if (!has_brackets && host.find(':') != std::string_view::npos)
    return Error{"an IPv6 address stands in brackets: [ADDRESS]:PORT"};
  if (host.find_first_of("/@?# ") != std::string_view::npos) return Error{"no host name"};
  spec.host = host;
  spec.port = *port;
  return {};
}

// What follows the kind; the transport by how it begins.
Result<void> take_place(std::string_view text, OutletSpec& spec) {
  if (is_zmq(spec)) {
    if (text.find("://") == std::string_view::npos)
      return Error{"a ZeroMQ address is expected, such as tcp://127.0.0.1:5556"};
    spec.path = text;
    return {};
  }
  if (take_prefix(text, "tcp://")) {
    spec.transport = Transport::kTcp;
    return take_peer(text, spec);
  }
  if (spec.encoding == Encoding::kJson) {
    if (text.empty()) return Error{"the file is missing"};
    if (text.find("://") != std::string_view::npos) return Error{"tcp:// or a file is expected"};
    spec.path = text;
    return {};
  }
  const bool is_secure = spec.encoding == Encoding::kSyslog && take_prefix(text, "tls://");
  if (!is_secure) (void)take_prefix(text, "udp://");
  spec.transport = is_secure ? Transport::kTls : Transport::kUdp;
  return take_peer(text, spec);
}

Result<void> take_format(std::string_view value, OutletSpec& spec) {
  if (is_zmq(spec) && value == "ipfix") {
    spec.encoding = Encoding::kIpfix;
  } else if (is_zmq(spec) && value == "json") {
    spec.encoding = Encoding::kNtopJson;
  } else if (!is_zmq(spec) && spec.encoding == Encoding::kJson && value == "ecs") {
    spec.encoding = Encoding::kEcs;
  } else if (is_zmq(spec) || spec.encoding != Encoding::kJson || value != "weir") {
    return Error{fmt::format("no such format here: {}", value)};
  }
  return {};
}

Result<void> take_option(std::string_view option, OutletSpec& spec) {
  const size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : option.substr(equals + 1);
  const bool is_file = spec.transport == Transport::kFile;
  if (name == "format") return take_format(value, spec);
  if (name == "key" && is_zmq(spec)) {
    spec.path += "?key=" + std::string(value);
    return {};
  }
  if (name == "ca" && spec.transport == Transport::kTls && !value.empty()) {
    spec.ca_file = value;
    return {};
  }
  if (name == "keep" && is_file) {
    constexpr uint32_t kMost = 1000;
    const auto keep = number_in<uint32_t>(value);
    if (!keep || *keep > kMost) return Error{fmt::format("keep={}: 0 to {}", value, kMost)};
    spec.keep = *keep;
    return {};
  }
  if (name == "spool" || (name == "rotate" && is_file)) {
    constexpr uint64_t kLeast = uint64_t{64} << 10;
    const auto size = parse_size(value);
    if (!size || *size < kLeast)
      return Error{fmt::format("{}={}: a size of at least 64K is expected", name, value)};
    if (name == "spool") {
      spec.spool_bytes = *size;
    } else {
      spec.rotate_bytes = *size;
    }
    return {};
  }
  return Error{fmt::format("no such option here: {}", name)};
}

Result<OutletSpec> parse(std::string_view text) {
  OutletSpec spec;
  spec.text = text;
  std::string_view rest = text;
  if (take_prefix(rest, "json:")) {
    spec.encoding = Encoding::kJson;
  } else if (take_prefix(rest, "syslog:")) {
    spec.encoding = Encoding::kSyslog;
  } else if (take_prefix(rest, "ipfix:")) {
    spec.encoding = Encoding::kIpfix;
  } else if (take_prefix(rest, "zmq:")) {
    spec.encoding = Encoding::kIpfix;
    spec.transport = Transport::kZmqConnect;
  } else if (take_prefix(rest, "zmq-listen:")) {
    spec.encoding = Encoding::kIpfix;
    spec.transport = Transport::kZmqListen;
  } else {
    return Error{"json:, ipfix:, syslog:, zmq: or zmq-listen: is expected"};
  }
  const size_t question = rest.find('?');
  if (auto taken = take_place(rest.substr(0, question), spec); !taken) return taken.error();
  std::string_view options =
      question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
  while (!options.empty()) {
    const size_t end = end_of_option(options);
    if (auto taken = take_option(options.substr(0, end), spec); !taken) return taken.error();
    options.remove_prefix(end == std::string_view::npos ? options.size() : end + 1);
  }
  return spec;
}

}  // namespace

Result<OutletSpec> parse_outlet(std::string_view text) {
  auto spec = parse(text);
  if (!spec) return spec.error().in(text);
  return spec;
}

}  // namespace weir
