#include "http/response_headers.hpp"

#include "base/base64url.hpp"

namespace claviger::http {
namespace {

constexpr std::string_view kPagePolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";
constexpr std::string_view kFramePolicy =
    "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'";

// Whatever could end a source expression or a directive is no part of an origin (RFC6454-6.2).
bool is_origin(std::string_view text) {
  constexpr std::string_view kWord =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
  const bool http = text.starts_with("http://");
  if (!http && !text.starts_with("https://")) return false;
  const auto host = text.substr(http ? 7 : 8);
  return !host.empty() && host.find_first_not_of(kWord) == std::string_view::npos;
}

std::string framing_policy(const std::vector<std::string>& origins) {
  std::string sources;
  for (const auto& origin : origins) {
    if (is_origin(origin)) sources += " " + origin;
  }
  if (sources.empty()) sources = " 'none'";
  return std::string(kPagePolicy) + "; form-action 'none'; frame-src" + sources;
}

std::string policy_of(const Response& response) {
  switch (response.surface) {
    case Surface::page:
      return std::string(kPagePolicy) + "; form-action 'self'";
    case Surface::page_with_frames:
      return framing_policy(response.frame_origins);
    case Surface::frame:
      return std::string(kFramePolicy);
    default:
      return std::string(kPagePolicy);
  }
}

bool is_html(Surface surface) {
  return surface == Surface::page || surface == Surface::page_to_client ||
         surface == Surface::page_with_frames || surface == Surface::frame;
}

void add_page_headers(Response& response) {
  response.headers.add_if_absent("Content-Security-Policy", policy_of(response));
  if (response.surface != Surface::frame) response.headers.add_if_absent("X-Frame-Options", "DENY");
  response.headers.add_if_absent("Permissions-Policy",
                                 "camera=(), geolocation=(), microphone=(), payment=()");
}

// Weak comparison with every tag of the list (RFC9110-13.1.2).
bool matches(std::string_view list, std::string_view tag) {
  while (!list.empty()) {
    const auto start = list.find_first_not_of(" \t,");
    if (start == std::string_view::npos) return false;
    list.remove_prefix(start);
    const auto end = list.find(',');
    auto item = list.substr(0, end);
    list = end == std::string_view::npos ? std::string_view() : list.substr(end);
    item = item.substr(0, item.find_last_not_of(" \t") + 1);
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == "*" || item == tag) return true;
  }
  return false;
}

void revalidate(const Request& request, Response& response) {
  response.headers.add_if_absent("Cache-Control", "public, max-age=300");
  if (!response.headers.find("ETag")) response.headers.add("ETag", entity_tag(response.body));
  const auto known = request.headers.find("If-None-Match");
  if (!known || !matches(*known, *response.headers.find("ETag"))) return;
  response.status = 304;
  response.body.clear();
  response.content_type.clear();
}

}  // namespace

// Not a defence, so a plain hash will do; the same on every node and after a restart.
std::string entity_tag(std::string_view body) {
  std::uint64_t a = 0xcbf29ce484222325u;
  std::uint64_t b = 0x9ae16a3b2f90404fu;
  for (const char c : body) {
    a = (a ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    b = (b + static_cast<unsigned char>(c)) * 0x9e3779b97f4a7c15u;
    b ^= b >> 29;
  }
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(a >> (8 * i));
    bytes[i + 8] = static_cast<std::uint8_t>(b >> (8 * i));
  }
  return '"' + base64url_encode(bytes) + '"';
}

void add_security_headers(Response& response, bool hsts) {
  if (is_html(response.surface)) add_page_headers(response);
  if (response.surface == Surface::data)
    response.headers.add_if_absent("Content-Security-Policy",
                                   "default-src 'none'; frame-ancestors 'none'");
  // A site under a policy of its own (COEP) may embed only what says so.
  if (response.surface == Surface::frame)
    response.headers.add_if_absent("Cross-Origin-Resource-Policy", "cross-origin");
  if (response.surface != Surface::data && response.surface != Surface::none)
    response.headers.add_if_absent("Cross-Origin-Resource-Policy", "same-origin");
  response.headers.add_if_absent("Referrer-Policy", "same-origin");
  response.headers.add_if_absent("X-Content-Type-Options", "nosniff");
  // Without a charset a browser guesses one, and some guesses turn harmless bytes into markup
  // (XS-07).
  if (response.content_type.starts_with("text/") &&
      response.content_type.find("charset=") == std::string::npos)
    response.content_type += "; charset=utf-8";
  if (hsts)
    response.headers.add_if_absent("Strict-Transport-Security",
                                   "max-age=63072000; includeSubDomains");
}

void add_cache_headers(const Request& request, Cache cache, Response& response) {
  const bool cacheable = response.status == 200 && response.cookies.empty();
  if (cacheable && cache == Cache::revalidate) return revalidate(request, response);
  if (response.headers.find("Cache-Control")) return;
  if (cacheable && cache == Cache::immutable)
    return response.headers.add("Cache-Control", "public, max-age=31536000, immutable");
  response.headers.add("Cache-Control", "no-store");
}

void add_cors_headers(Cors cors, Response& response) {
  if (cors == Cors::never) return;
  response.headers.add_if_absent("Access-Control-Allow-Origin", "*");
  response.headers.add_if_absent("Access-Control-Expose-Headers", "X-Request-Id, WWW-Authenticate");
}

Response preflight(Cors cors, std::string_view methods) {
  Response response;
  response.status = 204;
  response.surface = Surface::none;
  response.headers.add("Access-Control-Allow-Methods", std::string(methods));
  response.headers.add("Access-Control-Allow-Headers",
                       cors == Cors::bearer ? "Authorization, Content-Type, DPoP" : "Content-Type");
  response.headers.add("Access-Control-Max-Age", "600");
  return response;
}

}  // namespace claviger::http
