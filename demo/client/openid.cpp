#include "demo/client/openid.hpp"

#include "base/base64url.hpp"
#include "crypto/digest.hpp"

namespace claviger::demo {
namespace {

constexpr std::string_view kScope = "openid profile email";
constexpr std::chrono::minutes kPatience{15};
// Whoever sends us logout tokens with made-up key ids must not have us fetch keys all day.
constexpr std::chrono::seconds kKeysAgain{10};

boost::json::object metadata_of(const std::string& redirect_uri, const std::string& origin,
                                const std::string& signed_out_uri) {
  return {{"client_name", "Demo client (OpenID Connect)"},
          {"redirect_uris", boost::json::array{redirect_uri}},
          {"post_logout_redirect_uris", boost::json::array{signed_out_uri}},
          {"grant_types", boost::json::array{"authorization_code", "refresh_token"}},
          {"response_types", boost::json::array{"code"}},
          {"scope", kScope},
          {"token_endpoint_auth_method", "client_secret_post"},
          {"frontchannel_logout_uri", origin + "/frontchannel-logout"},
          {"frontchannel_logout_session_required", true},
          {"backchannel_logout_uri", origin + "/backchannel-logout"},
          {"backchannel_logout_session_required", true}};
}

std::string random_text(Random& random) { return base64url_encode(random.bytes<32>()); }

}  // namespace

OpenIdClient::OpenIdClient(RelyingParty& party, const std::string& origin, const Clock& clock,
                           Random& random)
    : party_(party),
      clock_(clock),
      random_(random),
      signed_out_uri_(origin + "/signed-out"),
      registration_(party, metadata_of(party.settings().redirect_uri, origin, signed_out_uri_)) {}

Task<Outcome<bool>> OpenIdClient::prepare(FlowLog& log, bool doubted) {
  if (!doubted && registration_.credentials()) co_return true;
  auto found = co_await party_.discover(
      log, "/.well-known/openid-configuration",
      "Ask the OpenID Provider where its endpoints are and what it can do.");
  if (!found) co_return found;
  auto user = co_await party_.register_user(log);
  if (!user) co_return user;
  const auto registered = co_await registration_.ensure(log, doubted);
  if (!registered) co_return std::unexpected(registered.error());
  co_return true;
}

AuthorizationRequest OpenIdClient::begin() {
  AuthorizationRequest request;
  request.state = random_text(random_);
  request.code_verifier = random_text(random_);
  request.nonce = random_text(random_);
  request.expires = clock_.now() + kPatience;
  Form form;
  form.add("response_type", "code");
  form.add("client_id", credentials().client_id);
  form.add("redirect_uri", party_.settings().redirect_uri);
  form.add("scope", kScope);
  form.add("state", request.state);
  // OIDCC-15.5.2: comes back inside the ID token, so that one of another sign-in is noticed.
  form.add("nonce", request.nonce);
  form.add("code_challenge", base64url_encode(crypto::sha256(request.code_verifier)));
  form.add("code_challenge_method", "S256");
  request.url = party_.authorization_url(form);
  return request;
}

JudgedToken OpenIdClient::judge(const Tokens& tokens, const std::string& id_token,
                                std::string_view nonce) const {
  const ExpectedIdToken expected{party_.settings().server, tokens.credentials.client_id, nonce,
                                 tokens.access_token, clock_.now()};
  return judge_id_token(id_token, party_.keys(), expected);
}

Task<Outcome<Identity>> OpenIdClient::verify(FlowLog& log, Tokens tokens, std::string nonce) {
  if (tokens.id_token.empty()) co_return refused_by_us("The answer holds no ID token.");
  co_await party_.learn_keys(log, tokens.id_token);
  auto judged = judge(tokens, tokens.id_token, nonce);
  log.token(tokens.message, judged.seen);
  if (judged.seen.verdict != Verdict::verified) {
    co_return refused_by_us("The ID token is not what it should be: " + judged.seen.remark + ".");
  }
  co_return Identity{tokens.id_token, text_of(judged.claims, "sub"), text_of(judged.claims, "sid"),
                     std::move(nonce), std::move(judged.claims)};
}

Task<Outcome<SignedIn>> OpenIdClient::redeem(FlowLog& log, Redemption redemption,
                                             std::string nonce) {
  auto tokens = co_await party_.redeem(log, std::move(redemption), credentials());
  if (!tokens) co_return std::unexpected(tokens.error());
  auto identity = co_await verify(log, *tokens, std::move(nonce));
  if (!identity) co_return std::unexpected(identity.error());
  co_return SignedIn{std::move(*tokens), std::move(*identity)};
}

// OIDCC-12.2
Task<Outcome<SignedIn>> OpenIdClient::refresh(FlowLog& log, Tokens tokens, Identity identity) {
  auto fresh = co_await party_.refresh(log, tokens.refresh_token, tokens.credentials);
  if (!fresh) co_return std::unexpected(fresh.error());
  if (fresh->id_token.empty()) co_return SignedIn{std::move(*fresh), std::move(identity)};
  auto told = co_await verify(log, *fresh, "");
  if (!told) co_return std::unexpected(told.error());
  if (told->sub != identity.sub)
    co_return refused_by_us("The new ID token is about somebody else.");
  told->nonce = identity.nonce;
  co_return SignedIn{std::move(*fresh), std::move(*told)};
}

Task<Outcome<boost::json::object>> OpenIdClient::ask_userinfo(FlowLog& log,
                                                              std::string access_token,
                                                              std::string sub) {
  const auto* metadata = party_.metadata();
  if (metadata == nullptr || metadata->userinfo_endpoint.empty()) {
    co_return refused_by_us("This server has no UserInfo endpoint.");
  }
  outbound::Request request;
  request.url = metadata->userinfo_endpoint;
  request.headers = {{"Authorization", "Bearer " + access_token}};
  auto answer = co_await party_.send(
      log, "Ask UserInfo for the claims of the person, with the access token.", std::move(request));
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->status != 200) co_return refused_by_server("UserInfo refused.", *answer);
  if (text_of(answer->json, "sub") != sub) {
    co_return refused_by_us("UserInfo tells about somebody else than the ID token.");
  }
  co_return std::move(answer->json);
}

