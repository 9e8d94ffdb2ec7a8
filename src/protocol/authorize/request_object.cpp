#include "protocol/authorize/request_object.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/reasons/authorize.hpp"
#include "base/reasons/request_object.hpp"
#include "base/text.hpp"
#include "protocol/authorize/request.hpp"

namespace claviger::protocol {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kSkew{10};  // PJ-11: clocks of servers are that close
constexpr std::array<std::string_view, 2> kTypes{"JWT", "oauth-authz-req+jwt"};
// What a JWT says of itself: no parameters of the request (RFC7519-4.1).
constexpr std::array<std::string_view, 8> kOfTheJwt{"iss", "sub", "aud", "exp",
                                                    "nbf", "iat", "jti", "txn"};

// Some clients put a hash behind '#', of whatever they like: it names no other object, and the
// signature says whether the object is theirs (OIDCC-6.2).
std::string_view without_fragment(std::string_view uri) { return uri.substr(0, uri.find('#')); }

bool is_registered(const Client& client, std::string_view uri) {
  return std::ranges::any_of(client.metadata.request_uris, [&](std::string_view registered) {
    return without_fragment(registered) == without_fragment(uri);
  });
}

bool is_type(const json::object& header) {
  if (!header.contains("typ")) return true;
  const auto typ = json_text(header, "typ").value_or("");
  return std::ranges::any_of(kTypes, [&](std::string_view known) {  //
    return is_media_type(typ, known);
  });
}

Result<void> judge_audience(const json::object& object, const Policy& policy) {
  const auto* aud = object.if_contains("aud");
  if (aud == nullptr) return {};
  const auto is_us = [&](const json::value& value) {
    return value.is_string() && std::string_view(value.get_string()) == policy.issuer;
  };
  const auto* list = aud->if_array();
  const bool ours = list != nullptr ? std::ranges::any_of(*list, is_us) : is_us(*aud);
  if (!ours) return refused(reason::request_object_audience, policy.issuer);
  return {};
}

// In whole seconds: a stranger's number may be further off than a Time reaches. Present but
// unreadable is refused too: nobody can say that it has not expired.
Result<void> judge_time(const json::object& object, Time now) {
  const auto is_in_past = [&](std::string_view name, Time now_at_most) {
    const auto seconds = json_seconds(object, name);
    return seconds && *seconds <= to_seconds(now_at_most);
  };
  const bool alive =
      !object.contains("exp") || (json_seconds(object, "exp") && !is_in_past("exp", now - kSkew));
  const auto has_begun = [&](std::string_view name) {
    return !object.contains(name) || is_in_past(name, now + kSkew);
  };
  if (!alive || !has_begun("nbf") || !has_begun("iat")) return refused(reason::request_object_time);
  return {};
}

// response_type is a set of words: their order says nothing.
bool is_same_type(std::string_view a, std::string_view b) {
  const auto known = parse_response_type(a);
  return a == b || (known && known == parse_response_type(b));
}

Result<void> judge_outside(const json::object& object, const Form& outer, const Client& client) {
  if (object.contains("client_id") && json_text(object, "client_id") != client.client_id) {
    return refused(reason::request_object_differs, client.client_id);
  }
  const auto outside = outer.get("response_type");
  if (outside && object.contains("response_type") &&
      !is_same_type(json_text(object, "response_type").value_or(""), *outside)) {
    return refused(reason::request_object_differs, excerpt(*outside));
  }
  return {};
}

Result<void> judge_object(const json::object& object, const Form& outer, const Client& client,
                          const Policy& policy, Time now) {
  if (object.contains("request") || object.contains("request_uri")) {
    return refused(reason::request_object_nested);
  }
  if (object.contains("iss") && json_text(object, "iss") != client.client_id) {
    return refused(reason::request_object_issuer, client.client_id);
  }
  // An assertion that authenticates the client elsewhere is signed by the same key.
  if (json_text(object, "sub") == client.client_id) return refused(reason::request_object_type);
  if (auto judged = judge_audience(object, policy); !judged) return judged;
  if (auto judged = judge_time(object, now); !judged) return judged;
  return judge_outside(object, outer, client);
}

// False: no parameter can have this value.
bool add_value(Form& form, std::string_view name, const json::value& value) {
  if (value.is_string()) {
    form.add(name, value.get_string());
  } else if (value.is_number() || value.is_bool()) {
    form.add(name, json::serialize(value));
  } else if (value.is_object() && name == "claims") {
    form.add(name, json::serialize(value));
  } else if (value.is_array() && name == "resource") {
    for (const auto& one : value.get_array()) {
      if (!one.is_string()) return false;
      form.add(name, one.get_string());
    }
  } else {
    return value.is_null();
  }
  return true;
}

Result<Form> parameters_of(const json::object& object) {
  Form form;
  for (const auto& [name, value] : object) {
    const std::string_view key = name;
    if (std::ranges::find(kOfTheJwt, key) != kOfTheJwt.end()) continue;
    if (has_control_character(key) || !add_value(form, key, value) ||
        form.fields().size() > limits::kFormFields) {
      return refused(reason::request_object_member, {}, excerpt(key));
    }
  }
  return form;
}

}  // namespace

