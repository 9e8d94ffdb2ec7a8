#include "app/try/try_flow.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "app/try/choose_client.hpp"
#include "app/try/interruption.hpp"
#include "app/try/person_flows.hpp"
#include "app/try/report.hpp"
#include "base/base64url.hpp"
#include "base/json.hpp"
#include "cli/cli.hpp"
#include "config/addresses.hpp"

namespace claviger::app {

namespace json = boost::json;
using cli::TryFlow;

namespace {

constexpr std::array kUsualScopes{"openid", "profile", "email"};
constexpr std::string_view kExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr std::string_view kAccessToken = "urn:ietf:params:oauth:token-type:access_token";

Tried<Conversation::Way> find_way(const config::Loaded& loaded, const cli::TryRequest& request) {
  const auto& settings = loaded.settings;
  Conversation::Way way;
  way.issuer = request.issuer.empty() ? settings.issuer : request.issuer;
  const auto issuer = config::parse_issuer(way.issuer);
  if (!issuer) {
    auto refusal = refused_here("--issuer " + issuer.error(), "such as https://auth.example.com");
    refusal.error().exit_code = cli::kUsage;
    return refusal;
  }
  way.loopback = config::is_loopback_host(issuer->host);
  if (!issuer->https && !way.loopback) {
    auto refusal = refused_here("http is for this machine alone", "name an issuer with https");
    refusal.error().exit_code = cli::kUsage;
    return refusal;
  }
  // On one's own machine the server's own certificate is the one that must answer.
  if (issuer->https && way.loopback) way.ca_file = settings.server.tls_certificate;
  return way;
}

std::string_view name_of(TryFlow flow) {
  constexpr std::array<std::string_view, 5> kNames{"code", "device", "client-credentials",
                                                   "refresh", "exchange"};
  return kNames[static_cast<std::size_t>(flow)];
}

class Attempt {
 public:
  Attempt(Conversation::Way way, const config::Loaded& loaded, const cli::TryRequest& request,
          cli::TryWatcher& watcher)
      : talk_(std::move(way)), loaded_(loaded), request_(request), watcher_(watcher) {}

  cli::TryOutcome run() {
    const auto known = talk_.discover();
    if (!known) return std::unexpected(known.error());
    if (needs_browser()) {
      callback_.emplace(request_.port, base64url_encode(random_.bytes<16>()));
    }
    auto client =
        choose_client(talk_, loaded_, request_, callback_ ? callback_->redirect_uri() : "");
    if (!client) return std::unexpected(client.error());
    client_ = std::move(*client);
    auto report = finish();
    const bool kept = request_.keep_client && report.has_value();
    if (!kept) give_client_back(talk_, loaded_, client_);
    if (report) describe_client(*report, kept);
    return report;
  }

 private:
  bool needs_browser() const {
    const bool second = request_.flow == TryFlow::refresh || request_.flow == TryFlow::exchange;
    return request_.flow == TryFlow::code || (second && request_.token.empty());
  }

  // The sign-in asks for what the second step wants too: that can only be less.
  Wish first_wish() const {
    Wish wish;
    const bool second = request_.flow == TryFlow::refresh || request_.flow == TryFlow::exchange;
    if (second || request_.scopes.empty()) {
      wish.scopes.assign(kUsualScopes.begin(), kUsualScopes.end());
    }
    for (const auto& scope : request_.scopes) {
      if (std::ranges::find(wish.scopes, scope) == wish.scopes.end()) wish.scopes.push_back(scope);
    }
    if (request_.flow != TryFlow::exchange) wish.resources = request_.resources;
    return wish;
  }

  Tried<json::object> ask_token(std::string_view what, Form form) {
    const auto url = talk_.endpoint("token_endpoint");
    if (!url) return std::unexpected(url.error());
    add_wish(form, {request_.scopes, request_.resources});
    auto answer = talk_.ask(what, talk_.post(*url, std::move(form), client_), 200);
    if (!answer) return std::unexpected(answer.error());
    return std::move(answer->body);
  }

  // The token that was given, or the one of that name from a sign-in.
  Tried<std::string> token_to_use(std::string_view name) {
    if (!callback_) return std::string(request_.token.reveal());
    const auto signed_in =
        sign_in(talk_, *callback_, client_, first_wish(), request_.open_browser, watcher_, random_);
    if (!signed_in) return std::unexpected(signed_in.error());
    const auto token = json_text(signed_in->response, name);
    if (!token) {
      return refused_here("the sign-in brought no " + std::string(name),
                          "the client needs the grant type refresh_token");
    }
    return std::string(*token);
  }

  Tried<json::object> refresh() {
    const auto token = token_to_use("refresh_token");
    if (!token) return std::unexpected(token.error());
    Form form;
    form.add("grant_type", "refresh_token");
    form.add("refresh_token", *token);
    return ask_token("refresh the tokens", std::move(form));
  }

  Tried<json::object> exchange() {
    const auto token = token_to_use("access_token");
    if (!token) return std::unexpected(token.error());
    Form form;
    form.add("grant_type", kExchange);
    form.add("subject_token", *token);
    form.add("subject_token_type", kAccessToken);
    return ask_token("exchange the token", std::move(form));
  }

  Tried<json::object> get_tokens() {
    switch (request_.flow) {
      case TryFlow::code: {
        auto signed_in = sign_in(talk_, *callback_, client_, first_wish(), request_.open_browser,
                                 watcher_, random_);
        if (!signed_in) return std::unexpected(signed_in.error());
        nonce_ = signed_in->nonce;
        return std::move(signed_in->response);
      }
      case TryFlow::device:
        return allow_device(talk_, client_, first_wish(), watcher_);
      case TryFlow::client_credentials: {
        Form form;
        form.add("grant_type", "client_credentials");
        return ask_token("get a token for the client itself", std::move(form));
      }
      case TryFlow::refresh:
        return refresh();
      case TryFlow::exchange:
        return exchange();
    }
    return json::object{};
  }

  Tried<json::object> finish() {
    const auto response = get_tokens();
    if (!response) return response;
    TokenExpectation expected;
    expected.issuer = talk_.issuer();
    expected.client_id = client_.client_id;
    expected.nonce = nonce_;
    expected.now = clock_.now();
    return report_tokens(talk_, *response, expected, request_.resources.empty());
  }

  void describe_client(json::object& report, bool kept) const {
    const bool own = request_.client_id.empty();
    json::object client{{"client_id", client_.client_id}, {"kept", kept && own}};
    if (kept && own && !client_.secret.empty()) client["client_secret"] = client_.secret.reveal();
    report["flow"] = name_of(request_.flow);
    report["issuer"] = talk_.issuer();
    report["at"] = to_seconds(clock_.now());
    report["client"] = std::move(client);
    report["requests"] = talk_.notes();
  }

  Conversation talk_;
  const config::Loaded& loaded_;
  const cli::TryRequest& request_;
  cli::TryWatcher& watcher_;
  const SystemClock clock_;
  crypto::SystemRandom random_;
  std::optional<Callback> callback_;
  TryClient client_;
  std::string nonce_;
};

}  // namespace

cli::TryOutcome try_flow(const config::Loaded& loaded, const cli::TryRequest& request,
                         cli::TryWatcher& watcher) {
  auto way = find_way(loaded, request);
  if (!way) return std::unexpected(way.error());
  const Interruption interruption;
  try {
    return Attempt(std::move(*way), loaded, request, watcher).run();
  } catch (const std::system_error& error) {
    return refused_here(error.what(), "name another --port, or none for any free one");
  }
}

}  // namespace claviger::app
