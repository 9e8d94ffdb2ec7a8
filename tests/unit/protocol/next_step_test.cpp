#include "protocol/authorize/next_step.hpp"

#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

Transaction transaction() {
  Transaction transaction;
  transaction.id = id(21);
  transaction.client_id = "demo";
  transaction.redirect_uri = kRedirect;
  transaction.scopes = {"username", "email"};
  transaction.code_challenge = kChallenge;
  transaction.created_at = kNow - minutes(1);
  transaction.expires_at = kNow + minutes(14);
  return transaction;
}

// Signed in, consent remembered: a code may be issued without any page.
Facts facts() {
  Facts facts;
  facts.transaction = transaction();
  facts.client = public_client();
  facts.session = session();
  facts.user = user();
  facts.consent = Consent{user().sub, "demo", {"username", "email", "phone"}, 0, kNow - hours(1)};
  return facts;
}

std::string name_of(const NextStep& step) {
  struct Names {
    std::string operator()(const AskLogin& ask) const {
      return ask.reauthenticate ? "login again" : "login";
    }
    std::string operator()(const AskConsent&) const { return "consent"; }
    std::string operator()(const IssueCode&) const { return "code"; }
    std::string operator()(const SentToClient& sent) const {
      return "client: " + std::string(to_string(sent.error.code()));
    }
    std::string operator()(const ShownToUser& shown) const {
      return "page: " + std::string(shown.error.reason->id);
    }
  };
  return std::visit(Names{}, step);
}

struct Row {
  std::string_view what;
  void (*spoil)(Facts&);
  std::string_view step;
  std::string_view with_prompt_none;  // what prompt=none makes of it
};

