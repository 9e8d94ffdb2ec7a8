#include <array>

#include "cli/handlers.hpp"
#include "cli/json_argument.hpp"
#include "cli/output.hpp"
#include "cli/secrets.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

std::string details(const json::object& user) {
  return fields({{"user", text_of(user, "username")},
                 {"sub", text_of(user, "sub")},
                 {"email", text_of(user, "email")},
                 {"first name", text_of(user, "firstname")},
                 {"last name", text_of(user, "lastname")},
                 {"phone", text_of(user, "phone")},
                 {"email verified", text_of(user, "email_verified")},
                 {"phone verified", text_of(user, "phone_number_verified")},
                 {"claims", text_of(user, "claims")},
                 {"disabled", text_of(user, "disabled")},
                 {"created", text_of(user, "created_at")}});
}

int finish(Invocation& in, const std::expected<json::object, int>& answer, const char* done) {
  if (!answer) return answer.error();
  return in.answer(*answer, done + harmless(text_of(*answer, "username")) + ".\n");
}

}  // namespace

int user_add(Invocation& in) {
  const auto claims = read_json_argument(in, "--claims");
  if (!claims) return claims.error();
  const auto password = read_new_password(in);
  if (!password) return password.error();
  json::object arguments{{"username", in.positional()}, {"password", password->reveal()}};
  if (!claims->empty()) arguments["claims"] = *claims;
  for (const std::string_view option : {"--email", "--firstname", "--lastname", "--phone"}) {
    const auto value = in.parsed().value(option);
    if (value) arguments[option.substr(2)] = *value;
  }
  const auto answer = in.call("user.add", arguments);
  return answer ? in.answer(*answer, details(*answer)) : answer.error();
}

int user_edit(Invocation& in) {
  auto claims = read_json_argument(in, "--claims");
  if (!claims) return claims.error();
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kOptions{{
      {"--email", "email"},
      {"--firstname", "given_name"},
      {"--lastname", "family_name"},
      {"--phone", "phone_number"},
  }};
  for (const auto& [option, claim] : kOptions) {
    if (const auto value = in.parsed().value(option)) (*claims)[claim] = *value;
  }
  if (claims->empty()) {
    return in.fail(kUsage, "nothing to change was given",
                   "claviger user edit --help lists what can be");
  }
  const auto answer = in.call("user.set_claims", {{"user", in.positional()}, {"claims", *claims}});
  return answer ? in.answer(*answer, details(*answer)) : answer.error();
}

int user_list(Invocation& in) {
  const auto users = in.call_all("user.list", "users");
  if (!users) return users.error();
  std::vector<Row> rows;
  for (const auto& item : *users) {
    const auto& user = item.as_object();
    rows.push_back({text_of(user, "username"), text_of(user, "email"),
                    text_of(user, "disabled") == "true" ? "disabled" : "enabled",
                    text_of(user, "created_at"), text_of(user, "sub")});
  }
  return in.answer({{"users", *users}}, table({"USER", "EMAIL", "STATE", "CREATED", "SUB"}, rows,
                                              "No users yet: claviger user add NAME adds one."));
}

int user_passwd(Invocation& in) {
  const auto password = read_new_password(in);
  if (!password) return password.error();
  return finish(
      in, in.call("user.passwd", {{"user", in.positional()}, {"password", password->reveal()}}),
      "New password set; signed out everywhere: ");
}

int user_disable(Invocation& in) {
  return finish(in, in.call("user.disable", {{"user", in.positional()}}),
                "Disabled and signed out everywhere: ");
}

int user_enable(Invocation& in) {
  return finish(in, in.call("user.enable", {{"user", in.positional()}}), "Enabled: ");
}

}  // namespace claviger::cli
