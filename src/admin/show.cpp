#include "admin/show.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "protocol/registration/metadata_members.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

json::array array_of(const std::vector<std::string>& items) {
  json::array out;
  for (const auto& item : items) out.emplace_back(item);
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string_view state_of(const ServerKey& key, Time now) {
  if (key.retires_at != Time{} && key.retires_at <= now) return "retired";
  if (key.active_from > now) return "published";
  return key.retires_at == Time{} ? "active" : "retiring";
}

}  // namespace

std::string rfc3339(Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

json::object show(const Client& client) {
  json::array grants;
  for (const auto grant : client.grant_types) grants.emplace_back(to_string(grant));
  json::array responses;
  for (const auto type : client.response_types) responses.emplace_back(to_string(type));
  json::object out{{"client_id", client.client_id},
                   {"client_name", client.name},
                   {"token_endpoint_auth_method", to_string(client.auth_method)},
                   {"redirect_uris", array_of(client.redirect_uris)},
                   {"post_logout_redirect_uris", array_of(client.post_logout_redirect_uris)},
                   {"scope", joined(client.scopes)},
                   {"grant_types", std::move(grants)},
                   {"response_types", std::move(responses)},
                   {"application_type", to_string(client.application_type)},
                   {"profile", to_string(client.profile)},
                   {"require_pkce", client.require_pkce},
                   {"registered_by", to_string(client.registered_by)},
                   {"disabled", client.disabled},
                   {"access_token_format", to_string(client.metadata.access_token_format)},
                   {"resources", json::value_from(client.metadata.resources)},
                   {"created_at", rfc3339(client.created_at)}};
  if (client.first_used_at) out["first_used_at"] = rfc3339(*client.first_used_at);
  protocol::write_metadata_members(client.metadata, out);
  return out;
}

json::object show(const User& user) {
  return {{"sub", user.sub},
          {"username", user.username},
          {"email", user.email},
          {"firstname", user.firstname},
          {"lastname", user.lastname},
          {"phone", user.phone},
          {"has_password", !user.password_hash.empty()},
          {"disabled", user.disabled},
          {"created_at", rfc3339(user.created_at)},
          {"updated_at", rfc3339(user.updated_at)},
          {"email_verified", user.email_verified},
          {"phone_number_verified", user.phone_verified},
          {"claims", user.claims}};
}

json::object show(const ServerKey& key, Time now) {
  json::object out{{"kid", key.kid},
                   {"purpose", to_string(key.purpose)},
                   {"alg", key.alg},
                   {"state", state_of(key, now)},
                   {"created_at", rfc3339(key.created_at)},
                   {"active_from", rfc3339(key.active_from)}};
  if (key.retires_at != Time{}) out["retires_at"] = rfc3339(key.retires_at);
  return out;
}

json::object show(const Grant& grant) {
  json::object out{{"grant_id", grant.id.text()},
                   {"client_id", grant.client_id},
                   {"sub", grant.sub},
                   {"scope", joined(grant.scopes)},
                   {"created_at", rfc3339(grant.created_at)}};
  if (grant.revoked_at) {
    out["revoked_at"] = rfc3339(*grant.revoked_at);
    out["revoked_because"] = grant.revoked_because;
  }
  return out;
}

json::object show(const store::InitialAccessToken& token) {
  json::object out{{"id", token.selector.text()},
                   // Of how many were left before a restore nobody knows: none is.
                   {"uses_left", token.of_another_epoch ? 0 : token.uses_left},
                   {"created_at", rfc3339(token.created_at)},
                   {"expires_at", rfc3339(token.expires_at)}};
  if (token.profile) out["profile"] = to_string(*token.profile);
  return out;
}

json::object show(const Refusal& refusal) {
  const auto& reason = *refusal.error.reason;
  return {{"request_id", refusal.request_id},
          {"at", rfc3339(refusal.at)},
          {"endpoint", refusal.endpoint},
          {"client_id", refusal.client_id},
          {"status", refusal.status},
          {"error", to_string(reason.code)},
          {"reason", reason.id},
          {"description", reason.description},
          {"expected", refusal.error.expected},
          {"came", refusal.error.came},
          {"clause", reason.clause},
          {"clause_url", clause_url(reason.clause)},
          {"mend", reason.mend},
          {"count", refusal.count},
          {"request_ids", array_of(refusal.request_ids)}};
}

}  // namespace claviger::admin