constexpr Row kRows[] = {
    {"nothing spoiled", [](Facts&) {}, "code", "code"},
    {"CI-18 answered already", [](Facts& f) { f.transaction.finished_at = kNow; },
     "page: transaction.finished", "page: transaction.finished"},
    {"left open too long", [](Facts& f) { f.transaction.expires_at = kNow; },
     "page: transaction.expired", "page: transaction.expired"},
    {"CA-17 client disabled meanwhile", [](Facts& f) { f.client.disabled = true; },
     "page: authorize.client_disabled", "page: authorize.client_disabled"},
    {"CI-18 grant type taken away", [](Facts& f) { f.client.grant_types.clear(); },
     "client: unauthorized_client", "client: unauthorized_client"},
    {"CI-18 PKCE demanded since", [](Facts& f) { f.transaction.code_challenge.reset(); },
     "client: invalid_request", "client: invalid_request"},
    {"CI-18 scope taken away", [](Facts& f) { f.client.scopes = {"username"}; },
     "client: invalid_scope", "client: invalid_scope"},
    {"nobody signed in",
     [](Facts& f) {
       f.session.reset();
       f.user.reset();
     },
     "login", "client: login_required"},
    {"SE-04 user deleted", [](Facts& f) { f.user.reset(); }, "login", "client: login_required"},
    {"SE-04 user disabled", [](Facts& f) { f.user->disabled = true; }, "login",
     "client: login_required"},
    {"SE-04 credentials changed", [](Facts& f) { ++f.user->epoch; }, "login",
     "client: login_required"},
    {"SE-03 session of somebody else", [](Facts& f) { f.user->sub = "B"; }, "login",
     "client: login_required"},
    {"session ended", [](Facts& f) { f.session->ended_at = kNow; }, "login",
     "client: login_required"},
    {"session idle too long", [](Facts& f) { f.session->idle_expires_at = kNow; }, "login",
     "client: login_required"},
    {"session expired", [](Facts& f) { f.session->expires_at = kNow; }, "login",
     "client: login_required"},
    {"CI-24 prompt=login", [](Facts& f) { f.transaction.must_login = true; }, "login again",
     "client: login_required"},
    {"prompt=login, signed in since",
     [](Facts& f) {
       f.transaction.must_login = true;
       f.session->auth_time = f.transaction.created_at + 1us;
     },
     "code", "code"},
    {"CI-24 prompt=login, signed in at the same moment",
     [](Facts& f) {
       f.transaction.must_login = true;
       f.session->auth_time = f.transaction.created_at;
     },
     "login again", "client: login_required"},
    {"max_age not reached", [](Facts& f) { f.transaction.max_age = 301; }, "code", "code"},
    {"CI-24 max_age reached", [](Facts& f) { f.transaction.max_age = 300; }, "login again",
     "client: login_required"},
    {"CI-24 max_age=0", [](Facts& f) { f.transaction.max_age = 0; }, "login again",
     "client: login_required"},
    {"max_age=0, signed in for this request",
     [](Facts& f) {
       f.transaction.max_age = 0;
       f.session->auth_time = f.transaction.created_at + 1s;
     },
     "code", "code"},
    {"no consent yet", [](Facts& f) { f.consent.reset(); }, "consent", "client: consent_required"},
    {"more scope than remembered", [](Facts& f) { f.consent->scopes = {"username"}; }, "consent",
     "client: consent_required"},
    {"consent of somebody else", [](Facts& f) { f.consent->sub = "B"; }, "consent",
     "client: consent_required"},
    {"consent for another client", [](Facts& f) { f.consent->client_id = "other"; }, "consent",
     "client: consent_required"},
    {"prompt=consent", [](Facts& f) { f.transaction.must_consent = true; }, "consent",
     "client: consent_required"},
    {"approved just now",
     [](Facts& f) {
       f.consent.reset();
       f.transaction.must_consent = true;
       f.transaction.consented_sub = f.user->sub;
     },
     "code", "code"},
    {"SE-11 approved by another person",
     [](Facts& f) {
       f.consent.reset();
       f.transaction.consented_sub = "B";
     },
     "consent", "client: consent_required"},
    {"RFC8252-8.6 native client",
     [](Facts& f) { f.client.application_type = ApplicationType::native; }, "consent",
     "client: interaction_required"},
    {"native client, approved just now",
     [](Facts& f) {
       f.client.application_type = ApplicationType::native;
       f.transaction.consented_sub = f.user->sub;
     },
     "code", "code"},
    {"loopback port other than the registered one",
     [](Facts& f) {
       f.client.redirect_uris = {"http://127.0.0.1:1/cb"};
       f.transaction.redirect_uri = "http://127.0.0.1:2/cb";
     },
     "consent", "client: interaction_required"},
};

// OIDCC-3.1.2.1, OIDCC-3.1.2.3, OIDCC-3.1.2.6; CI-23: prompt=none never becomes a page of ours.
TEST(NextStep, follows_from_the_facts) {
  for (const auto& row : kRows) {
    auto spoiled = facts();
    row.spoil(spoiled);
    EXPECT_EQ(name_of(decide_next_step(spoiled, kNow)), row.step) << row.what;
    spoiled.prompt_none = true;
    EXPECT_EQ(name_of(decide_next_step(spoiled, kNow)), row.with_prompt_none) << row.what;
  }
}

// The first obstacle counts: login before consent, the transaction before both.
TEST(NextStep, obstacles_have_an_order) {
  auto both = facts();
  both.session.reset();
  both.consent.reset();
  EXPECT_EQ(name_of(decide_next_step(both, kNow)), "login");
  both.transaction.finished_at = kNow;
  EXPECT_EQ(name_of(decide_next_step(both, kNow)), "page: transaction.finished");
}

TEST(NextStep, the_code_is_for_the_person_signed_in) {
  const auto step = decide_next_step(facts(), kNow);
  ASSERT_TRUE(std::holds_alternative<IssueCode>(step));
  EXPECT_EQ(std::get<IssueCode>(step).user.sub, user().sub);
  EXPECT_EQ(std::get<IssueCode>(step).session.id, session().id);
}

}  // namespace
}  // namespace claviger::protocol::test
