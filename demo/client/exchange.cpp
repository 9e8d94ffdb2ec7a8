#include "demo/client/exchange.hpp"

namespace claviger::demo {
namespace {

constexpr std::string_view kGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr std::string_view kAccessToken = "urn:ietf:params:oauth:token-type:access_token";
constexpr std::string_view kLess = "email";

}  // namespace

Task<Outcome<Exchanged>> exchange_token(RelyingParty& party, FlowLog& log, Tokens tokens) {
  Form form;
  form.add("grant_type", kGrant);
  form.add("subject_token", tokens.access_token);
  form.add("subject_token_type", kAccessToken);
  form.add("scope", kLess);
  auto answer = co_await party.ask_token(
      log, "Exchange the access token for one that tells the email address and nothing else.",
      std::move(form), tokens.credentials);
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->status != 200) {
    co_return refused_by_server("Claviger did not exchange the token.", *answer);
  }
  const auto less = co_await party.accept_tokens(log, std::move(*answer), "", tokens.credentials);
  if (!less) co_return std::unexpected(less.error());
  co_return Exchanged{std::string(kLess), party.look_into(*less)};
}

std::string allow_exchange_command(const Credentials& client) {
  return "claviger client edit " + client.client_id +
         " --grant authorization_code --grant refresh_token --grant " + std::string(kGrant);
}

}  // namespace claviger::demo
