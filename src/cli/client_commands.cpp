#include "cli/handlers.hpp"
#include "cli/json_argument.hpp"
#include "cli/output.hpp"
#include "cli/secrets.hpp"
#include "config/values.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

json::array array_of(const std::vector<std::string>& items) {
  json::array out;
  for (const auto& item : items) out.emplace_back(item);
  return out;
}

void put(json::object& object, const char* name, const std::optional<std::string>& value) {
  if (value) object[name] = *value;
}

void put_list(json::object& object, const char* name, const std::vector<std::string>& items) {
  if (!items.empty()) object[name] = array_of(items);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// What the options say goes before what --metadata says.
std::expected<json::object, int> registration(Invocation& in) {
  auto metadata = read_json_argument(in, "--metadata");
  if (!metadata) return metadata;
  const Parsed& parsed = in.parsed();
  json::object out = std::move(*metadata);
  put(out, "client_id", parsed.positional);
  put(out, "client_name", parsed.value("--name"));
  put_list(out, "redirect_uris", parsed.all("--redirect-uri"));
  put_list(out, "post_logout_redirect_uris", parsed.all("--post-logout-redirect-uri"));
  put_list(out, "grant_types", parsed.all("--grant"));
  put_list(out, "response_types", parsed.all("--response-type"));
  const auto scopes = parsed.all("--scope");
  if (!scopes.empty()) out["scope"] = joined(scopes);
  put(out, "token_endpoint_auth_method", parsed.value("--auth-method"));
  if (parsed.has("--public")) out["token_endpoint_auth_method"] = "none";
  put(out, "application_type", parsed.value("--type"));
  put(out, "profile", parsed.value("--profile"));
  put(out, "access_token_format", parsed.value("--token-format"));
  put_list(out, "resources", parsed.all("--resource"));
  if (parsed.has("--require-pkce")) out["require_pkce"] = true;
  return out;
}

std::string details(const json::object& client) {
  return fields({{"client", text_of(client, "client_id")},
                 {"name", text_of(client, "client_name")},
                 {"method", text_of(client, "token_endpoint_auth_method")},
                 {"redirects to", text_of(client, "redirect_uris")},
                 {"after logout", text_of(client, "post_logout_redirect_uris")},
                 {"scopes", text_of(client, "scope")},
                 {"grants", text_of(client, "grant_types")},
                 {"responses", text_of(client, "response_types")},
                 {"keys from", text_of(client, "jwks_uri")},
                 {"subjects", text_of(client, "subject_type")},
                 {"type", text_of(client, "application_type")},
                 {"profile", text_of(client, "profile")},
                 {"is the resource", text_of(client, "resources")},
                 {"requires PKCE", text_of(client, "require_pkce")},
                 {"registered by", text_of(client, "registered_by")},
                 {"disabled", text_of(client, "disabled")},
                 {"created", text_of(client, "created_at")}});
}

}  // namespace

int client_add(Invocation& in) {
  const auto asked = registration(in);
  if (!asked) return asked.error();
  auto arguments = *asked;
  const auto method = text_of(arguments, "token_endpoint_auth_method");
  if (in.parsed().has("--public") &&
      in.parsed().value("--auth-method").value_or("none") != "none") {
    return in.fail(kUsage, "--public and --auth-method contradict each other", "keep one of them");
  }
  const bool no_secret = method == "none" || method == "private_key_jwt";
  if (no_secret || in.parsed().has("--secret-stdin")) {
    if (in.parsed().has("--secret-stdin")) {
      arguments["client_secret"] = read_secret_line(in.console()).reveal();
    }
    const auto answer = in.call("client.add", arguments);
    return answer ? in.answer(*answer, details(*answer)) : answer.error();
  }
  auto sink = SecretSink::open(in);
  if (!sink) return sink.error();
  auto answer = in.call("client.add", arguments);
  return answer ? sink->deliver(in, std::move(*answer)) : answer.error();
}

int client_edit(Invocation& in) {
  const auto arguments = registration(in);
  if (!arguments) return arguments.error();
  if (arguments->size() == 1) {
    return in.fail(kUsage, "nothing to change was given",
                   "claviger client edit --help lists what can be");
  }
  const auto answer = in.call("client.edit", *arguments);
  return answer ? in.answer(*answer, details(*answer)) : answer.error();
}

int client_list(Invocation& in) {
  const auto clients = in.call_all("client.list", "clients");
  if (!clients) return clients.error();
  std::vector<Row> rows;
  for (const auto& item : *clients) {
    const auto& client = item.as_object();
    rows.push_back({text_of(client, "client_id"), text_of(client, "client_name"),
                    text_of(client, "token_endpoint_auth_method"), text_of(client, "registered_by"),
                    text_of(client, "disabled") == "true" ? "disabled" : "enabled",
                    text_of(client, "redirect_uris")});
  }
  return in.answer({{"clients", *clients}},
                   table({"CLIENT", "NAME", "METHOD", "BY", "STATE", "REDIRECTS TO"}, rows,
                         "No clients yet: claviger client add registers one."));
}

int client_show(Invocation& in) {
  const auto answer = in.call("client.show", {{"client_id", in.positional()}});
  return answer ? in.answer(*answer, details(*answer)) : answer.error();
}

int client_rm(Invocation& in) {
  const auto answer = in.call("client.rm", {{"client_id", in.positional()}});
  if (!answer) return answer.error();
  return in.answer(*answer, "Removed " + harmless(in.positional()) +
                                "; grants ended: " + text_of(*answer, "grants_revoked") + ".\n");
}

int client_rotate_secret(Invocation& in) {
  json::object arguments{{"client_id", in.positional()}};
  if (const auto keep = in.parsed().value("--keep-old")) {
    const auto duration = config::parse_duration(*keep);
    if (!duration) {
      return in.fail(kUsage, "--keep-old is a duration", "such as --keep-old 12h; 0s keeps none");
    }
    arguments["keep_old_seconds"] = duration->count();
  }
  auto sink = SecretSink::open(in);
  if (!sink) return sink.error();
  auto answer = in.call("client.rotate_secret", arguments);
  return answer ? sink->deliver(in, std::move(*answer)) : answer.error();
}

}  // namespace claviger::cli
