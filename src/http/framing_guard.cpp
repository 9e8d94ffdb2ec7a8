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

// RFC9110-5.6.2's tchar, by look-up.
constexpr auto kTokenCharacters = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("0123456789abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&'*+-.^_`|~"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return kTokenCharacters[static_cast<unsigned char>(c)];
  });
}

// Whether `bad` is true of no byte. Without a way out of the loop (`|`, not `||`) the compiler
// looks at 16 of them at once.
template <class Bad>
bool has_none(std::string_view text, Bad bad) {
  bool found = false;
  for (const char c : text) found |= bad(static_cast<unsigned char>(c));
  return !found;
}

bool is_field_value(std::string_view text) {
  return has_none(
      text, [](unsigned char c) { return bool(int(c < 0x20) & int(c != '\t')) | (c == 0x7f); });
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The fields that are judged, in the order of kJudged.
enum class Field : std::uint8_t {
  host,
  content_length,
  transfer_encoding,
  expect,
  upgrade,
  authorization,
  dpop,
  content_type,
  content_encoding,
  origin,
  sec_fetch_site,
  sec_fetch_mode,
};
constexpr std::array<std::string_view, 12> kJudged{
    "Host", "Content-Length", "Transfer-Encoding", "Expect", "Upgrade",        "Authorization",
    "DPoP", "Content-Type",   "Content-Encoding",  "Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode"};

// How often each of them came, and what it said the first time: one walk over the fields for all
// the questions below.
class Judged {
 public:
  explicit Judged(const Head& head) {
    for (const auto& [name, value] : head.fields) {
      for (std::size_t i = 0; i < kJudged.size(); ++i) {
        if (kJudged[i].size() != name.size() || !iequals_ascii(kJudged[i], name)) continue;
        if (times_[i]++ == 0) first_[i] = value;
        break;
      }
    }
  }
  std::size_t count(Field field) const { return times_[static_cast<std::size_t>(field)]; }
  std::optional<std::string_view> find(Field field) const {
    if (count(field) == 0) return std::nullopt;
    return first_[static_cast<std::size_t>(field)];
  }

 private:
  std::array<std::size_t, kJudged.size()> times_{};
  std::array<std::string_view, kJudged.size()> first_;
};

bool mentions(std::string_view value, std::string_view lower_word) {
  return to_lower_ascii(value).find(lower_word) != std::string::npos;
}

// Every line of the raw head must be the field that the parser made of it: two readers with two
// opinions are what smuggling is made of.
Verdict judge_lines(const Head& head) {
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

Verdict judge_target(const Head& head, const Judged& fields) {
  if (!is_token(head.method)) return bad(reason::http_malformed, "a method");
  if (head.version != 10 && head.version != 11)
    return bad(reason::http_version, "HTTP/1.1", {}, 505);
  if (head.target.size() > limits::kTargetBytes)
    return bad(reason::http_target_too_long, {}, {}, 414);
  const bool visible = has_none(head.target, [](unsigned char c) {
    return (c <= 0x20) | (c >= 0x7f) | (c == '#') | (c == '"');
  });
  if (!visible || head.target.empty()) return bad(reason::http_target);
  if (head.target.front() == '/' || (head.target == "*" && head.method == "OPTIONS")) return {};
  // A proxy's form. Its authority and Host may not name two different servers (RFC9112-3.2.2).
  const auto authority = authority_of(head.target);
  if (authority.empty() || !iequals_ascii(authority, fields.find(Field::host).value_or("")))
    return bad(reason::http_target);
  return {};
}

Verdict judge_host(const Head& head, const Judged& fields) {
  const auto hosts = fields.count(Field::host);
  if (hosts > 1 || (hosts == 0 && head.version == 11)) return bad(reason::http_host);
  if (hosts == 1 && !is_authority(*fields.find(Field::host))) return bad(reason::http_host);
  return {};
}

// Fields whose repetition two programs could read in two ways.
Verdict judge_repetition(const Judged& fields) {
  for (const auto field :
       {Field::authorization, Field::dpop, Field::content_type, Field::content_encoding,
        Field::expect, Field::origin, Field::sec_fetch_site, Field::sec_fetch_mode}) {
    if (fields.count(field) > 1)
      return bad(reason::http_repeated_field, "once",
                 std::string(kJudged[static_cast<std::size_t>(field)]));
  }
  return {};
}

Verdict judge_transfer_coding(const Head& head, const Judged& fields, Framing& framing) {
  const auto times = fields.count(Field::transfer_encoding);
  if (times == 0) return {};
  if (fields.count(Field::content_length) > 0) return bad(reason::http_length_and_coding);
  if (head.version == 10) return bad(reason::http_transfer_coding, "no coding on HTTP/1.0");
  const auto value = *fields.find(Field::transfer_encoding);
  if (times > 1 || !iequals_ascii(value, "chunked")) {
    const unsigned status = times == 1 && !mentions(value, "chunked") ? 501 : 400;
    return bad(reason::http_transfer_coding, "chunked", {}, status);
  }
  framing.chunked = true;
  return {};
}

Verdict judge_content_length(const Judged& fields, Framing& framing) {
  const auto times = fields.count(Field::content_length);
  if (times == 0) return {};
  const auto value = *fields.find(Field::content_length);
  const bool digits = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  const bool canonical = value == "0" || (!value.empty() && value.front() != '0');
  if (times > 1 || !digits || !canonical || value.size() > 10)
    return bad(reason::http_content_length, "1 to 10 digits");
  for (const char c : value)
    framing.content_length = framing.content_length * 10 + static_cast<std::size_t>(c - '0');
  return {};
}

Verdict judge_wishes(const Head& head, const Judged& fields, Framing& framing) {
  if (const auto upgrade = fields.find(Field::upgrade); upgrade && mentions(*upgrade, "websocket"))
    return bad(reason::http_upgrade);
  const auto expect = fields.find(Field::expect);
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
  const Judged fields(head);
  if (!verdict) verdict = judge_target(head, fields);
  if (!verdict) verdict = judge_host(head, fields);
  if (!verdict) verdict = judge_transfer_coding(head, fields, framing);
  if (!verdict) verdict = judge_content_length(fields, framing);
  if (!verdict) verdict = judge_repetition(fields);
  if (!verdict) verdict = judge_wishes(head, fields, framing);
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
