#include "store/users.hpp"

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using store::Users;

class UsersContract : public StoreTest {
 protected:
  Users::Added add(const User& user) {
    return run_task(store().users.add(user, user.username, user.email));
  }
  User found(std::string sub = "alice-sub") {
    return run_task(store().users.find(std::move(sub))).value();
  }
  Session signed_in(std::string sub = "alice-sub") {
    const auto session = a_session(random, std::move(sub));
    run_task(store().sessions.start(session, {}));
    return session;
  }
  bool is_live(const Session& session) {
    return run_task(store().sessions.find_live(session.cookie_hash, kNow)).has_value();
  }
};
CLAVIGER_ON_EVERY_ENGINE(UsersContract);

TEST_P(UsersContract, add_keeps_every_field) {
  EXPECT_EQ(add(a_user()), Users::Added::added);
  const auto user = found();
  EXPECT_EQ(user.username, "alice");
  EXPECT_EQ(user.email, "alice@example.com");
  EXPECT_EQ(user.firstname, "Alice");
  EXPECT_EQ(user.lastname, "Liddell");
  EXPECT_EQ(user.phone, "+49 30 1234");
  EXPECT_EQ(user.password_hash, "$argon2id$old");
  EXPECT_FALSE(user.disabled);
  EXPECT_EQ(user.epoch, 0);
  EXPECT_EQ(user.created_at, kNow);
  EXPECT_EQ(user.updated_at, kNow);
  EXPECT_FALSE(user.email_verified);
  EXPECT_FALSE(user.phone_verified);
  EXPECT_TRUE(user.claims.empty());
  EXPECT_FALSE(run_task(store().users.find("nobody")));
}

TEST_P(UsersContract, a_user_name_is_taken_once) {
  add(a_user());
  auto other = a_user("other-sub");
  other.email = "other@example.com";
  EXPECT_EQ(add(other), Users::Added::exists);
}

TEST_P(UsersContract, an_email_is_taken_once) {
  add(a_user());
  auto other = a_user("other-sub", "other");
  other.email = "alice@example.com";
  EXPECT_EQ(add(other), Users::Added::exists);
}

// OIDCC-5.1: claims keep their JSON types, and numbers and booleans are not made texts.
TEST_P(UsersContract, claims_keep_their_types) {
  auto user = a_user();
  user.email_verified = true;
  user.phone_verified = true;
  user.updated_at = kNow + seconds(9);
  user.claims = {{"nickname", "Al \"ice\" \u00e4"},
                 {"address", {{"locality", "Berlin"}, {"formatted", "a\nb"}}},
                 {"number", 7},
                 {"flag", true}};
  add(user);
  EXPECT_EQ(found().claims, user.claims);
  EXPECT_TRUE(found().email_verified);
  EXPECT_TRUE(found().phone_verified);
  EXPECT_EQ(found().updated_at, kNow + seconds(9));
}

TEST_P(UsersContract, set_claims_replaces_what_claims_tell_and_nothing_else) {
  add(a_user());
  auto user = a_user();
  user.username = "somebody";
  user.password_hash = "$argon2id$new";
  user.disabled = true;
  user.email = "new@example.com";
  user.firstname = "A.";
  user.lastname = "L.";
  user.phone = "1";
  user.email_verified = true;
  user.claims = {{"nickname", "Al"}};
  const Time later = kNow + seconds(5);
  EXPECT_EQ(run_task(store().users.set_claims(user, "new@example.com", later)),
            Users::Changed::changed);
  const auto kept = found();
  EXPECT_EQ(kept.email, "new@example.com");
  EXPECT_EQ(kept.firstname, "A.");
  EXPECT_EQ(kept.lastname, "L.");
  EXPECT_EQ(kept.phone, "1");
  EXPECT_TRUE(kept.email_verified);
  EXPECT_EQ(kept.claims, user.claims);
  EXPECT_EQ(kept.updated_at, later);
  EXPECT_EQ(kept.created_at, kNow);
  EXPECT_EQ(kept.username, "alice");
  EXPECT_EQ(kept.password_hash, "$argon2id$old");
  EXPECT_FALSE(kept.disabled);
  EXPECT_EQ(kept.epoch, 0);
  EXPECT_TRUE(run_task(store().users.find_by_login("", "new@example.com")));
  EXPECT_FALSE(run_task(store().users.find_by_login("", "alice@example.com")));
}

