#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "demo/client/pages.hpp"

namespace claviger::demo {
namespace {

using List = kainjow::mustache::data::type;

struct Meaning {
  std::string_view claim;
  std::string_view text;
};
// OIDCC-2, OIDCC-5.1, OIDCFC-3
constexpr std::array kMeanings{
    Meaning{"iss", "who says so: the issuer that this client asked"},
    Meaning{"sub", "the person, by a name that never changes and nobody else has"},
    Meaning{"aud", "for whom this was said: this client and no other"},
    Meaning{"azp", "the client that asked for it"},
    Meaning{"exp", "not to be believed after"},
    Meaning{"iat", "when it was said"},
    Meaning{"auth_time", "when the person last proved who they are"},
    Meaning{"nonce", "what this client sent with the request: the answer is to that one"},
    Meaning{"acr", "how well they proved it"},
    Meaning{"amr", "by what means: pwd is a password"},
    Meaning{"at_hash", "a hash of the access token that came with it"},
    Meaning{"sid", "this sign-in; a logout will name it again"},
    Meaning{"name", "the whole name, to be shown"},
    Meaning{"given_name", "first name"},
    Meaning{"family_name", "last name"},
    Meaning{"preferred_username",
            "what they like to be called; may change, so it identifies nobody"},
    Meaning{"email", "where they can be written to"},
    Meaning{"email_verified", "whether Claviger knows that the address is theirs"},
    Meaning{"updated_at", "when any of this last changed"},
};

std::string_view meaning_of(std::string_view claim) {
  const auto found = std::ranges::find(kMeanings, claim, &Meaning::claim);
  return found == kMeanings.end() ? "" : found->text;
}

bool is_time(std::string_view claim) {
  constexpr std::array<std::string_view, 4> kTimes{"exp", "iat", "auth_time", "updated_at"};
  return std::ranges::find(kTimes, claim) != kTimes.end();
}

std::string claim_text(const boost::json::object& claims, const Field& field) {
  const auto time = is_time(field.name) ? time_of(claims, field.name) : std::nullopt;
  return time ? time_text(*time) : field.value;
}

Values claim_list(const boost::json::object& claims) {
  Values items(List::list);
  for (const auto& field : fields_of(claims)) {
    Values item;
    item.set("claim", field.name);
    item.set("value", claim_text(claims, field));
    item.set("meaning", std::string(meaning_of(field.name)));
    items.push_back(item);
  }
  return items;
}

void set_identity(Values& values, const Session* session) {
  const bool known = session != nullptr && session->identity.has_value();
  values.set("has_identity", known);
  values.set("offers_sign_out", session != nullptr && session->tokens.has_value());
  if (!known) return;
  const auto& claims = session->identity->claims;
  const auto& userinfo = session->userinfo;
  const auto name = json_text(userinfo, "name").value_or(session->identity->sub);
  values.set("person", std::string(name));
  values.set("claims", claim_list(claims));
  values.set("claim_count", std::to_string(claims.size()));
  values.set("has_userinfo", !userinfo.empty());
  values.set("userinfo", claim_list(userinfo));
}

void set_exchange(Values& values, const Session* session) {
  const bool exchanged = session != nullptr && session->exchanged.has_value();
  values.set("has_exchanged", exchanged);
  if (!exchanged) return;
  std::vector<Field> telling;
  for (const auto& field : session->exchanged->claims) {
    if (field.name == "scope" || field.name == "aud" || field.name == "act") {
      telling.push_back(field);
    }
  }
  values.set("exchanged", field_list(telling));
}

void set_device(Values& values, const Session* session) {
  using State = DeviceWait::State;
  const bool on = session != nullptr && session->device.has_value();
  values.set("has_device", on);
  values.set("device_waits", on && session->device->state == State::waiting);
  if (!on) return;
  const auto& device = *session->device;
  values.set("device_approved", device.state == State::approved);
  values.set("device_ended", device.state == State::ended);
  values.set("user_code", device.user_code);
  values.set("verification_uri", device.verification_uri);
  set_text(values, "complete_uri", device.verification_uri_complete);
  values.set("interval", std::to_string(device.interval.count()));
  values.set("refresh_after", std::to_string(device.interval.count() + 1));
  values.set("asked", std::to_string(device.asked));
  values.set("code_expires_at", time_text(device.expires));
  values.set("device_error", device.problem ? device.problem->error : "");
  values.set("device_reason", device.problem ? device.problem->title : "");
  set_text(values, "device_words", device.problem ? device.problem->description : "");
  values.set("device_access", field_list(device.access_claims));
  values.set("device_person", field_list(device.person_claims));
}

}  // namespace

void set_panels(Values& values, const Session* session) {
  set_identity(values, session);
  set_exchange(values, session);
  set_device(values, session);
  const bool waits =
      session != nullptr && session->device && session->device->state == DeviceWait::State::waiting;
  values.set("is_watched", waits || (session != nullptr && session->identity.has_value()));
  values.set("happened", std::to_string(session != nullptr ? session->happened : 0));
}

}  // namespace claviger::demo