Result<std::optional<RequestObject>> find_request_object(const Form& form, const Client& client) {
  const auto jwt = form.get("request");
  const auto uri = form.get("request_uri");
  if (!jwt && !uri) return std::nullopt;
  if ((jwt && uri) || form.repeated("request") || form.repeated("request_uri")) {
    return refused(reason::request_object_twice);
  }
  if (jwt) return RequestObject{.jwt = std::string(*jwt), .url = {}};
  if (client.profile != Profile::oidc_compat || !is_registered(client, *uri)) {
    return refused(reason::request_uri_not_offered, {}, excerpt(*uri));
  }
  return RequestObject{.jwt = {}, .url = std::string(without_fragment(*uri))};
}

std::string named_key(std::string_view jwt) {
  const auto peeked = crypto::peek_jws(jwt, limits::kRequestObjectBytes);
  return peeked ? std::string(json_text(peeked->header, "kid").value_or("")) : "";
}

Result<json::object> verify_request_object(std::string_view jwt, const crypto::JwkSet& keys,
                                           const Client& client) {
  const auto& registered = client.metadata.request_object_signing_alg;
  bool other_algorithm = false;
  const auto find = [&](crypto::Alg alg, std::string_view kid) {
    other_algorithm = !registered.empty() && crypto::to_string(alg) != registered;
    return other_algorithm ? std::vector<crypto::PublicKey>() : keys.for_verifying(alg, kid);
  };
  auto verified = crypto::verify_jws_with_any(jwt, "", find, limits::kRequestObjectBytes);
  if (other_algorithm) return refused(reason::request_object_algorithm, registered);
  if (!verified) {
    return refused(reason::request_object_signature, {},
                   std::string(crypto::to_string(verified.error())));
  }
  if (!is_type(verified->header)) return refused(reason::request_object_type);
  return std::move(verified->payload);
}

Result<Form> merge_request_object(const Form& outer, const json::object& object,
                                  const Client& client, const Policy& policy, Time now) {
  if (auto judged = judge_object(object, outer, client, policy, now); !judged) {
    return std::unexpected(std::move(judged.error()));
  }
  auto merged = parameters_of(object);
  if (!merged) return merged;
  // An empty value inside is a value: it hides the one outside.
  const auto inside = [&](std::string_view name) { return object.contains(name); };
  const bool openid = asks_openid(inside("scope") ? *merged : outer);
  const bool outer_counts = openid && client.profile != Profile::fapi2;
  for (const auto& [name, value] : outer.fields()) {
    if (name == "request" || name == "request_uri" || inside(name)) continue;
    if (outer_counts || name == "client_id") merged->add(name, value);
  }
  return merged;
}

}  // namespace claviger::protocol
