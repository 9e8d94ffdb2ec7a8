#include "protocol/authorize/next_step.hpp"

#include "protocol/acr.hpp"
#include "protocol/authorize/demands.hpp"
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
struct Scene : Facts {
  Client record;
};
Scene facts() {
  Scene facts;
  facts.transaction = transaction();
  facts.record = public_client();
  facts.session = session();
  facts.session->acr = kAcrPassword;
  facts.user = user();
  facts.subject = "as-the-client-sees-ada";
  facts.consent = Consent{user().sub, "demo", {"username", "email", "phone"}, 0, kNow - hours(1)};
  return facts;
}

NextStep decide(Scene scene, Time now) {
  scene.client = shared(scene.record);
  return decide_next_step(scene, now);
}

std::string name_of(const NextStep& step) {
  struct Names {
    std::string operator()(const AskLogin& ask) const {
      return ask.reauthenticate ? "login again" : "login";
    }
    std::string operator()(const AskSignUp&) const { return "sign up"; }
    std::string operator()(const AskAccount&) const { return "account"; }
    std::string operator()(const AskConsent&) const { return "consent"; }
    std::string operator()(const Issue&) const { return "issue"; }
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
  void (*spoil)(Scene&);
  std::string_view step;
  std::string_view with_prompt_none;  // what prompt=none makes of it
};

constexpr Row kRows[] = {
    {"nothing spoiled", [](Scene&) {}, "issue", "issue"},
    {"CI-18 answered already", [](Scene& f) { f.transaction.finished_at = kNow; },
     "page: transaction.finished", "page: transaction.finished"},
    {"left open too long", [](Scene& f) { f.transaction.expires_at = kNow; },
     "page: transaction.expired", "page: transaction.expired"},
    {"CA-17 client disabled meanwhile", [](Scene& f) { f.record.disabled = true; },
     "page: authorize.client_disabled", "page: authorize.client_disabled"},
    {"CI-18 grant type taken away", [](Scene& f) { f.record.grant_types.clear(); },
     "client: unauthorized_client", "client: unauthorized_client"},
    {"CI-18 PKCE demanded since", [](Scene& f) { f.transaction.code_challenge.reset(); },
     "client: invalid_request", "client: invalid_request"},
    {"CI-18 scope taken away", [](Scene& f) { f.record.scopes = {"username"}; },
     "client: invalid_scope", "client: invalid_scope"},
    {"nobody signed in",
     [](Scene& f) {
       f.session.reset();
       f.user.reset();
     },
     "login", "client: login_required"},
    {"SE-04 user deleted", [](Scene& f) { f.user.reset(); }, "login", "client: login_required"},
    {"SE-04 user disabled", [](Scene& f) { f.user->disabled = true; }, "login",
     "client: login_required"},
    {"SE-04 credentials changed", [](Scene& f) { ++f.user->epoch; }, "login",
     "client: login_required"},
    {"SE-03 session of somebody else", [](Scene& f) { f.user->sub = "B"; }, "login",
     "client: login_required"},
    {"session ended", [](Scene& f) { f.session->ended_at = kNow; }, "login",
     "client: login_required"},
    {"session idle too long", [](Scene& f) { f.session->idle_expires_at = kNow; }, "login",
     "client: login_required"},
    {"session expired", [](Scene& f) { f.session->expires_at = kNow; }, "login",
     "client: login_required"},
    {"CI-24 prompt=login", [](Scene& f) { f.transaction.must_login = true; }, "login again",
     "client: login_required"},
    {"prompt=login, signed in since",
     [](Scene& f) {
       f.transaction.must_login = true;
       f.session->auth_time = f.transaction.created_at + 1us;
     },
     "issue", "issue"},
    {"CI-24 prompt=login, signed in at the same moment",
     [](Scene& f) {
       f.transaction.must_login = true;
       f.session->auth_time = f.transaction.created_at;
     },
     "login again", "client: login_required"},
    {"max_age not reached", [](Scene& f) { f.transaction.max_age = 301; }, "issue", "issue"},
    {"CI-24 max_age reached", [](Scene& f) { f.transaction.max_age = 300; }, "login again",
     "client: login_required"},
    {"CI-24 max_age=0", [](Scene& f) { f.transaction.max_age = 0; }, "login again",
     "client: login_required"},
    {"max_age=0, signed in for this request",
     [](Scene& f) {
       f.transaction.max_age = 0;
       f.session->auth_time = f.transaction.created_at + 1s;
     },
     "issue", "issue"},
    {"no consent yet", [](Scene& f) { f.consent.reset(); }, "consent", "client: consent_required"},
    {"more scope than remembered", [](Scene& f) { f.consent->scopes = {"username"}; }, "consent",
     "client: consent_required"},
    {"CI-27 a claim that nobody allowed is wanted by name",
     [](Scene& f) { f.to_allow = {"username", "email", "address"}; }, "consent",
     "client: consent_required"},
    {"consent of somebody else", [](Scene& f) { f.consent->sub = "B"; }, "consent",
     "client: consent_required"},
    {"consent for another client", [](Scene& f) { f.consent->client_id = "other"; }, "consent",
     "client: consent_required"},
    {"prompt=consent", [](Scene& f) { f.transaction.must_consent = true; }, "consent",
     "client: consent_required"},
    {"approved just now",
     [](Scene& f) {
       f.consent.reset();
       f.transaction.must_consent = true;
       f.transaction.consented_sub = f.user->sub;
     },
     "issue", "issue"},
    {"SE-11 approved by another person",
     [](Scene& f) {
       f.consent.reset();
       f.transaction.consented_sub = "B";
     },
     "consent", "client: consent_required"},
    {"RFC8252-8.6 native client",
     [](Scene& f) { f.record.application_type = ApplicationType::native; }, "consent",
     "client: interaction_required"},
    {"native client, approved just now",
     [](Scene& f) {
       f.record.application_type = ApplicationType::native;
       f.transaction.consented_sub = f.user->sub;
     },
     "issue", "issue"},
    {"loopback port other than the registered one",
     [](Scene& f) {
       f.record.redirect_uris = {"http://127.0.0.1:1/cb"};
       f.transaction.redirect_uri = "http://127.0.0.1:2/cb";
     },
     "consent", "client: interaction_required"},
    {"C5.11 max_age=10000 does not ask again", [](Scene& f) { f.transaction.max_age = 10000; },
     "issue", "issue"},
    {"C5.12 id_token_hint of whoever is signed in",
     [](Scene& f) { f.transaction.hinted_sub = f.subject; }, "issue", "issue"},
    {"CI-25 id_token_hint of another person",
     [](Scene& f) { f.transaction.hinted_sub = "somebody-else"; }, "login",
     "client: login_required"},
    {"CI-25 id_token_hint, another person signed in for this",
     [](Scene& f) {
       f.transaction.hinted_sub = "somebody-else";
       f.session->auth_time = f.transaction.created_at + 1us;
     },
     "client: login_required", "client: login_required"},
    {"OIDCC-5.5.1 claims name this person",
     [](Scene& f) {
       f.transaction.claims = R"({"id_token":{"sub":{"value":"as-the-client-sees-ada"}}})";
     },
     "issue", "issue"},
    {"OIDCC-5.5.1 claims name this person among others",
     [](Scene& f) {
       f.transaction.claims = R"({"id_token":{"sub":{"values":["x","as-the-client-sees-ada"]}}})";
     },
     "issue", "issue"},
    {"OIDCC-5.5.1 claims name somebody else",
     [](Scene& f) { f.transaction.claims = R"({"id_token":{"sub":{"value":"x"}}})"; }, "login",
     "client: login_required"},
    {"OIDCC-5.5.1 claims name somebody who is no text",
     [](Scene& f) { f.transaction.claims = R"({"id_token":{"sub":{"value":7}}})"; }, "login",
     "client: login_required"},
    {"C5.14 a claim wanted for userinfo says nothing of the sign-in",
     [](Scene& f) { f.transaction.claims = R"({"userinfo":{"sub":{"value":"x"}}})"; }, "issue",
     "issue"},
    {"C5.9 acr_values are a wish", [](Scene& f) { f.transaction.acr_values = {"1", "2"}; }, "issue",
     "issue"},
    {"C5.9 voluntary acr",
     [](Scene& f) { f.transaction.claims = R"({"id_token":{"acr":{"values":["9"]}}})"; }, "issue",
     "issue"},
    {"OIDCC-5.5.1.1 essential acr, any",
     [](Scene& f) { f.transaction.claims = R"({"id_token":{"acr":{"essential":true}}})"; }, "issue",
     "issue"},
    {"OIDCC-5.5.1.1 essential acr that the session has",
     [](Scene& f) {
       f.transaction.claims =
           R"({"id_token":{"acr":{"essential":true,"values":["9","urn:claviger:acr:1"]}}})";
     },
     "issue", "issue"},
    {"OIDCC-5.5.1.1 essential acr that nobody can have",
     [](Scene& f) {
       f.transaction.claims = R"({"id_token":{"acr":{"essential":true,"value":"9"}}})";
     },
     "client: unmet_authentication_requirements", "client: unmet_authentication_requirements"},
    {"OIDCC-5.5.1.1 nobody can have it, nobody is signed in",
     [](Scene& f) {
       f.session.reset();
       f.user.reset();
       f.transaction.claims = R"({"id_token":{"acr":{"essential":true,"value":"9"}}})";
     },
     "client: unmet_authentication_requirements", "client: unmet_authentication_requirements"},
    {"SE-12 a sign-in that is worth too little",
     [](Scene& f) {
       f.session->acr.clear();
       f.transaction.claims =
           R"({"id_token":{"acr":{"essential":true,"value":"urn:claviger:acr:1"}}})";
     },
     "login again", "client: login_required"},
    {"SE-12 worth too little, made for this very request",
     [](Scene& f) {
       f.session->acr.clear();
       f.session->auth_time = f.transaction.created_at + 1us;
       f.transaction.claims =
           R"({"id_token":{"acr":{"essential":true,"value":"urn:claviger:acr:1"}}})";
     },
     "client: unmet_authentication_requirements", "client: unmet_authentication_requirements"},
    {"CI-18 response type taken away",
     [](Scene& f) { f.transaction.response_type = {.code = true, .id_token = true}; },
     "client: unauthorized_client", "client: unauthorized_client"},
};

// Wishes that prompt=none can't stand beside.
constexpr Row kWishes[] = {
    {"OIDCC-3.1.2.1 select_account",
     [](Scene& f) { f.transaction.select_account = true; },
     "account",
     {}},
    {"select_account, nobody signed in",
     [](Scene& f) {
       f.transaction.select_account = true;
       f.session.reset();
       f.user.reset();
     },
     "login",
     {}},
    {"select_account, signed in since",
     [](Scene& f) {
       f.transaction.select_account = true;
       f.session->auth_time = f.transaction.created_at + 1us;
     },
     "issue",
     {}},
    {"login and select_account",
     [](Scene& f) { f.transaction.select_account = f.transaction.must_login = true; },
     "login again",
     {}},
    {"prompt=create, nobody signed in",
     [](Scene& f) {
       f.transaction.wants_account = true;
       f.session.reset();
       f.user.reset();
     },
     "sign up",
     {}},
    {"prompt=create, somebody signed in",
     [](Scene& f) { f.transaction.wants_account = true; },
     "sign up",
     {}},
    {"prompt=create, signed up since",
     [](Scene& f) {
       f.transaction.wants_account = true;
       f.session->auth_time = f.transaction.created_at + 1us;
     },
     "issue",
     {}},
};

TEST(NextStep, wishes_for_a_page) {
  for (const auto& row : kWishes) {
    auto spoiled = facts();
    row.spoil(spoiled);
    EXPECT_EQ(name_of(decide(spoiled, kNow)), row.step) << row.what;
  }
}

// SE-14, OAUTH21-10.1: each kind of answer has its own permission, asked again at the last moment.
TEST(NextStep, SE_14_tokens_need_the_profile_the_type_and_the_grant) {
  auto hybrid = facts();
  hybrid.transaction.response_type = {.code = true, .id_token = true, .token = true};
  hybrid.record.profile = Profile::oidc_compat;
  hybrid.record.response_types = {hybrid.transaction.response_type};
  hybrid.record.grant_types = {GrantType::authorization_code, GrantType::implicit};
  EXPECT_EQ(name_of(decide(hybrid, kNow)), "issue");
  auto spoiled = hybrid;
  spoiled.record.profile = Profile::standard;
  EXPECT_EQ(name_of(decide(spoiled, kNow)), "client: unauthorized_client");
  spoiled = hybrid;
  spoiled.record.response_types = {kCodeOnly};
  EXPECT_EQ(name_of(decide(spoiled, kNow)), "client: unauthorized_client");
  spoiled = hybrid;
  spoiled.record.grant_types = {GrantType::authorization_code};
  EXPECT_EQ(name_of(decide(spoiled, kNow)), "client: unauthorized_client");
  spoiled = hybrid;
  spoiled.record.grant_types = {GrantType::implicit};
  EXPECT_EQ(name_of(decide(spoiled, kNow)), "client: unauthorized_client");
}

// OIDCC-3.1.2.1, OIDCC-3.1.2.3, OIDCC-3.1.2.6; CI-23: prompt=none never becomes a page of ours.
TEST(NextStep, follows_from_the_facts) {
  for (const auto& row : kRows) {
    auto spoiled = facts();
    row.spoil(spoiled);
    EXPECT_EQ(name_of(decide(spoiled, kNow)), row.step) << row.what;
    spoiled.prompt_none = true;
    EXPECT_EQ(name_of(decide(spoiled, kNow)), row.with_prompt_none) << row.what;
  }
}

// The first obstacle counts: login before consent, the transaction before both.
TEST(NextStep, obstacles_have_an_order) {
  auto both = facts();
  both.session.reset();
  both.consent.reset();
  EXPECT_EQ(name_of(decide(both, kNow)), "login");
  both.transaction.finished_at = kNow;
  EXPECT_EQ(name_of(decide(both, kNow)), "page: transaction.finished");
}

}  // namespace
}  // namespace claviger::protocol::test
