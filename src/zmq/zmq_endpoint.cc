// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/zmq_endpoint.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/number_text.h"
#include "zmq/curve_keys.h"

namespace weir {
namespace {

constexpr std::string_view kTcp = "tcp://";
constexpr std::string_view kIpc = "ipc://";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "HOST:PORT"; a port of "*" stands for one that is free.
bool has_host_and_port(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool is_bracketed = host.front() == '[' && host.back() == ']';
  // A second address behind ";" would be the one to come from.
  if (host.find_first_of("; /") != std::string_view::npos) return false;
  if (host.find(':') != std::string_view::npos && !is_bracketed) return false;
  if (digits == "*") return true;
  return number_in<uint16_t>(digits).value_or(0) != 0;
}

bool is_loopback(std::string_view host) {
  constexpr std::string_view kNet = "127.";
  const bool is_v4 = host.starts_with(kNet) && std::all_of(host.begin(), host.end(), [](char c) {
                       return is_digit(c) || c == '.';
                     });
  return is_v4 || host == "localhost" || host == "[::1]";
}

}  // namespace

Result<ZmqEndpoint> ZmqEndpoint::parse(std::string_view text) {
  constexpr std::string_view kKey = "?key=";
  ZmqEndpoint endpoint;
  // Keys may hold "?" and "&": what follows is the key to its end.
  if (const size_t at = text.find(kKey); at != std::string_view::npos) {
    endpoint.server_key = text.substr(at + kKey.size());
    text = text.substr(0, at);
    if (!is_curve_key(endpoint.server_key))
      return Error{fmt::format("\"{}\" is no public key: 40 characters, as weir keys shows it",
                               endpoint.server_key)};
  }
  const bool is_tcp = text.starts_with(kTcp) && has_host_and_port(text.substr(kTcp.size()));
  const bool is_ipc = text.starts_with(kIpc) && text.size() > kIpc.size();
  if (!is_tcp && !is_ipc)
    return Error{fmt::format(
        "\"{}\" is no address of ZeroMQ: write tcp://192.0.2.1:5556 or ipc:///run/flows", text)};
  endpoint.address = text;
  return endpoint;
}

bool ZmqEndpoint::is_local() const {
  const std::string_view text = address;
  if (text.starts_with(kIpc)) return true;
  const std::string_view rest = text.substr(std::min(kTcp.size(), text.size()));
  return is_loopback(rest.substr(0, rest.rfind(':')));
}

bool ZmqEndpoint::is_v4() const {
  const std::string_view text = address;
  if (!text.starts_with(kTcp)) return false;
  const std::string_view host = text.substr(kTcp.size(), text.rfind(':') - kTcp.size());
  return std::all_of(host.begin(), host.end(), [](char c) { return is_digit(c) || c == '.'; });
}

}  // namespace weir
