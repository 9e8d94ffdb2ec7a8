#include "app/try/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"

namespace claviger::app {

namespace json = boost::json;

namespace {

constexpr std::string_view kAccess =
    "for APIs, as Authorization: Bearer; whoever holds it can use it";
constexpr std::string_view kIdentity =
    "tells this client who signed in, and is for nobody else; never for an API";
constexpr std::string_view kRefresh =
    "gets fresh tokens without a person, once: the answer brings the next one";

Tried<json::object> shown(std::string_view name, std::string_view purpose, const std::string& token,
                          TokenJudgement judged) {
  if (!judged.verified && !judged.sealed) {
    return refused_here(fmt::format("the {} is not what it should be: {}", name, judged.remark),
                        "claviger doctor looks for what is wrong");
  }
  return json::object{{"name", name},
                      {"purpose", purpose},
                      {"value", token},
                      {"header", std::move(judged.header)},
                      {"claims", std::move(judged.claims)},
                      {"verified", judged.verified},
                      {"remark", std::move(judged.remark)}};
}

bool covers_sign_in(const json::object& response) {
  const auto scopes = split_words(json_text(response, "scope").value_or(""));
  return std::ranges::find(scopes, "openid") != scopes.end();
}

}  // namespace

Tried<json::object> report_tokens(Conversation& talk, const json::object& response,
                                  TokenExpectation expected, bool for_this_server) {
  const auto token = [&](std::string_view name) {
    return std::string(json_text(response, name).value_or(""));
  };
  const auto access = token("access_token");
  if (access.empty() || !iequals_ascii(token("token_type"), "Bearer")) {
    return refused_here("the answer holds no access token of type Bearer");  // RFC6749-7.1
  }
  const auto jwks = talk.keys();
  if (!jwks) return std::unexpected(jwks.error());
  const auto keys = read_key_set(jwks->body);
  expected.access_token = access;
  json::array tokens;
  Tried<json::object> one =
      shown("access_token", kAccess, access, judge_access_token(access, keys, expected));
  if (!one) return one;
  tokens.push_back(std::move(*one));
  if (const auto id_token = token("id_token"); !id_token.empty()) {
    one = shown("id_token", kIdentity, id_token, judge_id_token(id_token, keys, expected));
    if (!one) return one;
    tokens.push_back(std::move(*one));
  }
  if (const auto refresh = token("refresh_token"); !refresh.empty()) {
    one = shown("refresh_token", kRefresh, refresh, look_at_refresh_token(refresh));
    if (!one) return one;
    tokens.push_back(std::move(*one));
  }
  json::object report{{"token_response", response}, {"tokens", std::move(tokens)}};
  if (for_this_server && covers_sign_in(response)) {
    auto person = talk.userinfo(access);
    if (!person) return std::unexpected(person.error());
    report["userinfo"] = std::move(person->body);
  }
  return report;
}

}  // namespace claviger::app