LogoutRequest OpenIdClient::begin_logout(const Identity& identity) {
  const auto* metadata = party_.metadata();
  if (metadata == nullptr || metadata->end_session_endpoint.empty()) return {};
  const auto& endpoint = metadata->end_session_endpoint;
  LogoutRequest request;
  request.state = random_text(random_);
  Form form;
  form.add("id_token_hint", identity.id_token);
  form.add("client_id", credentials().client_id);
  form.add("post_logout_redirect_uri", signed_out_uri_);
  form.add("state", request.state);
  request.url = endpoint + (endpoint.contains('?') ? '&' : '?') + form.encode();
  return request;
}

Task<Outcome<Departure>> OpenIdClient::receive_logout(std::string token, SeenToken& seen) {
  const Time now = clock_.now();
  if (!registration_.credentials()) co_return refused_by_us("nobody signed in here");
  if (!party_.keys().settles(token) && keys_doubted_ + kKeysAgain <= now) {
    keys_doubted_ = now;
    FlowLog unseen(clock_);  // no visit has asked for this
    co_await party_.learn_keys(unseen, token);
  }
  const auto client = credentials();
  const ExpectedLogoutToken expected{party_.settings().server, client.client_id, now};
  auto judged = judge_logout_token(token, party_.keys(), expected);
  seen = judged.seen;
  if (seen.verdict != Verdict::verified) co_return refused_by_us(seen.remark);
  const auto jti = text_of(judged.claims, "jti");
  if (!spent_.take(jti, *seen.expires, now)) co_return refused_by_us("it came before");
  co_return Departure{text_of(judged.claims, "sid"), text_of(judged.claims, "sub")};
}

}  // namespace claviger::demo
