#include "protocol/authorize/response_type.hpp"

#include "base/reasons/authorize.hpp"

namespace claviger::protocol {
namespace {

// Of a name that was sent twice neither value counts.
std::string_view single(const Form& form, std::string_view name) {
  return form.repeated(name) ? "" : form.get(name).value_or("");
}

ResponseType type_of(const Form& form) {
  return parse_response_type(single(form, "response_type")).value_or(kCodeOnly);
}

bool fits(ResponseMode mode, ResponseType type) {
  return mode != ResponseMode::query || !type.is_front_channel();
}

}  // namespace

ResponseMode response_mode_of(const Form& form) {
  const auto type = type_of(form);
  const auto mode = parse_response_mode(single(form, "response_mode"));
  return mode && fits(*mode, type) ? *mode : default_response_mode(type);
}

bool is_refused_response_mode(const Form& form) {
  const auto text = form.get("response_mode");
  if (!text) return false;
  const auto mode = parse_response_mode(*text);
  return !mode || !fits(*mode, type_of(form));
}

Result<void> judge_response_type(const Client& client, ResponseType type) {
  const bool compat = client.profile == Profile::oidc_compat;
  if (!client.may_ask_for(type) || (type.is_front_channel() && !compat)) {
    return refused(reason::authorize_response_type_not_allowed);
  }
  if ((type.code && !client.may_use(GrantType::authorization_code)) ||
      (type.is_front_channel() && !client.may_use(GrantType::implicit))) {
    return refused(reason::authorize_grant_not_allowed);
  }
  return {};
}

}  // namespace claviger::protocol
