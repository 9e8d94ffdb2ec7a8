// Every grant against every event that ends it: the grants come from the registry, so that a new
// one can't be forgotten.
#include "protocol/gate.hpp"

#include <functional>

#include "protocol/acr.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

GateFacts open_gate(GrantType type) {
  GateFacts facts;
  facts.user = user();
  facts.client = confidential_client();
  facts.client->grant_types.assign(kAllGrantTypes.begin(), kAllGrantTypes.end());
  facts.grant_type = type;
  facts.epochs = {user().epoch, confidential_client().epoch, 4};
  facts.consent_epoch = 4;
  facts.session = session();
  facts.session_bound = true;
  facts.acr = kAcrPassword;
  facts.needed_acrs = {"urn:example:unheard-of", std::string(kAcrPassword)};
  return facts;
}

struct Event {
  std::string_view name;
  std::function<void(GateFacts&)> happens;
  std::string_view reason;
  ErrorCode code = ErrorCode::invalid_grant;
};

const std::vector<Event>& events() {
  static const std::vector<Event> all{
      {"user disabled", [](GateFacts& f) { f.user->disabled = true; }, "gate.user_disabled"},
      {"user deleted", [](GateFacts& f) { f.user.reset(); }, "gate.user_gone"},
      {"user epoch moved", [](GateFacts& f) { ++f.user->epoch; }, "gate.user_epoch"},
      {"client disabled", [](GateFacts& f) { f.client->disabled = true; }, "gate.client_disabled"},
      {"client deleted", [](GateFacts& f) { f.client.reset(); }, "gate.client_gone"},
      {"client epoch moved", [](GateFacts& f) { ++f.client->epoch; }, "gate.client_epoch"},
      {"grant type removed", [](GateFacts& f) { std::erase(f.client->grant_types, f.grant_type); },
       "gate.grant_type", ErrorCode::unauthorized_client},
      {"consent withdrawn", [](GateFacts& f) { ++f.consent_epoch; }, "gate.consent_withdrawn"},
      {"session ended", [](GateFacts& f) { f.session->ended_at = kNow; }, "gate.session_ended"},
      {"acr lost", [](GateFacts& f) { f.acr = "urn:example:weaker"; }, "gate.acr_lost"},
  };
  return all;
}

// TE-13, RT-07, CA-17, SE-14
TEST(SubjectGate, every_event_closes_it_for_every_grant) {
  for (const auto type : kAllGrantTypes) {
    EXPECT_EQ(outcome(subject_gate(open_gate(type))), "ok") << to_string(type);
    for (const auto& event : events()) {
      auto facts = open_gate(type);
      event.happens(facts);
      const auto judged = subject_gate(facts);
      EXPECT_EQ(outcome(judged), event.reason) << to_string(type) << ": " << event.name;
      if (!judged) {
        EXPECT_EQ(judged.error().code(), event.code) << event.name;
      }
    }
  }
}

// An epoch that went backwards (a restored backup) closes it as well: only equal is equal.
TEST(SubjectGate, epochs_are_compared_for_equality) {
  auto facts = open_gate(GrantType::refresh_token);
  --facts.user->epoch;
  EXPECT_EQ(outcome(subject_gate(facts)), "gate.user_epoch");
}

TEST(SubjectGate, expiry_by_time_ends_no_grant) {
  auto expired = open_gate(GrantType::refresh_token);
  expired.session->idle_expires_at = kNow - hours(1);
  expired.session->expires_at = kNow - hours(1);
  EXPECT_TRUE(subject_gate(expired));
  auto swept = open_gate(GrantType::refresh_token);
  swept.session.reset();
  EXPECT_TRUE(subject_gate(swept));
}

TEST(SubjectGate, an_unbound_grant_outlives_its_session) {
  auto facts = open_gate(GrantType::refresh_token);
  facts.session->ended_at = kNow;
  facts.session_bound = false;
  EXPECT_TRUE(subject_gate(facts));
}

// CA-22: a client's own token has no person behind it. What is said of clients counts all the same.
TEST(SubjectGate, without_a_person_the_client_alone_is_judged) {
  auto alone = open_gate(GrantType::client_credentials);
  alone.user.reset();
  alone.session.reset();
  alone.has_person = false;
  EXPECT_EQ(outcome(subject_gate(alone)), "ok");
  for (const auto& event : events()) {
    if (!event.name.starts_with("client") && !event.name.starts_with("grant")) continue;
    auto facts = alone;
    event.happens(facts);
    EXPECT_EQ(outcome(subject_gate(facts)), event.reason) << event.name;
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
