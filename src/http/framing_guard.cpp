#include "http/framing_guard.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/reasons/http.hpp"
#include "base/text.hpp"

namespace claviger::http {
namespace {

using Verdict = std::optional<FramingRefusal>;

FramingRefusal bad(const Reason& reason, std::string expected = {}, std::string came = {},
                   unsigned status = 400) {
  return FramingRefusal{status, refuse(reason, std::move(expected), std::move(came))};
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::size_t count(const Head& head, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count_if(
      head.fields, [&](const auto& field) { return iequals_ascii(field.first, name); }));
}

std::optional<std::string_view> find(const Head& head, std::string_view name) {
  for (const auto& [field, value] : head.fields)
    if (iequals_ascii(field, name)) return value;
  return std::nullopt;
}

bool mentions(std::string_view value, std::string_view lower_word) {
  return to_lower_ascii(value).find(lower_word) != std::string::npos;
}

// Every line of the raw head must be the field that the parser made of it: two readers with two
// opinions are what smuggling is made of.
Verdict judge_lines(const Head& head) {
  HeadScan scan;
  const auto size = scan.look(head.raw);
  if (!size) return size.error();
  if (*size != head.raw.size()) return bad(reason::http_malformed);
  auto rest = head.raw.substr(head.raw.find('\n') + 1);
  for (const auto& [name, value] : head.fields) {
    if (!is_token(name) || !rest.starts_with(name) || !rest.substr(name.size()).starts_with(':'))
      return bad(reason::http_field_name);
    const auto end = rest.find('\r');
    const auto raw_value = rest.substr(name.size() + 1, end - name.size() - 1);
    if (!is_field_value(raw_value)) return bad(reason::http_field_value);
    if (trim(raw_value) != value) return bad(reason::http_malformed);
    rest.remove_prefix(end + 2);
  }
  return rest == "\r\n" ? Verdict() : bad(reason::http_field_name);
}

bool is_authority(std::string_view text) {
  constexpr std::string_view kMarks = "-._:[]";
  return !text.empty() && text.size() <= 261 && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

// The authority of an absolute form; empty for any other form.
std::string_view authority_of(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!iequals_ascii(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    return target.substr(0, target.find_first_of("/?"));
  }
  return {};
}

Verdict judge_target(const Head& head) {
  if (!is_token(head.method)) return bad(reason::http_malformed, "a method");
  if (head.version != 10 && head.version != 11)
    return bad(reason::http_version, "HTTP/1.1", {}, 505);
  if (head.target.size() > limits::kTargetBytes)
    return bad(reason::http_target_too_long, {}, {}, 414);
  const bool visible = std::ranges::all_of(
      head.target, [](char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '"'; });
  if (!visible || head.target.empty()) return bad(reason::http_target);
  if (head.target.front() == '/' || (head.target == "*" && head.method == "OPTIONS")) return {};
  // A proxy's form. Its authority and Host may not name two different servers (RFC9112-3.2.2).
  const auto authority = authority_of(head.target);
  if (authority.empty() || !iequals_ascii(authority, find(head, "Host").value_or("")))
    return bad(reason::http_target);
  return {};
}

Verdict judge_host(const Head& head) {
  const auto hosts = count(head, "Host");
  if (hosts > 1 || (hosts == 0 && head.version == 11)) return bad(reason::http_host);
  if (hosts == 1 && !is_authority(*find(head, "Host"))) return bad(reason::http_host);
  return {};
}

// Fields whose repetition two programs could read in two ways.
Verdict judge_repetition(const Head& head) {
  constexpr std::array kOnce{"Authorization", "DPoP",   "Content-Type",   "Content-Encoding",
                             "Expect",        "Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode"};
  for (const std::string_view name : kOnce)
    if (count(head, name) > 1) return bad(reason::http_repeated_field, "once", std::string(name));
  return {};
}

Verdict judge_transfer_coding(const Head& head, Framing& framing) {
  const auto times = count(head, "Transfer-Encoding");
  if (times == 0) return {};
  if (count(head, "Content-Length") > 0) return bad(reason::http_length_and_coding);
  if (head.version == 10) return bad(reason::http_transfer_coding, "no coding on HTTP/1.0");
  const auto value = *find(head, "Transfer-Encoding");
  if (times > 1 || !iequals_ascii(value, "chunked")) {
    const unsigned status = times == 1 && !mentions(value, "chunked") ? 501 : 400;
    return bad(reason::http_transfer_coding, "chunked", {}, status);
  }
  framing.chunked = true;
  return {};
}

Verdict judge_content_length(const Head& head, Framing& framing) {
  const auto times = count(head, "Content-Length");
  if (times == 0) return {};
  const auto value = *find(head, "Content-Length");
  const bool digits = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  const bool canonical = value == "0" || (!value.empty() && value.front() != '0');
  if (times > 1 || !digits || !canonical || value.size() > 10)
    return bad(reason::http_content_length, "1 to 10 digits");
  for (const char c : value)
    framing.content_length = framing.content_length * 10 + static_cast<std::size_t>(c - '0');
  return {};
}

Verdict judge_wishes(const Head& head, Framing& framing) {
  if (const auto upgrade = find(head, "Upgrade"); upgrade && mentions(*upgrade, "websocket"))
    return bad(reason::http_upgrade);
  const auto expect = find(head, "Expect");
  if (expect && head.version == 11) {
    if (!iequals_ascii(*expect, "100-continue"))
      return bad(reason::http_expectation, "100-continue", {}, 417);
    framing.expects_continue = true;
  }
  // A server behind or before us may not expect a body here: the desynchronisation of CL.0.
  constexpr std::array kBodiless{"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"};
  if (framing.has_body() && std::ranges::find(kBodiless, head.method) != kBodiless.end())
    return bad(reason::http_unexpected_body, "no body", std::string(head.method));
  return {};
}

}  // namespace

std::expected<Framing, FramingRefusal> judge_framing(const Head& head) {
  Framing framing;
  Verdict verdict = judge_lines(head);
  if (!verdict) verdict = judge_target(head);
  if (!verdict) verdict = judge_host(head);
  if (!verdict) verdict = judge_transfer_coding(head, framing);
  if (!verdict) verdict = judge_content_length(head, framing);
  if (!verdict) verdict = judge_repetition(head);
  if (!verdict) verdict = judge_wishes(head, framing);
  if (verdict) return std::unexpected(std::move(*verdict));
  return framing;
}

std::string_view origin_form(std::string_view target) {
  const auto authority = authority_of(target);
  if (authority.empty()) return target;
  const auto path = target.substr(target.find("//") + 2 + authority.size());
  return path.empty() ? std::string_view("/") : path;
}

}  // namespace claviger::http
