#include "http/response_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/text.hpp"

namespace claviger::http {
namespace {

std::string_view reason_phrase(unsigned status) {
  switch (status) {
#define CLAVIGER_STATUS(code, phrase) \
  case code:                          \
    return phrase
    CLAVIGER_STATUS(200, "OK");
    CLAVIGER_STATUS(201, "Created");
    CLAVIGER_STATUS(202, "Accepted");
    CLAVIGER_STATUS(204, "No Content");
    CLAVIGER_STATUS(303, "See Other");
    CLAVIGER_STATUS(304, "Not Modified");
    CLAVIGER_STATUS(400, "Bad Request");
    CLAVIGER_STATUS(401, "Unauthorized");
    CLAVIGER_STATUS(403, "Forbidden");
    CLAVIGER_STATUS(404, "Not Found");
    CLAVIGER_STATUS(405, "Method Not Allowed");
    CLAVIGER_STATUS(408, "Request Timeout");
    CLAVIGER_STATUS(409, "Conflict");
    CLAVIGER_STATUS(413, "Content Too Large");
    CLAVIGER_STATUS(414, "URI Too Long");
    CLAVIGER_STATUS(415, "Unsupported Media Type");
    CLAVIGER_STATUS(417, "Expectation Failed");
    CLAVIGER_STATUS(421, "Misdirected Request");
    CLAVIGER_STATUS(422, "Unprocessable Content");
    CLAVIGER_STATUS(429, "Too Many Requests");
    CLAVIGER_STATUS(431, "Request Header Fields Too Large");
    CLAVIGER_STATUS(500, "Internal Server Error");
    CLAVIGER_STATUS(501, "Not Implemented");
    CLAVIGER_STATUS(503, "Service Unavailable");
    CLAVIGER_STATUS(505, "HTTP Version Not Supported");
#undef CLAVIGER_STATUS
    default:
      return "";
  }
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

// RFC6265-4.1.1's cookie-octet: nothing that ends a value or begins an attribute.
bool is_cookie_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\",;\\").find(c) == std::string_view::npos;
  });
}

// IMF-fixdate (RFC9110-5.6.7), made once a second and thread: 4,200 instructions.
std::string_view http_date(Time now) {
  thread_local std::int64_t made_for = -1;
  thread_local std::string text;
  const auto seconds = to_seconds(now);
  if (seconds == made_for) return text;
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(now - day));
  text = fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[std::chrono::weekday(day).c_encoding()], unsigned(date.day()),
                     kMonths[unsigned(date.month()) - 1], int(date.year()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
  made_for = seconds;
  return text;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::string& out, std::size_t number) {
  char digits[24];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

constexpr std::string_view kBusy =
    R"({"error":"temporarily_unavailable","error_description":"the server is busy")";

bool may_have_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

bool is_sendable(const Response& response) {
  for (const auto& [name, value] : response.headers)
    if (!is_name(name) || has_control_character(value)) return false;
  for (const auto& cookie : response.cookies)
    if (!is_name(cookie.name) || !is_cookie_value(cookie.value)) return false;
  if (response.location && has_control_character(response.location->text())) return false;
  return !has_control_character(response.content_type);
}

std::string set_cookie_value(const Cookie& cookie) {
  std::string out = cookie.name + "=" + cookie.value + "; Path=/";
  if (cookie.max_age) out += "; Max-Age=" + std::to_string(cookie.max_age->count());
  if (cookie.http_only) out += "; HttpOnly";
  if (cookie.secure) out += "; Secure";
  // Without Secure a browser would throw a cookie for all sites away.
  const bool none = cookie.same_site == SameSite::none && cookie.secure;
  out += none ? "; SameSite=None" : "; SameSite=Lax";
  return out;
}

void append_response(std::string& out, const Response& response, Sending sending, Time now) {
  out.append("HTTP/1.1 ");
  append_number(out, response.status);
  out.append(" ").append(reason_phrase(response.status)).append("\r\n");
  append_field(out, "Date", http_date(now));
  out.append(response.headers.wire());
  if (response.location) append_field(out, "Location", response.location->text());
  for (const auto& cookie : response.cookies)
    append_field(out, "Set-Cookie", set_cookie_value(cookie));
  if (response.clear_site_data) append_field(out, "Clear-Site-Data", R"("cache", "storage")");
  if (may_have_body(response.status)) {
    if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  if (sending.close) append_field(out, "Connection", "close");
  out.append("\r\n");
  if (!sending.head_only && may_have_body(response.status)) out.append(response.body);
}

Response busy_response(const std::string& request_id) {
  Response response;
  response.status = 503;
  response.content_type = "application/json";
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Retry-After", "1");
  response.headers.set("X-Request-Id", request_id);
  response.body = std::string(kBusy) + "}";
  return response;
}

std::string closing_503(std::string_view request_id) {
  std::string body(kBusy);
  if (!request_id.empty()) body += fmt::format(R"(,"request_id":"{}")", request_id);
  body += "}";
  std::string out = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n";
  append_field(out, "Cache-Control", "no-store");
  append_field(out, "Retry-After", "1");
  if (!request_id.empty()) append_field(out, "X-Request-Id", request_id);
  append_field(out, "Content-Length", std::to_string(body.size()));
  append_field(out, "Connection", "close");
  return out + "\r\n" + body;
}

}  // namespace claviger::http
