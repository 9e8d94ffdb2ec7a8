#include "protocol/grants/authorization_code.hpp"

#include "protocol/authorize/pkce.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

OpaqueToken token(std::uint64_t seed = 31) {
  claviger::test::ScriptedRandom random(seed);
  return OpaqueToken::make(kNow, random);
}

// A presentation that succeeds: a public client with PKCE.
struct Presented {
  CodeRequest request{Secret("unused"), std::string(kRedirect), std::string(kVerifier)};
  OpaqueToken token = test::token();
  std::optional<Code> code = Code{};
  Client client = public_client();
  Time now = kNow;

  Presented() {
    code->selector = token.selector;
    code->verifier_hash = crypto::sha256(ByteView(token.verifier));
    code->client_id = "demo";
    code->sub = user().sub;
    code->session = session().id;
    code->redirect_uri = kRedirect;
    code->redirect_uri_sent = true;
    code->scopes = {"username"};
    code->code_challenge = kChallenge;
    code->auth_time = session().auth_time;
    code->epochs = {2, 3, 4};
    code->issued_at = kNow;
    code->expires_at = kNow + 60s;
    code->storage_epoch = kStorageEpoch;
  }

  // A confidential client that does without PKCE.
  static Presented without_pkce() {
    Presented p;
    p.client = confidential_client();
    p.code->code_challenge.reset();
    p.request.code_verifier.reset();
    return p;
  }

  std::expected<void, RefusedCode> judge() const {
    return judge_code_presentation(request, token, code ? &*code : nullptr, authenticated(client),
                                   now);
  }
};

struct Row {
  std::string_view id;
  void (*spoil)(Presented&);
  std::string_view reason;
  Consequence consequence;
  ErrorCode code = ErrorCode::invalid_grant;
};

void expect(const Presented& presented, const Row& row) {
  const auto judged = presented.judge();
  if (row.reason == "ok") {
    EXPECT_TRUE(judged) << row.id << judged.error().error.reason->id;
    return;
  }
  ASSERT_FALSE(judged) << row.id;
  EXPECT_EQ(judged.error().error.reason->id, row.reason) << row.id;
  EXPECT_EQ(judged.error().consequence, row.consequence) << row.id;
  EXPECT_EQ(judged.error().error.code(), row.code) << row.id;
}

constexpr auto kNone = Consequence::none;
constexpr auto kCount = Consequence::count_failure;

// RFC6749-4.1.2, RFC6749-4.1.3, RFC6749-10.5, RFC7636-4.1, RFC7636-4.6, OAUTH21-4.1.3
TEST(CodePresentation, with_pkce) {
  const Row rows[] = {
      {"valid", [](Presented&) {}, "ok", kNone},
      {"CI-11 unknown", [](Presented& p) { p.code.reset(); }, "code.unknown", kNone},
      {"CI-11 forged verifier", [](Presented& p) { p.token.verifier[31] ^= 1; }, "code.unknown",
       kNone},
      {"CI-10 another client", [](Presented& p) { p.client.client_id = "other"; },
       "code.other_client", kCount},
      {"CI-12 expired", [](Presented& p) { p.now = kNow + 60s; }, "code.expired", kNone},
      {"last moment", [](Presented& p) { p.now = kNow + 60s - 1us; }, "ok", kNone},
      {"CI-12 replay after expiry is told apart from one that expired",
       [](Presented& p) {
         p.now = kNow + 90s;
         p.code->redeemed_at = kNow + 1s;
       },
       "ok", kNone},
      {"restored data", [](Presented& p) { p.code->of_another_epoch = true; }, "code.other_epoch",
       kNone},
      {"a replay after restored data is a replay",
       [](Presented& p) {
         p.code->of_another_epoch = true;
         p.code->redeemed_at = kNow + 1s;
       },
       "ok", kNone},
      {"CI-14 redirect_uri left out, the verifier proves",
       [](Presented& p) { p.request.redirect_uri.reset(); }, "ok", kNone},
      {"CI-14 another redirect_uri",
       [](Presented& p) { p.request.redirect_uri = "https://evil.example/"; },
       "code.redirect_uri_mismatch", kCount},
      {"CI-06 verifier left out", [](Presented& p) { p.request.code_verifier.reset(); },
       "code.verifier_missing", kCount},
      {"CI-02 another verifier",
       [](Presented& p) { p.request.code_verifier = std::string(43, 'a'); }, "code.pkce_mismatch",
       kCount},
      {"CI-08 42 characters", [](Presented& p) { p.request.code_verifier = std::string(42, 'a'); },
       "code.verifier_malformed", kCount},
      {"CI-08 129 characters",
       [](Presented& p) { p.request.code_verifier = std::string(129, 'a'); },
       "code.verifier_malformed", kCount},
      {"CI-08 padding", [](Presented& p) { *p.request.code_verifier += '='; },
       "code.verifier_malformed", kCount},
      {"CI-08 the challenge itself", [](Presented& p) { p.request.code_verifier = kChallenge; },
       "code.pkce_mismatch", kCount},
  };
  for (const auto& row : rows) {
    Presented presented;
    row.spoil(presented);
    expect(presented, row);
  }
}

