// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/asset_store.h"
#include "http/http_message.h"
#include "http/origin_policy.h"
#include "http/session_token.h"
#include "http/target.h"
#include "script/script_runner.h"

namespace weir {

struct StreamUpgrade {};

// What to do with a request: send this, run a script and send what it says, or make it a stream.
using Route = std::variant<HttpAnswer, ScriptRequest, StreamUpgrade>;

// Decides about requests; one place where every one of them passes the rules for Host, Origin,
// method and token, in this order and before anything else is looked at. A resource takes PUT and
// DELETE when there is a script for it in put/ or delete/. Shared: immutable.
class Router {
 public:
  Router(OriginPolicy policy, SessionToken token, const ScriptRunner& scripts,
         const AssetStore& assets);

  [[nodiscard]] Route route(const HttpRequest& request) const;

 private:
  // The methods that the address of the request takes.
  [[nodiscard]] std::vector<std::string_view> methods_of(const HttpRequest& request) const;
  [[nodiscard]] Route route_api(const HttpRequest& request, Target target) const;
  [[nodiscard]] static Route page(std::string_view name, Target target);
  [[nodiscard]] HttpAnswer index() const;
  [[nodiscard]] HttpAnswer session(const HttpRequest& request) const;

  OriginPolicy policy_;
  SessionToken token_;
  const ScriptRunner& scripts_;
  const AssetStore& assets_;
};

// The rule for Host and Origin: nothing, or why not (400, 421, 403).
[[nodiscard]] std::optional<HttpAnswer> check_origin(const OriginPolicy& policy,
                                                     const HttpRequest& request);

// The rule for methods: 405 with Allow unless the method is in `allowed`; 403 when it is not GET or
// HEAD and the request does not have the token. GET and HEAD have no effects and need none.
[[nodiscard]] std::optional<HttpAnswer> check_method(const HttpRequest& request,
                                                     std::span<const std::string_view> allowed,
                                                     const SessionToken& token);

// The headers of every answer, errors included.
[[nodiscard]] std::span<const std::pair<std::string_view, std::string_view>> security_headers();

// schema/openapi.yaml as it was when this was built.
[[nodiscard]] std::string_view openapi_yaml();

}  // namespace weir
