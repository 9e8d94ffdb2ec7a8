#include "admin/operations.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "admin/arguments.hpp"
#include "admin/nouns.hpp"
#include "admin/show.hpp"
#include "admin/version.hpp"
#include "base/reasons/admin.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

struct Row {
  std::string_view name;
  Answer (*run)(const Deps&, json::object);
};

constexpr std::array kOperations{
    Row{"client.add", client_add},
    Row{"client.edit", client_edit},
    Row{"client.list", client_list},
    Row{"client.show", client_show},
    Row{"client.rm", client_rm},
    Row{"client.rotate_secret", client_rotate_secret},
    Row{"user.add", user_add},
    Row{"user.set_claims", user_set_claims},
    Row{"user.list", user_list},
    Row{"user.passwd", user_passwd},
    Row{"user.disable", user_disable},
    Row{"user.enable", user_enable},
    Row{"registration_token.add", registration_token_add},
    Row{"registration_token.list", registration_token_list},
    Row{"registration_token.rm", registration_token_rm},
    Row{"key.list", key_list},
    Row{"key.rotate", key_rotate},
    Row{"key.revoke", key_revoke},
    Row{"node.list", node_list},
    Row{"token.inspect", token_inspect},
    Row{"token.verify", token_verify},
    Row{"token.revoke", token_revoke},
    Row{"store.new_epoch", store_new_epoch},
    Row{"backup.begin", backup_begin},
    Row{"backup.look", backup_look},
    Row{"explain", explain},
};

}  // namespace

const std::vector<std::string_view>& Operations::names() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> out;
    for (const auto& row : kOperations) out.push_back(row.name);
    out.push_back("status");
    return out;
  }();
  return all;
}

Task<Result<json::object>> Operations::call(std::string operation, json::object arguments) {
  if (operation == "status") co_return status(std::move(arguments));
  const auto row = std::ranges::find(kOperations, operation, &Row::name);
  if (row == kOperations.end()) {
    std::string known;
    for (const auto name : names()) known += (known.empty() ? "" : ", ") + std::string(name);
    co_return refused(reason::admin_unknown_operation, known, operation.substr(0, 64));
  }
  co_return co_await row->run(deps_, std::move(arguments));
}

// {} -> {version, pid, started_at, uptime_seconds, issuer, keys: [JWK...]}.
Result<json::object> Operations::status(json::object arguments) const {
  const Arguments in(std::move(arguments), {});
  if (in.fault()) return std::unexpected(*in.fault());
  const Time now = deps_.clock.now();
  json::object answer{{"version", kVersion},
                      {"pid", ::getpid()},
                      {"started_at", rfc3339(started_)},
                      {"uptime_seconds", to_seconds(now) - to_seconds(started_)},
                      {"issuer", deps_.policy.issuer}};
  answer["keys"] = deps_.keys.current()->jwks(now).at("keys");
  return answer;
}

}  // namespace claviger::admin
