#include "protocol/grants/device.hpp"

#include <algorithm>
#include <array>

#include "base/reasons/device.hpp"
#include "base/reasons/gate.hpp"
#include "base/reasons/token.hpp"
#include "crypto/digest.hpp"
#include "protocol/resource.hpp"

namespace claviger::protocol {
namespace {

constexpr std::string_view kLetters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t kCodeLetters = 8;
constexpr std::size_t kTypedMost = 64;

struct Presentation {
  const OpaqueToken& token;
  const DeviceCode& code;
  const Client& client;
  Time now;
};

struct Check {
  const Reason* reason;
  bool (*fails)(const Presentation&);
};

// In this order: who can't show the code itself learns nothing of what became of it.
constexpr std::array kChecks{
    Check{&reason::device_code_unknown,
          [](const Presentation& p) {
            return !crypto::constant_time_equal(crypto::sha256(ByteView(p.token.verifier)),
                                                p.code.verifier_hash);
          }},
    Check{&reason::device_code_other_client,
          [](const Presentation& p) { return p.code.client_id != p.client.client_id; }},
    Check{&reason::gate_grant_type,
          [](const Presentation& p) { return !p.client.may_use(GrantType::device_code); }},
    Check{&reason::device_code_other_epoch,
          [](const Presentation& p) { return p.code.of_another_epoch; }},
    Check{&reason::device_code_used,
          [](const Presentation& p) { return p.code.redeemed_at.has_value(); }},
    Check{&reason::device_denied,
          [](const Presentation& p) { return p.code.denied_at.has_value(); }},
    Check{&reason::device_expired,
          [](const Presentation& p) { return p.now >= p.code.expires_at; }},
};

}  // namespace

Result<DeviceAuthorizationPlan> plan_device_authorization(const Form& body, const Form& query,
                                                          const AuthenticatedClient& client,
                                                          const Policy& policy) {
  if (body.first_repeated({"resource"})) return refused(reason::token_parameter_repeated);
  if (query.get("scope") || query.get("resource")) return refused(reason::token_parameter_in_query);
  const auto& record = client.record();
  if (!record.may_use(GrantType::device_code)) return refused(reason::gate_grant_type);
  std::optional<Scopes> asked;
  if (const auto text = body.get("scope")) {
    auto scope = parse_scope(*text);
    if (!scope) return std::unexpected(std::move(scope.error()));
    asked = std::move(*scope);
  }
  auto resources = parse_resources(body, policy);
  if (!resources) return std::unexpected(std::move(resources.error()));
  return DeviceAuthorizationPlan{clamp_scopes(asked, record, policy), std::move(*resources)};
}

std::optional<std::string> user_code_of(ByteView random) {
  // A remainder would favour the letters at the front.
  constexpr std::size_t kFair = 256 / kLetters.size() * kLetters.size();
  std::string code;
  for (const auto byte : random) {
    if (byte < kFair) code.push_back(kLetters[byte % kLetters.size()]);
    if (code.size() == kCodeLetters) return code;
  }
  return {};
}

std::string shown_user_code(std::string_view code) {
  return std::string(code.substr(0, kCodeLetters / 2)) + "-" +
         std::string(code.substr(kCodeLetters / 2));
}

std::optional<std::string> read_user_code(std::string_view typed) {
  if (typed.size() > kTypedMost) return {};
  std::string code;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!kLetters.contains(upper)) return {};
    code.push_back(upper);
  }
  if (code.size() != kCodeLetters) return {};
  return code;
}

Result<DeviceState> judge_device_poll(const OpaqueToken& token,
                                      const std::optional<DeviceCode>& code, const Client& client,
                                      Time now) {
  if (!code) return refused(reason::device_code_unknown);
  const Presentation presentation{token, *code, client, now};
  for (const auto& check : kChecks) {
    if (check.fails(presentation)) return refused(*check.reason);
  }
  return code->approved ? DeviceState::approved : DeviceState::pending;
}

IssuePlan plan_device_issue(const DeviceCode& code, const Client& client, const Policy& policy,
                            Id grant, Id family, const std::string& mac_kid,
                            std::int64_t storage_epoch, Time now) {
  Code like;
  static_cast<Authorized&>(like) = *code.approved;
  auto plan = plan_issue(like, client, policy, grant, family, mac_kid, storage_epoch, now);
  plan.grant.type = GrantType::device_code;
  return plan;
}

}  // namespace claviger::protocol
