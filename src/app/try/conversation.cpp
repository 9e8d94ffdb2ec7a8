#include "app/try/conversation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/run_inline.hpp"
#include "app/try/curl_line.hpp"
#include "base/base64url.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/cli.hpp"

namespace claviger::app {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxAnswer = 256 * 1024;
constexpr std::size_t kLongestId = 64;

std::string_view header(const outbound::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

TryAnswer read_answer(const outbound::Response& response) {
  TryAnswer answer;
  answer.status = response.status;
  if (header(response, "content-type").starts_with("application/json")) {
    auto value = parse_json(response.body, kMaxAnswer);
    if (value && value->is_object()) answer.body = std::move(value->get_object());
  }
  answer.request_id = request_id_in(header(response, "x-request-id"));
  return answer;
}

outbound::Policy policy_for(const Conversation::Way& way) {
  outbound::Policy policy;
  policy.allow_loopback = policy.allow_http = way.loopback;
  policy.ca_file = way.ca_file;
  policy.total = std::chrono::seconds(20);
  return policy;
}

std::unexpected<cli::TryRefusal> unreachable(const std::string& issuer,
                                             outbound::FetchError error) {
  cli::TryRefusal refusal;
  refusal.exit_code = cli::kUnavailable;
  if (error == outbound::FetchError::address_refused) {
    refusal.problem = issuer + " leads to an address of a private network, which is not called";
    refusal.next = "run this where the name leads to a public address or to this machine";
    return std::unexpected(refusal);
  }
  refusal.problem = fmt::format("no server answers at {} ({})", issuer, to_string(error));
  refusal.next = "start claviger serve, or name another server with --issuer";
  return std::unexpected(refusal);
}

}  // namespace

std::string request_id_in(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  const bool is_id = text.size() <= kLongestId && std::ranges::all_of(text, fits);
  return std::string(is_id ? text : "");
}

std::unexpected<cli::TryRefusal> refused_by_server(std::string_view what, const TryAnswer& answer) {
  cli::TryRefusal refusal;
  refusal.problem = fmt::format("could not {} (HTTP {})", what, answer.status);
  refusal.error = json_text(answer.body, "error").value_or("");
  refusal.description = json_text(answer.body, "error_description").value_or("");
  refusal.request_id = answer.request_id;
  return std::unexpected(refusal);
}

std::unexpected<cli::TryRefusal> refused_here(std::string problem, std::string next) {
  cli::TryRefusal refusal;
  refusal.problem = std::move(problem);
  refusal.next = std::move(next);
  return std::unexpected(refusal);
}

Conversation::Conversation(Way way) : way_(std::move(way)), fetcher_(policy_for(way_)) {}

Tried<void> Conversation::discover() {
  outbound::Request request;
  request.url = way_.issuer + "/.well-known/openid-configuration";
  auto answer = ask("read the server's metadata", std::move(request), 200);
  if (!answer) return std::unexpected(answer.error());
  // A document about another issuer would have us send its users' codes there.
  if (json_text(answer->body, "issuer") != way_.issuer) {
    return refused_here("the metadata is about another issuer than " + way_.issuer,
                        "--issuer takes the issuer exactly as the server writes it");
  }
  metadata_ = std::move(answer->body);
  return {};
}

Tried<TryAnswer> Conversation::send(std::string_view what, outbound::Request request) {
  json::object note{{"what", what},
                    {"method", request.method},
                    {"url", request.url},
                    {"curl", curl_line(request, way_.ca_file)}};
  const auto response = run_inline(fetcher_.fetch(std::move(request)));
  if (!response) return unreachable(way_.issuer, response.error());
  auto answer = read_answer(*response);
  note["status"] = answer.status;
  note["request_id"] = answer.request_id;
  notes_.push_back(std::move(note));
  return answer;
}

Tried<TryAnswer> Conversation::ask(std::string_view what, outbound::Request request, int status) {
  auto answer = send(what, std::move(request));
  if (answer && answer->status != status) return refused_by_server(what, *answer);
  return answer;
}

outbound::Request Conversation::post(const std::string& url, Form form,
                                     const TryClient& client) const {
  outbound::Request request;
  request.method = "POST";
  request.url = url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  if (client.secret.empty()) {
    form.add("client_id", client.client_id);
  } else {
    const auto pair = fmt::format("{}:{}", percent_encode(client.client_id),
                                  percent_encode(client.secret.reveal()));
    request.headers.emplace_back("Authorization", "Basic " + base64_encode(as_bytes(pair)));
  }
  request.body = form.encode();
  return request;
}

Tried<TryAnswer> Conversation::userinfo(const std::string& access_token) {
  auto url = endpoint("userinfo_endpoint");
  if (!url) return std::unexpected(url.error());
  outbound::Request request;
  request.url = std::move(*url);
  request.headers = {{"Authorization", "Bearer " + access_token}};
  return ask("ask about the person", std::move(request), 200);
}

Tried<TryAnswer> Conversation::keys() {
  auto url = endpoint("jwks_uri");
  if (!url) return std::unexpected(url.error());
  outbound::Request request;
  request.url = std::move(*url);
  return ask("fetch the server's keys", std::move(request), 200);
}

void Conversation::take_back(const TryClient& client) {
  if (!client.management_uri.starts_with(way_.issuer + "/")) return;  // nobody else gets the token
  outbound::Request request;
  request.method = "DELETE";
  request.url = client.management_uri;
  request.headers = {{"Authorization", "Bearer " + std::string(client.management_token.reveal())}};
  run_inline(fetcher_.fetch(std::move(request)));
}

Tried<std::string> Conversation::endpoint(std::string_view name) const {
  std::string url(json_text(metadata_, name).value_or(""));
  const bool http = url.starts_with("https://") || url.starts_with("http://");
  if (http && !has_control_character(url)) return url;
  return refused_here(fmt::format("the server's metadata names no {}", name));
}

bool Conversation::sends_iss() const {
  const auto* value = metadata_.if_contains("authorization_response_iss_parameter_supported");
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace claviger::app
