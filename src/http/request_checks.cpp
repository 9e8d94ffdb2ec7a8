#include "http/request_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/reasons/http.hpp"
#include "base/text.hpp"

namespace claviger::http {
namespace {

HttpRefusal refusal(unsigned status, const Reason& reason, std::string expected = {},
                    std::string came = {}) {
  return HttpRefusal{status, refuse(reason, std::move(expected), std::move(came))};
}

bool has_field(const Request& request, std::string_view name, std::string_view value) {
  const auto came = request.headers.find(name);
  return came && iequals_ascii(*came, value);
}

// True: no charset parameter, or utf-8 once. A body in another charset would be another text to
// whoever looked at it before us (TE-02).
bool charset_is_utf8(std::string_view content_type) {
  bool seen = false;
  auto rest = content_type;
  while (rest.find(';') != std::string_view::npos) {
    rest.remove_prefix(rest.find(';') + 1);
    const auto parameter = trim(rest.substr(0, rest.find(';')));
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos) return false;
    if (!iequals_ascii(trim(parameter.substr(0, equals)), "charset")) continue;
    auto value = trim(parameter.substr(equals + 1));
    if (value.size() > 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    if (seen || !iequals_ascii(value, "utf-8")) return false;
    seen = true;
  }
  return true;
}

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
constexpr std::string_view kJsonType = "application/json";

bool takes(Body body, std::string_view media_type) {
  switch (body) {
    case Body::form:
      return media_type == kFormType;
    case Body::json:
      return media_type == kJsonType;
    case Body::form_or_json:
      return media_type == kFormType || media_type == kJsonType;
    case Body::none:
    case Body::ignored:
      break;
  }
  return true;
}

std::string type_wanted(Body body) {
  if (body == Body::json) return std::string(kJsonType);
  if (body == Body::form) return std::string(kFormType);
  return fmt::format("{} or {}", kFormType, kJsonType);
}

}  // namespace

std::optional<HttpRefusal> judge_host(const Request& request,
                                      const std::vector<std::string>& hosts) {
  if (hosts.empty() || request.over_unix_socket) return std::nullopt;
  const auto host = request.headers.find("Host");
  const auto is_it = [&](const std::string& name) { return iequals_ascii(name, *host); };
  if (host && std::ranges::any_of(hosts, is_it)) return std::nullopt;
  return refusal(421, reason::http_misdirected, hosts.front(), std::string(host.value_or("none")));
}

std::optional<HttpRefusal> judge_fetch_metadata(const Request& request, const Route& route) {
  if (!route.html || !has_field(request, "Sec-Fetch-Site", "cross-site")) return std::nullopt;
  if (!has_field(request, "Sec-Fetch-Mode", "navigate"))
    return refusal(403, reason::http_cross_site, "a navigation", "cross-site");
  if (request.method == Method::post && !route.cross_site_post)
    return refusal(403, reason::http_cross_site, "a form of this server", "cross-site");
  return std::nullopt;
}

std::optional<HttpRefusal> judge_body(const Request& request, const Route& route) {
  if (route.body == Body::none && !request.body.empty())
    return refusal(400, reason::http_unexpected_body, "no body");
  if (request.body.size() > route.body_limit)
    return refusal(413, reason::http_payload_too_large,
                   fmt::format("at most {} bytes", route.body_limit),
                   std::to_string(request.body.size()));
  if (route.body == Body::none || route.body == Body::ignored) return std::nullopt;
  const auto coding = request.headers.find("Content-Encoding");
  if (coding && !iequals_ascii(*coding, "identity"))
    return refusal(415, reason::http_content_coding, "none", std::string(*coding));
  const auto type = request.headers.find("Content-Type");
  if (!type && request.body.empty()) return std::nullopt;
  const auto media_type = request.media_type();
  if (!takes(route.body, media_type))
    return refusal(415, reason::http_media_type, type_wanted(route.body), media_type);
  if (!charset_is_utf8(*type))
    return refusal(415, reason::http_media_type, "charset=utf-8", std::string(*type));
  return std::nullopt;
}

}  // namespace claviger::http
