#include "base/base64url.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/hashing.hpp"
#include "endpoints/registration.hpp"

namespace claviger::endpoints {

namespace {

using protocol::UserRegistration;

Result<UserRegistration> parse(const Deps& deps, const http::Request& request) {
  if (request.body.empty()) return deps.quickstart.user;
  if (request.media_type() == "application/json") {
    const auto document = parse_json(request.body, limits::kFormBytes);
    if (!document) return refused(reason::json_malformed);
    return protocol::parse_user_registration(*document);
  }
  const auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) return refused(reason::form_malformed);
  return protocol::parse_user_registration(*form);
}

http::Response registered(const char* message, const std::string& sub, bool empty_body) {
  boost::json::object members{{"message", message}};
  if (!empty_body) members["sub"] = sub;
  return success(std::move(members));
}

// Somebody is registered under this name or email: the same person with the same password, or a
// conflict?
Task<http::Response> answer_existing(const Deps& deps, const http::Request& request,
                                     UserRegistration asked, std::string username_key,
                                     std::string email_key) {
  const bool empty_body = request.body.empty();
  const auto stored = co_await deps.store.users.find_by_login(username_key, email_key);
  if (!stored || !protocol::same_registration(*stored, asked)) {
    co_return failure(request, refuse(reason::user_conflict));
  }
  const auto password = protocol::normalise_password(asked.password).value_or(Secret());
  auto verify = [phc = stored->password_hash, password] {
    return crypto::verify_password(phc, password);
  };
  const auto verified = co_await run_hash(deps, std::move(verify), request.client_ip);
  if (!verified) co_return failure(request, refuse(reason::hashing_busy));
  if (!*verified) co_return failure(request, refuse(reason::user_conflict));
  co_return registered("user already registered", stored->sub, empty_body);
}

}  // namespace

Task<http::Response> serve_register_user(const Deps& deps, const http::Request& request) {
  const auto allowed = judge_registration_call(deps, request);
  if (!allowed) co_return failure(request, allowed.error());
  const auto asked = parse(deps, request);
  if (!asked) co_return failure(request, asked.error());
  const auto judged = protocol::judge_user_registration(*asked);
  if (!judged) co_return failure(request, judged.error());
  const std::string username_key = protocol::fold_username(asked->user.username).value_or("");
  const std::string email_key = protocol::fold_email(asked->user.email);
  const auto known = co_await deps.store.users.find_by_login(username_key, email_key);
  if (known) co_return co_await answer_existing(deps, request, *asked, username_key, email_key);

  const auto password = protocol::normalise_password(asked->password).value_or(Secret());
  auto hash = [password, cost = deps.password_cost] {
    return crypto::hash_password(password, cost);
  };
  const auto phc = co_await run_hash(deps, std::move(hash), request.client_ip);
  if (!phc) co_return failure(request, refuse(reason::hashing_busy));
  const Time now = deps.clock.now();
  User user = asked->user;
  user.sub = base64url_encode(deps.random.bytes<16>());
  user.password_hash = *phc;
  user.created_at = now;
  user.updated_at = now;
  const std::string sub = user.sub;
  const auto added = co_await deps.store.users.add(std::move(user), username_key, email_key);
  if (added == store::Users::Added::exists) {
    co_return co_await answer_existing(deps, request, *asked, username_key, email_key);
  }
  deps.log.write(LogLevel::notice, "user.registered", {{"sub", sub}, {"ip", request.client_ip}});
  co_return registered("register user successfully", sub, request.body.empty());
}

}  // namespace claviger::endpoints
