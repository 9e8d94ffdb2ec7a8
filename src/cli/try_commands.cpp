#include <charconv>

#include "cli/handlers.hpp"
#include "cli/output.hpp"
#include "cli/secrets.hpp"
#include "cli/try_report.hpp"
#include "cli/try_screen.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

// Whoever reads a pipe or a file that standard output leads to shall not find tokens there unless
// they were asked for.
bool shows_tokens(Invocation& in) {
  return in.console().out_is_terminal || in.as_json() || in.parsed().has("--show-tokens");
}

std::expected<std::uint16_t, int> read_port(Invocation& in) {
  const auto text = in.parsed().value("--port");
  if (!text) return std::uint16_t{0};
  std::uint16_t port = 0;
  const char* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, port);
  if (read.ec == std::errc() && read.ptr == end && port != 0) return port;
  return std::unexpected(in.fail(kUsage, "--port takes a number from 1 to 65535", ""));
}

// The secret's line comes first, then the token's.
std::expected<void, int> read_secrets(Invocation& in, TryRequest& request) {
  const auto& parsed = in.parsed();
  const bool token = parsed.has("--refresh-token-stdin") || parsed.has("--subject-token-stdin");
  const bool secret = parsed.has("--client-secret-stdin");
  if ((token || secret) && request.client_id.empty()) {
    return std::unexpected(in.fail(kUsage, "whose is it? --client-id is missing",
                                   "add --client-id CLIENT_ID, the client that it was issued to"));
  }
  if (secret) request.client_secret = read_secret_line(in.console());
  if (token) request.token = read_secret_line(in.console());
  if ((secret && request.client_secret.empty()) || (token && request.token.empty())) {
    return std::unexpected(in.fail(kUsage, "standard input has too few lines",
                                   "one for the client's secret if it has one, then the token"));
  }
  return {};
}

std::expected<TryRequest, int> read_request(Invocation& in, TryFlow flow) {
  const auto& parsed = in.parsed();
  TryRequest request;
  request.flow = flow;
  request.issuer = parsed.value("--issuer").value_or("");
  request.client_id = parsed.value("--client-id").value_or("");
  request.scopes = parsed.all("--scope");
  request.resources = parsed.all("--resource");
  request.open_browser = !parsed.has("--no-open");
  request.keep_client = shows_tokens(in) || parsed.has("--quiet");
  const auto port = read_port(in);
  if (!port) return std::unexpected(port.error());
  request.port = *port;
  const auto read = read_secrets(in, request);
  if (!read) return std::unexpected(read.error());
  return request;
}

int refuse(Invocation& in, const TryRefusal& refusal) {
  const auto next =
      refusal.request_id.empty() ? refusal.next : "claviger explain " + refusal.request_id;
  const auto problem =
      refusal.error.empty() ? refusal.problem : refusal.problem + ": " + refusal.error;
  if (!in.as_json()) {
    in.fail(refusal.exit_code, problem, "");
    if (!refusal.description.empty()) {
      in.console().err << "  " << harmless(refusal.description) << "\n";
    }
    if (!next.empty()) in.console().err << "  next: " << harmless(next) << "\n";
    return refusal.exit_code;
  }
  json::object object{{"error", problem}};
  const auto put = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) object[name] = value;
  };
  put("oauth_error", refusal.error);
  put("error_description", refusal.description);
  put("request_id", refusal.request_id);
  put("next", next);
  in.console().err << pretty(object);
  return refusal.exit_code;
}

int run_flow(Invocation& in, TryFlow flow) {
  const auto request = read_request(in, flow);
  if (!request) return request.error();
  TryScreen screen(in.console());
  const auto outcome = in.hooks().try_flow(in.loaded(), *request, screen);
  if (!outcome) return refuse(in, outcome.error());
  if (in.parsed().has("--quiet") && !in.as_json()) {
    const auto& response = outcome->at("token_response").as_object();
    in.console().out << harmless(text_of(response, "access_token")) << "\n";
    return kOk;
  }
  return in.answer(*outcome, describe_try(*outcome, shows_tokens(in)));
}

}  // namespace

int try_code(Invocation& in) { return run_flow(in, TryFlow::code); }
int try_device(Invocation& in) { return run_flow(in, TryFlow::device); }
int try_client_credentials(Invocation& in) { return run_flow(in, TryFlow::client_credentials); }
int try_refresh(Invocation& in) { return run_flow(in, TryFlow::refresh); }
int try_exchange(Invocation& in) { return run_flow(in, TryFlow::exchange); }

}  // namespace claviger::cli