// OAUTH21-10.2, RFC9700-4.8
TEST(CodePresentation, without_pkce) {
  const Row rows[] = {
      {"valid", [](Presented&) {}, "ok", kNone},
      {"CI-05 challenge stripped", [](Presented& p) { p.request.code_verifier = kVerifier; },
       "code.verifier_unexpected", Consequence::burn_code, ErrorCode::invalid_request},
      {"CI-14 redirect_uri left out", [](Presented& p) { p.request.redirect_uri.reset(); },
       "code.redirect_uri_missing", kNone, ErrorCode::invalid_request},
      {"left out at both endpoints",
       [](Presented& p) {
         p.request.redirect_uri.reset();
         p.code->redirect_uri_sent = false;
       },
       "ok", kNone},
      {"CI-14 left out at first, another one now",
       [](Presented& p) {
         p.request.redirect_uri = "https://evil.example/";
         p.code->redirect_uri_sent = false;
       },
       "code.redirect_uri_mismatch", kCount},
      {"CI-18 PKCE demanded since", [](Presented& p) { p.client.require_pkce = true; },
       "code.pkce_required", kNone},
  };
  for (const auto& row : rows) {
    auto presented = Presented::without_pkce();
    row.spoil(presented);
    expect(presented, row);
  }
}

// CI-02: who can't show the code learns nothing about it.
TEST(CodePresentation, CI_02_a_forged_code_says_nothing) {
  Presented forged;
  forged.token.verifier[0] ^= 1;
  forged.client.client_id = "other";
  forged.now = kNow + hours(1);
  EXPECT_EQ(forged.judge().error().error.reason->id, "code.unknown");
}

// CI-01, CI-03
TEST(CodeReplay, CI_03_a_race_revokes_nothing) {
  const auto before = judge_replay(kNow, kNow + 1us);
  const auto same = judge_replay(kNow, kNow);
  const auto after = judge_replay(kNow + 1us, kNow);
  EXPECT_EQ(before.error.reason->id, "code.race");
  EXPECT_EQ(before.consequence, Consequence::none);
  EXPECT_EQ(same.consequence, Consequence::none);
  EXPECT_EQ(after.error.reason->id, "code.reuse");  // CI-01
  EXPECT_EQ(after.consequence, Consequence::revoke_grant);
  EXPECT_EQ(after.error.code(), ErrorCode::invalid_grant);
  EXPECT_EQ(before.error.reason->description, after.error.reason->description);
}

TEST(ParseCode, is_exact) {
  const auto text = token().text();
  ASSERT_TRUE(parse_code(text));
  EXPECT_EQ(parse_code(text)->selector, token().selector);
  EXPECT_FALSE(parse_code(Secret(std::string(text.reveal()) + "A")));
  EXPECT_FALSE(parse_code(Secret("")));
}

IssuePlan plan(const Code& code, const Client& client) {
  return plan_issue(code, client, policy(), id(41), id(42), "refresh-1", kStorageEpoch, kNow);
}

