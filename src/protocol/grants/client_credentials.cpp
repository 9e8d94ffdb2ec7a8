#include "protocol/grants/client_credentials.hpp"

#include "base/reasons/device.hpp"
#include "protocol/gate.hpp"
#include "protocol/resource.hpp"

namespace claviger::protocol {
namespace {

GateFacts facts_of(const Client& client) {
  GateFacts facts;
  facts.client = &client;
  facts.grant_type = GrantType::client_credentials;
  facts.epochs.client = client.epoch;
  facts.has_person = false;
  return facts;
}

}  // namespace

Result<ClientCredentialsPlan> plan_client_credentials(const ClientCredentialsRequest& request,
                                                      const AuthenticatedClient& client,
                                                      const Policy& policy) {
  const auto& record = client.record();
  if (record.is_public()) return refused(reason::client_credentials_public);
  const auto open = subject_gate(facts_of(record));
  if (!open) return std::unexpected(open.error());
  ClientCredentialsPlan plan;
  plan.scopes = without_sign_in(clamp_scopes(request.scope, record, policy));
  if (request.scope && !request.scope->empty() && plan.scopes.empty()) {
    return refused(reason::grant_no_scope_left, to_text(record.scopes), to_text(*request.scope));
  }
  auto resources = judge_targets(request.resources, policy);
  if (!resources) return std::unexpected(std::move(resources.error()));
  plan.resources = std::move(*resources);
  return plan;
}

Result<std::vector<std::string>> judge_targets(const std::vector<std::string>& sent,
                                               const Policy& policy) {
  Form form;
  for (const auto& one : sent) form.add("resource", one);
  return parse_resources(form, policy);
}

Scopes without_sign_in(Scopes scopes) {
  std::erase_if(scopes, [](const auto& word) { return word == kOpenid || word == kOfflineAccess; });
  return scopes;
}

}  // namespace claviger::protocol
