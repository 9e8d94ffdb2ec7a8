#include "admin/arguments.hpp"
#include "admin/nouns.hpp"
#include "admin/show.hpp"
#include "base/reasons/admin.hpp"
#include "base/token.hpp"
#include "crypto/digest.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

constexpr std::int64_t kMostUses = 100000;
constexpr std::int64_t kLongestLife = 365 * 24 * 3600;
constexpr std::int64_t kUsualLife = 7 * 24 * 3600;

}  // namespace

// {uses?, profile?, expires_in_seconds?} -> the token's particulars and, this once, the token.
Answer registration_token_add(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"uses", "profile", "expires_in_seconds"});
  const auto uses = in.maybe_number("uses", kMostUses).value_or(1);
  const auto word = in.maybe_text("profile");
  const auto life = in.maybe_number("expires_in_seconds", kLongestLife).value_or(kUsualLife);
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto profile = word ? parse_profile(*word) : std::nullopt;
  if (word && !profile) {
    co_return refused(reason::admin_bad_argument, "profile: default, oidc_compat or fapi2");
  }
  if (uses == 0 || life == 0) {
    co_return refused(reason::admin_bad_argument, "uses and expires_in_seconds: from 1");
  }
  const Time now = deps.clock.now();
  const auto token = OpaqueToken::make(now, deps.random);
  store::InitialAccessToken row;
  row.selector = token.selector;
  row.verifier_hash = crypto::sha256(ByteView(token.verifier));
  row.profile = profile;
  row.uses_left = uses;
  row.created_at = now;
  row.expires_at = now + std::chrono::seconds(life);
  co_await deps.store.initial_access_tokens.add(row);
  auto answer = show(row);
  answer["initial_access_token"] = token.text().reveal();
  co_return answer;
}

// {} -> {registration_tokens: [...]}.
Answer registration_token_list(const Deps& deps, json::object arguments) {
  const Arguments in(std::move(arguments), {});
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto tokens = co_await deps.store.initial_access_tokens.list();
  json::array shown;
  for (const auto& token : tokens) shown.push_back(show(token));
  co_return json::object{{"registration_tokens", std::move(shown)}};
}

// {id} -> {id, removed}. What was registered with it stays.
Answer registration_token_rm(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"id"});
  const auto text = in.text("id");
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto id = Id::parse(text);
  const bool removed = id && co_await deps.store.initial_access_tokens.remove(*id);
  if (!removed) co_return refused(reason::admin_registration_token_unknown, "", text);
  co_return json::object{{"id", text}, {"removed", true}};
}

}  // namespace claviger::admin
