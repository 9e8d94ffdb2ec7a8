// Every grant against every event that ends it: the grants come from the registry, so that a new
// one can't be forgotten.
#include "protocol/gate.hpp"

#include <functional>

#include "protocol/acr.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

// The facts, and who they are about.
struct Held : GateFacts {
  std::optional<User> person;
  std::optional<Client> record;
};

Result<void> judged(const Held& held) {
  GateFacts facts = held;
  facts.user = held.person ? &*held.person : nullptr;
  facts.client = held.record ? &*held.record : nullptr;
  return subject_gate(facts);
}

Held open_gate(GrantType type) {
  Held facts;
  facts.person = user();
  facts.record = confidential_client();
  facts.record->grant_types.assign(kAllGrantTypes.begin(), kAllGrantTypes.end());
  facts.grant_type = type;
  facts.epochs = {user().epoch, confidential_client().epoch, 4};
  facts.consent_epoch = 4;
  facts.session_bound = true;
  facts.acr = kAcrPassword;
  facts.needed_acrs = {"urn:example:unheard-of", std::string(kAcrPassword)};
  return facts;
}

struct Event {
  std::string_view name;
  std::function<void(Held&)> happens;
  std::string_view reason;
  ErrorCode code = ErrorCode::invalid_grant;
};

const std::vector<Event>& events() {
  static const std::vector<Event> all{
      {"user disabled", [](Held& f) { f.person->disabled = true; }, "gate.user_disabled"},
      {"user deleted", [](Held& f) { f.person.reset(); }, "gate.user_gone"},
      {"user epoch moved", [](Held& f) { ++f.person->epoch; }, "gate.user_epoch"},
      {"client disabled", [](Held& f) { f.record->disabled = true; }, "gate.client_disabled"},
      {"client deleted", [](Held& f) { f.record.reset(); }, "gate.client_gone"},
      {"client epoch moved", [](Held& f) { ++f.record->epoch; }, "gate.client_epoch"},
      {"grant type removed", [](Held& f) { std::erase(f.record->grant_types, f.grant_type); },
       "gate.grant_type", ErrorCode::unauthorized_client},
      {"consent withdrawn", [](Held& f) { ++f.consent_epoch; }, "gate.consent_withdrawn"},
      {"session ended", [](Held& f) { f.session_ended = true; }, "gate.session_ended"},
      {"acr lost", [](Held& f) { f.acr = "urn:example:weaker"; }, "gate.acr_lost"},
  };
  return all;
}

// TE-13, RT-07, CA-17, SE-14
TEST(SubjectGate, every_event_closes_it_for_every_grant) {
  for (const auto type : kAllGrantTypes) {
    EXPECT_EQ(outcome(judged(open_gate(type))), "ok") << to_string(type);
    for (const auto& event : events()) {
      auto facts = open_gate(type);
      event.happens(facts);
      const auto now = judged(facts);
      EXPECT_EQ(outcome(now), event.reason) << to_string(type) << ": " << event.name;
      if (!now) {
        EXPECT_EQ(now.error().code(), event.code) << event.name;
      }
    }
  }
}

// An epoch that went backwards (a restored backup) closes it as well: only equal is equal.
TEST(SubjectGate, epochs_are_compared_for_equality) {
  auto facts = open_gate(GrantType::refresh_token);
  --facts.person->epoch;
  EXPECT_EQ(outcome(judged(facts)), "gate.user_epoch");
}

TEST(SubjectGate, an_unbound_grant_outlives_its_session) {
  auto facts = open_gate(GrantType::refresh_token);
  facts.session_ended = true;
  facts.session_bound = false;
  EXPECT_TRUE(judged(facts));
}

// CA-22: a client's own token has no person behind it. What is said of clients counts all the same.
TEST(SubjectGate, without_a_person_the_client_alone_is_judged) {
  auto alone = open_gate(GrantType::client_credentials);
  alone.person.reset();
  alone.has_person = false;
  EXPECT_EQ(outcome(judged(alone)), "ok");
  for (const auto& event : events()) {
    if (!event.name.starts_with("client") && !event.name.starts_with("grant")) continue;
    auto facts = alone;
    event.happens(facts);
    EXPECT_EQ(outcome(judged(facts)), event.reason) << event.name;
  }
}

// OIDCC-5.5.1.1
TEST(SubjectGate, a_class_satisfies_itself_and_those_before_it) {
  const std::string strongest(kAllAcrs.back());
  for (const auto acr : kAllAcrs) {
    EXPECT_TRUE(is_worth(strongest, {std::string(acr)})) << acr;
    EXPECT_FALSE(is_worth("urn:example:unheard-of", {std::string(acr)})) << acr;
  }
  EXPECT_TRUE(is_worth("urn:example:unheard-of", {"urn:example:unheard-of"}));
  EXPECT_FALSE(is_worth(strongest, {"urn:example:unheard-of"}));
  EXPECT_FALSE(is_worth(strongest, {}));
}

// A new kind of grant has a word, and the registry knows it.
TEST(SubjectGate, the_registry_names_every_grant) {
  for (const auto type : kAllGrantTypes) EXPECT_EQ(parse_grant_type(to_string(type)), type);
}

}  // namespace
}  // namespace claviger::protocol::test