TEST(PlanIssue, copies_what_was_granted) {
  const auto code = *Presented().code;
  const auto made = plan(code, public_client());
  EXPECT_EQ(made.grant.id, id(41));
  EXPECT_EQ(made.grant.client_id, "demo");
  EXPECT_EQ(made.grant.sub, code.sub);
  EXPECT_EQ(made.grant.session, code.session);
  EXPECT_FALSE(made.grant.session_bound);
  EXPECT_EQ(made.grant.scopes, code.scopes);
  EXPECT_EQ(made.grant.epochs, code.epochs);
  EXPECT_EQ(made.grant.auth_time, code.auth_time);
  EXPECT_EQ(made.grant.created_at, kNow);
  ASSERT_TRUE(made.family);
  EXPECT_EQ(made.family->id, id(42));
  EXPECT_EQ(made.family->grant, id(41));
  EXPECT_EQ(made.family->counter, 1);
  EXPECT_EQ(made.family->mac_kid, "refresh-1");
  EXPECT_EQ(made.family->storage_epoch, kStorageEpoch);
}

TEST(PlanIssue, lifetimes) {
  const auto code = *Presented().code;
  const auto open = plan(code, public_client()).family;
  EXPECT_EQ(open->expires_at, kNow + hours(14 * 24));
  EXPECT_EQ(open->idle_expires_at, kNow + hours(14 * 24));
  const auto confidential = plan(code, confidential_client()).family;
  EXPECT_EQ(confidential->expires_at, kNow + hours(90 * 24));
  EXPECT_EQ(confidential->idle_expires_at, kNow + hours(14 * 24));
  auto shorter = policy();
  shorter.refresh_absolute_ttl = hours(1);
  const auto capped = plan_issue(code, confidential_client(), shorter, id(1), id(2), "k", 1, kNow);
  EXPECT_EQ(capped.family->idle_expires_at, kNow + hours(1));  // RT-15
}

TEST(PlanIssue, refresh_only_for_those_who_may) {
  auto client = public_client();
  client.grant_types = {GrantType::authorization_code};
  EXPECT_FALSE(plan(*Presented().code, client).family);
}

TEST(PlanIssue, a_sign_in_lends_its_session) {
  auto code = *Presented().code;
  code.scopes = {"openid", "email"};
  EXPECT_TRUE(plan(code, public_client()).grant.session_bound);
  code.scopes = {"openid", "offline_access"};
  EXPECT_FALSE(plan(code, public_client()).grant.session_bound);
}

// RFC 7636, appendix B: RFC7636-B
TEST(Pkce, vector_of_the_standard) {
  EXPECT_TRUE(verifier_fits(kVerifier, kChallenge));
  EXPECT_TRUE(is_s256_challenge(kChallenge));
  EXPECT_TRUE(is_verifier(kVerifier));
  EXPECT_FALSE(verifier_fits(kChallenge, kChallenge));
  EXPECT_FALSE(verifier_fits(kVerifier, kVerifier));
}

// CI-08, RFC7636-4.1, RFC7636-4.2
TEST(Pkce, CI_08_alphabet_and_length) {
  EXPECT_TRUE(is_verifier(std::string(128, '~')));
  EXPECT_FALSE(is_verifier(std::string(129, '~')));
  EXPECT_FALSE(is_verifier(std::string(42, 'a')));
  EXPECT_FALSE(is_verifier(std::string(42, 'a') + "+"));
  EXPECT_FALSE(is_verifier(std::string(43, '\0')));
  EXPECT_FALSE(is_s256_challenge(std::string(42, 'A') + "="));
  // The last character carries two bits that must be zero: one digest, one spelling.
  EXPECT_FALSE(is_s256_challenge(std::string(42, 'A') + "B"));
}

// OAUTH21-7.5.1
TEST(Pkce, who_must) {
  EXPECT_TRUE(must_use_pkce(public_client()));
  EXPECT_FALSE(must_use_pkce(confidential_client()));
}

}  // namespace
}  // namespace claviger::protocol::test