TEST_P(UsersContract, set_claims_takes_nobodys_email) {
  add(a_user());
  add(a_user("bob-sub", "bob"));
  auto user = a_user();
  user.firstname = "A.";
  EXPECT_EQ(run_task(store().users.set_claims(user, "bob@example.com", kNow)),
            Users::Changed::taken);
  EXPECT_EQ(found().firstname, "Alice");
  EXPECT_EQ(run_task(store().users.set_claims(user, "alice@example.com", kNow)),
            Users::Changed::changed);
  EXPECT_EQ(run_task(store().users.set_claims(a_user("nobody"), "x@example.com", kNow)),
            Users::Changed::unknown);
  for (const auto* sub : {"alice-sub", "bob-sub"}) {
    EXPECT_EQ(run_task(store().users.set_claims(a_user(sub), "", kNow)), Users::Changed::changed);
  }
}

TEST_P(UsersContract, any_number_may_have_no_email) {
  for (const auto* name : {"bob", "carol"}) {
    auto user = a_user(name, name);
    user.email = "";
    EXPECT_EQ(add(user), Users::Added::added);
  }
  EXPECT_FALSE(run_task(store().users.find_by_login("nobody", "")));
}

TEST_P(UsersContract, login_by_name_or_by_email) {
  add(a_user());
  EXPECT_TRUE(run_task(store().users.find_by_login("alice", "alice")));
  EXPECT_TRUE(run_task(store().users.find_by_login("alice@example.com", "alice@example.com")));
  EXPECT_FALSE(run_task(store().users.find_by_login("bob", "bob@example.com")));
}

TEST_P(UsersContract, the_name_goes_before_the_email) {
  add(a_user());
  add(a_user("imp-sub", "alice@example.com"));
  const auto both = run_task(store().users.find_by_login("alice@example.com", "alice@example.com"));
  EXPECT_EQ(both->sub, "imp-sub");
}

TEST_P(UsersContract, list_goes_on_behind_the_last) {
  for (const auto* name : {"c", "a", "b"}) add(a_user(name, name));
  const auto rest = run_task(store().users.list("a", 5));
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].sub, "b");
}

// RM-09: a new password ends every session, and by its epoch every grant.
TEST_P(UsersContract, RM_09_new_password_ends_sessions) {
  add(a_user());
  const auto session = signed_in();
  const auto others = signed_in("bob-sub");
  EXPECT_TRUE(run_task(store().users.set_password("alice-sub", "$argon2id$new", kNow)));
  EXPECT_EQ(found().password_hash, "$argon2id$new");
  EXPECT_EQ(found().epoch, 1);
  EXPECT_FALSE(is_live(session));
  EXPECT_TRUE(is_live(others));
  EXPECT_EQ(run_task(store().sessions.find(session.id))->ended_at, kNow);
  EXPECT_FALSE(run_task(store().users.set_password("nobody", "$argon2id$new", kNow)));
}

// PW-14: only over the hash that was verified, and nothing else changes.
TEST_P(UsersContract, PW_14_rehash_is_conditional) {
  add(a_user());
  const auto session = signed_in();
  EXPECT_FALSE(run_task(store().users.rehash("alice-sub", "$argon2id$other", "$argon2id$new")));
  EXPECT_EQ(found().password_hash, "$argon2id$old");
  EXPECT_TRUE(run_task(store().users.rehash("alice-sub", "$argon2id$old", "$argon2id$new")));
  EXPECT_EQ(found().password_hash, "$argon2id$new");
  EXPECT_EQ(found().epoch, 0);
  EXPECT_TRUE(is_live(session));
}

TEST_P(UsersContract, disabling_ends_sessions_and_raises_the_epoch) {
  add(a_user());
  const auto session = signed_in();
  EXPECT_TRUE(run_task(store().users.set_disabled("alice-sub", true, kNow)));
  EXPECT_TRUE(found().disabled);
  EXPECT_EQ(found().epoch, 1);
  EXPECT_FALSE(is_live(session));
  EXPECT_TRUE(run_task(store().users.set_disabled("alice-sub", false, kNow)));
  EXPECT_FALSE(found().disabled);
  EXPECT_EQ(found().epoch, 1);
  EXPECT_FALSE(run_task(store().users.set_disabled("nobody", true, kNow)));
}

}  // namespace
}  // namespace claviger::test
