// The device authorization grant's rules (RFC8628-3): what a device asks for, the code that a
// person types, and what a poll is answered.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/token.hpp"
#include "model/device_code.hpp"
#include "protocol/client_authentication/authenticate.hpp"
#include "protocol/grants/authorization_code.hpp"
#include "protocol/grants/request.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

struct DeviceAuthorizationPlan {
  Scopes scopes;
  std::vector<std::string> resources;
};
// The device authorization request (RFC8628-3.1) of an authenticated client.
Result<DeviceAuthorizationPlan> plan_device_authorization(const Form& body, const Form& query,
                                                          const AuthenticatedClient& client,
                                                          const Policy& policy);

// Eight of twenty letters, none of which makes a word or looks like another (RFC8628-6.1). Nothing
// when the random bytes don't suffice, which of 32 happens never.
std::optional<std::string> user_code_of(ByteView random);
std::string shown_user_code(std::string_view code);  // "WDJBMJHT" as "WDJB-MJHT"
// What a person typed: case, hyphens and spaces don't matter. Nothing: no code of ours.
std::optional<std::string> read_user_code(std::string_view typed);

enum class DeviceState { pending, approved };
// What a poll is to be answered; refusals are those of RFC8628-3.5, and invalid_grant.
Result<DeviceState> judge_device_poll(const OpaqueToken& token,
                                      const std::optional<DeviceCode>& code, const Client& client,
                                      Time now);

// What to create for an approved code, as for an authorization code.
IssuePlan plan_device_issue(const DeviceCode& code, const Client& client, const Policy& policy,
                            Id grant, Id family, const std::string& mac_kid,
                            std::int64_t storage_epoch, Time now);

}  // namespace claviger::protocol
