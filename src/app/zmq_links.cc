// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/zmq_links.h"

#include <utility>

namespace weir {

Result<ZmqLinkOptions> zmq_link(const ZmqEndpoint& endpoint, bool binds,
                                const ZmqOptions& options) {
  ZmqLinkOptions link;
  link.endpoint = endpoint;
  link.binds = binds;
  link.allows_plain = options.allows_plain;
  if (!binds && link.endpoint.server_key.empty()) link.endpoint.server_key = options.server_key;
  if (!options.keys_file.empty()) {
    auto keys = read_curve_keys(options.keys_file);
    if (!keys) return keys.error().in("--zmq-keys");
    link.keys = *std::move(keys);
  }
  for (const std::string& text : options.allow) {
    auto allowed = read_allowed_keys(text);
    if (!allowed) return allowed.error().in("--zmq-allow");
    link.allowed.any = link.allowed.any || allowed->any;
    for (std::string& key : allowed->keys) link.allowed.keys.push_back(std::move(key));
  }
  if (auto checked = check_zmq_link(link); !checked) return checked.error();
  return link;
}

Result<FlowOutlets::Outlet> outlet_of(const std::string& text, const ZmqOptions& zmq) {
  auto spec = parse_outlet(text);
  if (!spec) return spec.error();
  FlowOutlets::Outlet outlet{*std::move(spec)};
  const bool listens = outlet.spec.transport == OutletSpec::Transport::kZmqListen;
  if (!listens && outlet.spec.transport != OutletSpec::Transport::kZmqConnect) return outlet;
  const auto endpoint = ZmqEndpoint::parse(outlet.spec.path);
  if (!endpoint) return endpoint.error();
  auto link = zmq_link(*endpoint, listens, zmq);
  if (!link) return link.error();
  outlet.link = *std::move(link);
  return outlet;
}

}  // namespace weir
