#include "cli/handlers.hpp"
#include "cli/output.hpp"
#include "cli/secrets.hpp"
#include "config/values.hpp"

namespace claviger::cli {

namespace json = boost::json;

int registration_token_add(Invocation& in) {
  json::object arguments;
  if (const auto uses = in.parsed().value("--uses")) {
    const bool digits = uses->find_first_not_of("0123456789") == std::string::npos;
    if (!digits || uses->empty() || uses->size() > 6) {
      return in.fail(kUsage, "--uses is a number", "such as --uses 10");
    }
    arguments["uses"] = std::stoll(*uses);
  }
  if (const auto profile = in.parsed().value("--profile")) arguments["profile"] = *profile;
  if (const auto expires = in.parsed().value("--expires")) {
    const auto duration = config::parse_duration(*expires);
    if (!duration) return in.fail(kUsage, "--expires is a duration", "such as --expires 30d");
    arguments["expires_in_seconds"] = duration->count();
  }
  auto sink = SecretSink::open(in);
  if (!sink) return sink.error();
  auto answer = in.call("registration_token.add", arguments);
  return answer ? sink->deliver(in, std::move(*answer), "initial_access_token") : answer.error();
}

int registration_token_list(Invocation& in) {
  const auto answer = in.call("registration_token.list", {});
  if (!answer) return answer.error();
  std::vector<Row> rows;
  for (const auto& item : answer->at("registration_tokens").as_array()) {
    const auto& token = item.as_object();
    rows.push_back({text_of(token, "id"), text_of(token, "uses_left"), text_of(token, "profile"),
                    text_of(token, "created_at"), text_of(token, "expires_at")});
  }
  return in.answer(*answer, table({"TOKEN", "USES LEFT", "PROFILE", "CREATED", "EXPIRES"}, rows,
                                  "No tokens: claviger registration-token add makes one."));
}

int registration_token_rm(Invocation& in) {
  const auto answer = in.call("registration_token.rm", {{"id", in.positional()}});
  if (!answer) return answer.error();
  return in.answer(*answer,
                   "Removed " + harmless(in.positional()) + "; clients registered with it stay.\n");
}

}  // namespace claviger::cli
