// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/router.h"

#include <algorithm>
#include <array>

#include "base/value.h"
#include "http/problem.h"
#include "http/static_files.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 2> kReadOnly{"GET", "HEAD"};
constexpr std::string_view kApi = "/api/v1/";
constexpr std::string_view kPages = "/lua/";

bool is_read_only(std::string_view method) {
  return std::find(kReadOnly.begin(), kReadOnly.end(), method) != kReadOnly.end();
}

// Methods that change something, and where the scripts for them are.
struct ChangingMethod {
  std::string_view method;
  std::string_view group;
};
constexpr ChangingMethod kChanging[] = {{"PUT", "put"}, {"DELETE", "delete"}};

std::string group_of(std::string_view method) {
  for (const ChangingMethod& changing : kChanging) {
    if (changing.method == method) return std::string(changing.group);
  }
  return "rest";
}

// "hosts" of "/api/v1/hosts/10.0.0.1"; "" of other addresses.
std::string_view resource_of(std::string_view path) {
  if (path.substr(0, kApi.size()) != kApi) return {};
  path.remove_prefix(kApi.size());
  return path.substr(0, path.find('/'));
}

}  // namespace

std::span<const std::pair<std::string_view, std::string_view>> security_headers() {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kHeaders{{
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
       "'self'; connect-src 'self'; "
       "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for "
       "'script'; "
       "trusted-types svelte-trusted-html"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
  }};
  return kHeaders;
}

std::optional<HttpAnswer> check_origin(const OriginPolicy& policy, const HttpRequest& request) {
  if (!request.host)
    return problem_answer(400, "The request has no Host header, or more than one.");
  if (!policy.allows_host(*request.host)) {
    return problem_answer(
        421, "The Host header names another server. Further names are allowed by configuration.");
  }
  if (request.origin && !policy.allows_origin(*request.origin, *request.host)) {
    return problem_answer(403, "Pages of other origins may not ask this server.");
  }
  return std::nullopt;
}

std::optional<HttpAnswer> check_method(const HttpRequest& request,
                                       std::span<const std::string_view> allowed,
                                       const SessionToken& token) {
  if (std::find(allowed.begin(), allowed.end(), request.method) == allowed.end()) {
    HttpAnswer answer = problem_answer(405, "This address does not take that method.");
    std::string list;
    for (const std::string_view method : allowed)
      list.append(list.empty() ? "" : ", ").append(method);
    answer.headers.emplace_back("Allow", list);
    return answer;
  }
  if (!is_read_only(request.method) && !token.matches(request.token)) {
    return problem_answer(
        403, "What changes something needs the header X-Weir-Token; /api/v1/session has it.");
  }
  return std::nullopt;
}

Router::Router(OriginPolicy policy, SessionToken token, const ScriptRunner& scripts,
               const AssetStore& assets)
    : policy_(std::move(policy)), token_(std::move(token)), scripts_(scripts), assets_(assets) {}

Route Router::route(const HttpRequest& request) const {
  if (auto refused = check_origin(policy_, request)) return *std::move(refused);
  if (auto refused = check_method(request, methods_of(request), token_)) return *std::move(refused);
  Result<Target, TargetError> target = parse_target(request.target);
  if (!target.ok()) return problem_answer(400, target.error().message, target.error().parameter);
  const std::string_view path = target->path;
  if (path == "/api" || path.substr(0, 5) == "/api/") return route_api(request, *std::move(target));
  if (path == "/metrics") return page("metrics", *std::move(target));
  if (path == "/lua" || path.substr(0, kPages.size()) == kPages) {
    return page(path.substr(std::min(path.size(), kPages.size())), *std::move(target));
  }
  return answer_static(assets_, request, path);
}

// Nothing is looked up for requests that change nothing.
std::vector<std::string_view> Router::methods_of(const HttpRequest& request) const {
  std::vector<std::string_view> methods(kReadOnly.begin(), kReadOnly.end());
  if (is_read_only(request.method)) return methods;
  const Result<Target, TargetError> target = parse_target(request.target);
  if (!target.ok()) return methods;
  const std::string_view resource = resource_of(target->path);
  for (const ChangingMethod& changing : kChanging) {
    const auto there = scripts_.scripts(changing.group);
    if (std::find(there.begin(), there.end(), resource) != there.end())
      methods.push_back(changing.method);
  }
  return methods;
}

// What follows the name of a page is its own; without a name it is the page that lists the others.
Route Router::page(std::string_view name, Target target) {
  const size_t slash = std::min(name.find('/'), name.size());
  const std::string_view rest = name.substr(std::min(name.size(), slash + 1));
  const std::string_view page = slash == 0 ? "index" : name.substr(0, slash);
  return ScriptRequest{std::string(page), std::string(rest), std::move(target.parameters), "pages"};
}

Route Router::route_api(const HttpRequest& request, Target target) const {
  const std::string path = target.path == "/api/v1" ? std::string(kApi) : target.path;
  if (path.compare(0, kApi.size(), kApi) != 0)
    return problem_answer(404, "There is only /api/v1/.");
  const std::string rest = path.substr(kApi.size());
  if (rest.empty()) return index();
  if (rest == "session") return session(request);
  if (rest == "openapi.yaml")
    return HttpAnswer{
        200, "application/yaml", {{"Cache-Control", "no-cache"}}, std::string(openapi_yaml())};
  if (rest == "stream") {
    if (request.wants_websocket) return StreamUpgrade{};
    HttpAnswer answer = problem_answer(426, "This is a WebSocket.");
    answer.headers.emplace_back("Upgrade", "websocket");
    return answer;
  }
  const size_t slash = std::min(rest.find('/'), rest.size());
  return ScriptRequest{rest.substr(0, slash), rest.substr(std::min(rest.size(), slash + 1)),
                       std::move(target.parameters), group_of(request.method), request.body};
}

HttpAnswer Router::index() const {
  Value::Array resources;
  for (const std::string& name : scripts_.scripts("rest")) {
    resources.emplace_back(Value::Object{{"name", name}, {"href", std::string(kApi) + name}});
  }
  Value answer;
  answer.set("resources", std::move(resources));
  answer.set("stream", std::string(kApi) + "stream");
  answer.set("openapi", std::string(kApi) + "openapi.yaml");
  return to_answer({200, "application/json", to_json(answer)});
}

// A page of another site cannot read this (no CORS header, Cross-Origin-Resource-Policy); browsers
// also say who asks.
HttpAnswer Router::session(const HttpRequest& request) const {
  if (!request.fetch_site.empty() && request.fetch_site != "same-origin" &&
      request.fetch_site != "none") {
    return problem_answer(403, "Only the console may ask for this.");
  }
  return to_answer(
      {200, "application/json", to_json(Value(Value::Object{{"token", token_.text()}}))});
}

}  // namespace weir
