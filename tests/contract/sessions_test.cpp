#include "store/sessions.hpp"

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

class SessionsContract : public StoreTest {
 protected:
  Session started() {
    const auto session = a_session(random);
    run_task(store().sessions.start(session, {}));
    return session;
  }
  static store::Sessions::SignIn a_sign_in(Time at) {
    store::Sessions::SignIn again;
    again.cookie_hash = a_digest(8);
    again.auth_time = at;
    again.idle_expires_at = at + minutes(30);
    return again;
  }
  std::optional<Session> live(const Session& session, Time now = kNow) {
    return run_task(store().sessions.find_live(session.cookie_hash, now));
  }
  Session found(Id id) { return run_task(store().sessions.find(id)).value(); }
};
CLAVIGER_ON_EVERY_ENGINE(SessionsContract);

// What the sign-in was worth and how it was done (RFC8176-2) among them.
TEST_P(SessionsContract, start_keeps_every_field) {
  auto session = a_session(random);
  session.user_epoch = 7;
  run_task(store().sessions.start(session, {}));
  const auto kept = live(session);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->id, session.id);
  EXPECT_EQ(kept->cookie_hash, session.cookie_hash);
  EXPECT_EQ(kept->sub, "alice-sub");
  EXPECT_EQ(kept->user_epoch, 7);
  EXPECT_EQ(kept->auth_time, kNow);
  EXPECT_EQ(kept->acr, "urn:example:password");
  EXPECT_EQ(kept->amr, (std::vector<std::string>{"pwd", "otp"}));
  EXPECT_EQ(kept->created_at, kNow);
  EXPECT_EQ(kept->idle_expires_at, session.idle_expires_at);
  EXPECT_EQ(kept->expires_at, session.expires_at);
  EXPECT_EQ(kept->ended_at, std::nullopt);
}

TEST_P(SessionsContract, start_ends_the_one_it_replaces) {
  const auto old = started();
  const auto fresh = a_session(random, "bob-sub", kNow + seconds(1));
  run_task(store().sessions.start(fresh, old.id));
  EXPECT_FALSE(live(old));
  EXPECT_EQ(found(old.id).ended_at, kNow + seconds(1));
  EXPECT_TRUE(live(fresh));
}

TEST_P(SessionsContract, either_expiry_ends_it_for_the_browser_but_not_the_row) {
  const auto session = started();
  EXPECT_TRUE(live(session, session.idle_expires_at - seconds(1)));
  EXPECT_FALSE(live(session, session.idle_expires_at));
  run_task(store().sessions.touch(session.id, session.expires_at + hours(1)));
  EXPECT_FALSE(live(session, session.expires_at));
  EXPECT_EQ(found(session.id).ended_at, std::nullopt);
}

// SE-01: the cookie of before the sign-in opens nothing afterwards.
TEST_P(SessionsContract, SE_01_reauthentication_changes_the_cookie) {
  const auto session = started();
  const Time later = kNow + minutes(5);
  auto again = a_sign_in(later);
  again.acr = "urn:example:passkey";
  again.amr = {"hwk", "user"};
  EXPECT_TRUE(run_task(store().sessions.reauthenticate(session.id, again)));
  EXPECT_FALSE(live(session));
  const auto kept = run_task(store().sessions.find_live(a_digest(8), later));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->id, session.id);
  EXPECT_EQ(kept->auth_time, later);
  EXPECT_EQ(kept->acr, again.acr);
  EXPECT_EQ(kept->amr, again.amr);
  EXPECT_EQ(kept->idle_expires_at, later + minutes(30));
  EXPECT_EQ(kept->expires_at, session.expires_at);
}

TEST_P(SessionsContract, reauthentication_revives_nothing) {
  const auto ended = started();
  run_task(store().sessions.end(ended.id, kNow));
  EXPECT_FALSE(run_task(store().sessions.reauthenticate(ended.id, a_sign_in(kNow))));
  const auto expired = started();
  const auto late = a_sign_in(expired.idle_expires_at);
  EXPECT_FALSE(run_task(store().sessions.reauthenticate(expired.id, late)));
}

TEST_P(SessionsContract, touch_moves_the_idle_expiry_forward_only) {
  const auto session = started();
  run_task(store().sessions.touch(session.id, kNow + minutes(40)));
  run_task(store().sessions.touch(session.id, kNow + minutes(35)));
  EXPECT_EQ(found(session.id).idle_expires_at, kNow + minutes(40));
}

TEST_P(SessionsContract, end_tells_whether_it_was_live) {
  const auto session = started();
  EXPECT_TRUE(run_task(store().sessions.end(session.id, kNow)));
  EXPECT_EQ(found(session.id).ended_at, kNow);
  EXPECT_FALSE(run_task(store().sessions.end(session.id, kNow + seconds(1))));
  EXPECT_EQ(found(session.id).ended_at, kNow);
  EXPECT_FALSE(run_task(store().sessions.end(Id::make(kNow, random), kNow)));
}

// A logout after the expiry still ends what is bound to the session, which expiry does not.
TEST_P(SessionsContract, end_marks_an_expired_session_too) {
  const auto session = started();
  EXPECT_FALSE(run_task(store().sessions.end(session.id, session.expires_at)));
  EXPECT_EQ(found(session.id).ended_at, session.expires_at);
}

}  // namespace
}  // namespace claviger::test
