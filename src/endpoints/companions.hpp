// What introspection and revocation have in common: an authenticated client, and a token of either
// kind (RFC7662-2.1, RFC7009-2.1).
#pragma once
#include <optional>
#include <string>

#include "endpoints/bearer.hpp"
#include "endpoints/client_authentication.hpp"
#include "store/grants.hpp"

namespace claviger::endpoints {

struct AskedAboutToken {
  SharedClient client;
  Secret token;
};
// The refusal is ready to be sent. token_type_hint is not needed: the kinds look different.
Task<std::expected<AskedAboutToken, http::Response>> parse_token_question(
    const Deps& deps, const http::Request& request);

struct PresentedRefresh {
  std::int64_t n = 0;
  std::unique_ptr<store::FamilyWithGrant> found;  // never null
};
// A refresh token of ours, whatever became of it. Garbage and forgeries are nothing before any read
// (IN-05).
Task<std::optional<PresentedRefresh>> find_refresh(const Deps& deps, const Secret& token);

}  // namespace claviger::endpoints
