#include "demo/client/relying_party.hpp"

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws.hpp"

namespace claviger::demo {
namespace {

constexpr std::size_t kMaxJson = 256 * 1024;

std::string header_of(const outbound::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

Answer read_answer(const outbound::Response& response) {
  Answer answer;
  answer.status = response.status;
  if (header_of(response, "content-type").starts_with("application/json")) {
    auto value = parse_json(response.body, kMaxJson);
    if (value && value->is_object()) answer.json = std::move(value->get_object());
  }
  answer.request_id = text_of(answer.json, "request_id");
  if (answer.request_id.empty()) answer.request_id = header_of(response, "x-request-id");
  return answer;
}

std::string random_text(Random& random) { return base64url_encode(random.bytes<32>()); }

bool is_address(std::string_view url) {
  const bool http = url.starts_with("https://") || url.starts_with("http://");
  return http && !has_control_character(url);
}

constexpr std::chrono::minutes kPatience{15};  // with a person who signs in

}  // namespace

std::string text_of(const boost::json::object& object, std::string_view name) {
  return std::string(json_text(object, name).value_or(""));
}

std::unexpected<Problem> refused_by_server(std::string title, const Answer& answer) {
  return std::unexpected(Problem{std::move(title), answer.status, text_of(answer.json, "error"),
                                 text_of(answer.json, "error_description"), answer.request_id});
}

std::unexpected<Problem> refused_by_us(std::string title) {
  return std::unexpected(Problem{std::move(title), 0, {}, {}, {}});
}

RelyingParty::RelyingParty(Settings settings, Fetch fetch, const Clock& clock, Random& random)
    : settings_(std::move(settings)), fetch_(std::move(fetch)), clock_(clock), random_(random) {
  while (settings_.server.ends_with('/')) settings_.server.pop_back();
}

Task<Outcome<Answer>> RelyingParty::send(FlowLog& log, std::string meaning,
                                         outbound::Request request) {
  log.request(Lane::client, Lane::server, std::move(meaning), request);
  const auto response = co_await fetch_(std::move(request));
  if (!response) {
    log.failure(Lane::server, Lane::client, "No answer came.",
                std::string(outbound::to_string(response.error())));
    co_return refused_by_us("Claviger does not answer at " + settings_.server + ".");
  }
  log.response(Lane::server, Lane::client, "", *response);
  co_return read_answer(*response);
}

Task<Outcome<bool>> RelyingParty::discover(FlowLog& log, std::string path, std::string meaning) {
  outbound::Request discovery;
  discovery.url = settings_.server + path;
  const auto found = co_await send(log, std::move(meaning), std::move(discovery));
  if (!found) co_return std::unexpected(found.error());
  auto metadata = read_metadata(*found);
  if (!metadata) co_return std::unexpected(metadata.error());
  metadata_ = std::move(*metadata);
  co_return true;
}

// Welcome to fail: elsewhere than on one's own machine, an operator registers people.
Task<Outcome<bool>> RelyingParty::register_user(FlowLog& log) {
  outbound::Request user{"POST", settings_.server + "/register_user", {}, {}};
  const auto answer =
      co_await send(log, "Register the quickstart’s user, who can then sign in.", std::move(user));
  if (!answer) co_return std::unexpected(answer.error());
  co_return true;
}

Task<Outcome<bool>> RelyingParty::prepare(FlowLog& log) {
  auto found = co_await discover(log, "/.well-known/oauth-authorization-server",
                                 "Ask the server where its endpoints are and what it can do.");
  if (!found) co_return found;
  // As welcome to fail as the user's.
  outbound::Request client{"POST", settings_.server + "/register_client", {}, {}};
  const auto first =
      co_await send(log, "Register this client. An empty body stands for the quickstart’s details.",
                    std::move(client));
  if (!first) co_return std::unexpected(first.error());
  co_return co_await register_user(log);
}

Outcome<Metadata> RelyingParty::read_metadata(const Answer& answer) const {
  if (answer.status != 200) {
    return refused_by_server("The server has no metadata to offer.", answer);
  }
  // A document that names another issuer would have us send its users' codes there (RFC8414-3.3).
  if (text_of(answer.json, "issuer") != settings_.server) {
    return refused_by_us("The metadata is about another issuer than the one that was asked.");
  }
  Metadata metadata;
  metadata.authorization_endpoint = text_of(answer.json, "authorization_endpoint");
  metadata.token_endpoint = text_of(answer.json, "token_endpoint");
  metadata.jwks_uri = text_of(answer.json, "jwks_uri");
  metadata.userinfo_endpoint = text_of(answer.json, "userinfo_endpoint");
  metadata.registration_endpoint = text_of(answer.json, "registration_endpoint");
  metadata.end_session_endpoint = text_of(answer.json, "end_session_endpoint");
  metadata.device_authorization_endpoint = text_of(answer.json, "device_authorization_endpoint");
  for (const auto* url :
       {&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri}) {
    if (!is_address(*url)) {
      return refused_by_us("The metadata lacks an endpoint that this client needs.");
    }
  }
  for (auto* url : {&metadata.userinfo_endpoint, &metadata.registration_endpoint,
                    &metadata.end_session_endpoint, &metadata.device_authorization_endpoint}) {
    if (!is_address(*url)) url->clear();
  }
  const auto* iss = answer.json.if_contains("authorization_response_iss_parameter_supported");
  metadata.sends_iss = iss != nullptr && iss->is_bool() && iss->get_bool();
  return metadata;
}

AuthorizationRequest RelyingParty::begin() {
  AuthorizationRequest request;
  request.state = random_text(random_);
  request.code_verifier = random_text(random_);
  request.expires = clock_.now() + kPatience;
  request.url = authorization_url(request, settings_.redirect_uri);
  return request;
}

std::string RelyingParty::authorization_url(const AuthorizationRequest& request,
                                            std::string_view redirect_uri) const {
  Form form;
  form.add("response_type", "code");
  form.add("client_id", settings_.client_id);
  form.add("redirect_uri", redirect_uri);
  form.add("scope", settings_.scope);
  form.add("state", request.state);
  // RFC7636-4.2: who steals the code can't use it without the verifier, which stays here.
  form.add("code_challenge", base64url_encode(crypto::sha256(request.code_verifier)));
  form.add("code_challenge_method", "S256");
  return authorization_url(form);
}

std::string RelyingParty::authorization_url(const Form& form) const {
  const std::string& endpoint = metadata_->authorization_endpoint;
  return endpoint + (endpoint.contains('?') ? '&' : '?') + form.encode();
}

Outcome<std::string> RelyingParty::read_response(const Form& parameters) const {
  if (parameters.first_repeated()) {
    return refused_by_us("A parameter of the callback came twice.");
  }
  // RFC9207-2.4: with two servers, the answer of a bad one must not pass for the good one's.
  const auto iss = parameters.get("iss");
  if (iss ? *iss != settings_.server : metadata_ && metadata_->sends_iss) {
    return refused_by_us("The answer does not name the issuer that was asked.");
  }
  if (const auto error = parameters.get("error")) {
    return std::unexpected(Problem{*error == "access_denied"
                                       ? "You said no at Claviger, and that is fine."
                                       : "Claviger sent you back without a code.",
                                   0,
                                   std::string(*error),
                                   std::string(parameters.get("error_description").value_or("")),
                                   {}});
  }
  const auto code = parameters.get("code");
  if (!code) return refused_by_us("The callback carries neither a code nor an error.");
  return std::string(*code);
}

Task<Outcome<Answer>> RelyingParty::ask_token(FlowLog& log, std::string meaning, Form form,
                                              Credentials as) {
  if (!metadata_) co_return refused_by_us("The server’s metadata is not known yet: sign in first.");
  form.add("client_id", as.client_id);
  if (!as.client_secret.empty()) form.add("client_secret", as.client_secret.reveal());
  outbound::Request request;
  request.method = "POST";
  request.url = metadata_->token_endpoint;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = form.encode();
  co_return co_await send(log, std::move(meaning), std::move(request));
}

Task<Outcome<Tokens>> RelyingParty::redeem(FlowLog& log, Redemption redemption,
                                           std::optional<Credentials> as) {
  const Credentials credentials = as.value_or(quickstart());
  Form form;
  form.add("grant_type", "authorization_code");
  form.add("code", redemption.code);
  form.add("redirect_uri", settings_.redirect_uri);
  form.add("code_verifier", redemption.code_verifier);
  auto answer = co_await ask_token(
      log, "Exchange the code for tokens, proving with the verifier that it was meant for us.",
      std::move(form), credentials);
  if (!answer) co_return std::unexpected(answer.error());
  co_return co_await accept_tokens(log, std::move(*answer), "", credentials);
}

Task<Outcome<Tokens>> RelyingParty::refresh(FlowLog& log, std::string refresh_token,
                                            std::optional<Credentials> as) {
  const Credentials credentials = as.value_or(quickstart());
  Form form;
  form.add("grant_type", "refresh_token");
  form.add("refresh_token", refresh_token);
  auto answer = co_await ask_token(
      log, "Ask for a fresh access token. The refresh token is used up and replaced.",
      std::move(form), credentials);
  if (!answer) co_return std::unexpected(answer.error());
  co_return co_await accept_tokens(log, std::move(*answer), std::move(refresh_token), credentials);
}

// RFC6749-5.1
Task<Outcome<Tokens>> RelyingParty::accept_tokens(FlowLog& log, Answer answer,
                                                  std::string old_refresh_token, Credentials as) {
  const std::size_t number = log.latest();
  if (answer.status != 200) {
    co_return refused_by_server("Claviger refused to issue tokens.", answer);
  }
  Tokens tokens;
  tokens.access_token = text_of(answer.json, "access_token");
  tokens.refresh_token = text_of(answer.json, "refresh_token");
  const bool bearer = iequals_ascii(text_of(answer.json, "token_type"), "bearer");
  if (tokens.access_token.empty() || !bearer) {  // RFC6749-7.1: an unknown type is unusable
    co_return refused_by_us("The answer holds no access token of type Bearer.");
  }
  tokens.id_token = text_of(answer.json, "id_token");
  tokens.scope = text_of(answer.json, "scope");
  tokens.message = number;
  const SeenToken seen = co_await inspect_access_token(log, tokens.access_token, as.client_id);
  log.token(number, seen);
  if (seen.verdict != Verdict::verified) {
    co_return refused_by_us("The access token is not what it should be: " + seen.remark);
  }
  tokens.expires = *seen.expires;
  if (tokens.refresh_token.empty()) {
    tokens.refresh_token = std::move(old_refresh_token);  // RFC6749-6: the old one stays in force
  } else if (const auto jws = crypto::peek_jws(tokens.refresh_token)) {
    log.token(number, {"refresh_token",
                       fields_of(jws->header),
                       fields_of(jws->payload),
                       Verdict::sealed,
                       "Only Claviger holds the key that checks this.",
                       {}});
  }
  tokens.credentials = std::move(as);
  co_return tokens;
}

// A client need not understand an access token: it is meant for the API. This one looks, to show
// what is in there, and to learn early when something is wrong.
Task<SeenToken> RelyingParty::inspect_access_token(FlowLog& log, std::string token,
                                                   std::string client_id) {
  co_await learn_keys(log, token);
  const ExpectedToken expected{settings_.server, client_id, clock_.now()};
  co_return keys_.judge(token, expected);
}

std::vector<Field> RelyingParty::look_into(const Tokens& tokens) const {
  const ExpectedToken expected{settings_.server, tokens.credentials.client_id, clock_.now()};
  return keys_.judge(tokens.access_token, expected).payload;
}

Task<bool> RelyingParty::learn_keys(FlowLog& log, std::string token) {
  if (keys_.settles(token) || !metadata_) co_return true;
  outbound::Request request;
  request.url = metadata_->jwks_uri;
  const auto answer =
      co_await send(log, "Fetch the server’s public keys, to check a signature.", request);
  co_return answer&& keys_.replace(answer->json);
}

Task<Outcome<boost::json::object>> RelyingParty::call_api(FlowLog& log, std::string access_token) {
  outbound::Request request;
  request.method = "POST";
  request.url = settings_.server + "/api";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Authorization", "Bearer " + access_token}};
  const auto answer =
      co_await send(log, "Ask the API for the person’s data, with the access token.", request);
  if (!answer) co_return std::unexpected(answer.error());
  const auto* data = answer->json.if_contains("data");
  if (answer->status != 200 || data == nullptr || !data->is_object()) {
    co_return refused_by_server("The API refused.", *answer);
  }
  co_return data->get_object();
}

}  // namespace claviger::demo
