#include "cli/handlers.hpp"
#include "cli/output.hpp"
#include "cli/secrets.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

const json::object& member(const json::object& object, std::string_view name) {
  static const json::object none;
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->as_object() : none;
}

std::string grant_lines(const json::object& grant) {
  return fields({{"grant", text_of(grant, "grant_id")},
                 {"client", text_of(grant, "client_id")},
                 {"user", text_of(grant, "sub")},
                 {"scopes", text_of(grant, "scope")},
                 {"revoked", text_of(grant, "revoked_at")},
                 {"because", text_of(grant, "revoked_because")}});
}

}  // namespace

int key_list(Invocation& in) {
  const auto answer = in.call("key.list", {});
  if (!answer) return answer.error();
  std::vector<Row> rows;
  const auto* keys = answer->if_contains("keys");
  if (keys != nullptr && keys->is_array()) {
    for (const auto& item : keys->as_array()) {
      const auto& key = item.as_object();
      rows.push_back({text_of(key, "purpose"), text_of(key, "alg"), text_of(key, "state"),
                      text_of(key, "active_from"), text_of(key, "retires_at"),
                      text_of(key, "kid")});
    }
  }
  return in.answer(*answer, table({"PURPOSE", "ALG", "STATE", "ACTIVE FROM", "RETIRES", "KID"},
                                  rows, "No keys yet: claviger serve makes them."));
}

int key_rotate(Invocation& in) {
  json::object arguments;
  if (const auto alg = in.parsed().value("--alg")) arguments["alg"] = *alg;
  if (in.parsed().has("--now")) arguments["now"] = true;
  const auto answer = in.call("key.rotate", arguments);
  if (!answer) return answer.error();
  return in.answer(*answer, fields({{"new key", text_of(*answer, "kid")},
                                    {"algorithm", text_of(*answer, "alg")},
                                    {"signs from", text_of(*answer, "active_from")},
                                    {"others retire", text_of(*answer, "others_retire_at")}}));
}

int key_revoke(Invocation& in) {
  const auto answer = in.call("key.revoke", {{"kid", in.positional()}});
  if (!answer) return answer.error();
  return in.answer(*answer, fields({{"revoked", text_of(*answer, "revoked")},
                                    {"signs now", text_of(member(*answer, "signs"), "kid")}}));
}

int token_inspect(Invocation& in) {
  const auto token = read_token(in);
  if (!token) return token.error();
  const auto answer = in.call("token.inspect", {{"token", *token}});
  if (!answer) return answer.error();
  std::string text = "header\n" + pretty(member(*answer, "header")) + "payload\n" +
                     pretty(member(*answer, "payload"));
  if (text_of(*answer, "expired") == "true") text += "It has expired.\n";
  text += "Nothing of this was verified: claviger token verify does that.\n";
  return in.answer(*answer, text);
}

int token_verify(Invocation& in) {
  const auto token = read_token(in);
  if (!token) return token.error();
  const auto answer = in.call("token.verify", {{"token", *token}});
  if (!answer) return answer.error();
  return in.answer(*answer,
                   "valid\n" + fields({{"user", text_of(*answer, "sub")},
                                       {"client", text_of(*answer, "client_id")},
                                       {"scopes", text_of(*answer, "scope")},
                                       {"issued", text_of(*answer, "issued_at")},
                                       {"expires", text_of(*answer, "expires_at")},
                                       {"jti", text_of(*answer, "jti")},
                                       {"grant", text_of(member(*answer, "grant"), "grant_id")}}));
}

int token_revoke(Invocation& in) {
  const auto token = read_token(in);
  if (!token) return token.error();
  const auto answer = in.call("token.revoke", {{"token", *token}});
  if (!answer) return answer.error();
  if (answer->contains("grant")) {
    const char* done = text_of(*answer, "already") == "true" ? "This grant had ended already.\n"
                                                             : "The grant and its tokens ended.\n";
    return in.answer(*answer, done + grant_lines(member(*answer, "grant")));
  }
  return in.answer(*answer, "The access token ended.\n" +
                                fields({{"jti", text_of(*answer, "jti")},
                                        {"remembered until", text_of(*answer, "until")}}));
}

}  // namespace claviger::cli
