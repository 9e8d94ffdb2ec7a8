// SQ-01: whatever somebody sends as a key, a name or the place to go on from is a value to compare
// with, never a piece of a statement.
#include <algorithm>

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using store::Clients;
using store::Users;

const std::vector<std::string> kHostile = {
    "' OR '1'='1",
    "x'; DROP TABLE clients; --",
    "\" OR \"\"=\"",
    "') UNION SELECT password_hash FROM users --",
    "$1",
    "?1",
    "%",
    "_",
    "/*",
    "a\\' OR 1=1 --",
};

class HostileText : public StoreTest {
 protected:
  std::vector<std::string> client_ids_behind(const std::string& after) {
    std::vector<std::string> ids;
    for (const auto& client : run_task(store().clients.list(after, 100))) {
      ids.push_back(client.client_id);
    }
    return ids;
  }
  std::vector<std::string> subs_behind(const std::string& after) {
    std::vector<std::string> subs;
    for (const auto& user : run_task(store().users.list(after, 100))) subs.push_back(user.sub);
    return subs;
  }
};
CLAVIGER_ON_EVERY_ENGINE(HostileText);

// A search by it finds nothing, and all that there was is still there.
TEST_P(HostileText, SQ_01_as_a_key_finds_nothing_and_changes_nothing) {
  run_task(store().clients.add(a_client()));
  run_task(store().users.add(a_user(), "alice", "alice@example.com"));
  for (const auto& text : kHostile) {
    EXPECT_FALSE(run_task(store().clients.find(text))) << text;
    EXPECT_FALSE(run_task(store().clients.remove(text))) << text;
    EXPECT_FALSE(run_task(store().clients.set_disabled(text, true, kNow))) << text;
    EXPECT_FALSE(run_task(store().users.find(text))) << text;
    EXPECT_FALSE(run_task(store().users.find_by_login(text, text))) << text;
    EXPECT_FALSE(run_task(store().users.set_password(text, "$argon2id$new", kNow))) << text;
  }
  const auto client = run_task(store().clients.find("shop"));
  ASSERT_TRUE(client);
  EXPECT_FALSE(client->disabled);
  const auto user = run_task(store().users.find_by_login("alice", ""));
  ASSERT_TRUE(user);
  EXPECT_EQ(user->password_hash, "$argon2id$old");
}

TEST_P(HostileText, SQ_01_as_a_client_id_it_is_kept_as_it_is) {
  for (const auto& text : kHostile) {
    EXPECT_EQ(run_task(store().clients.add(a_client(text))), Clients::Added::added) << text;
  }
  for (const auto& text : kHostile) {
    const auto kept = run_task(store().clients.find(text));
    ASSERT_TRUE(kept) << text;
    EXPECT_EQ(kept->client_id, text);
  }
  EXPECT_TRUE(run_task(store().clients.remove(kHostile[0])));
  EXPECT_EQ(count("SELECT count(*) FROM clients"), std::ssize(kHostile) - 1);
}

TEST_P(HostileText, SQ_01_as_a_login_name_it_names_one_user) {
  for (const auto& text : kHostile) {
    auto user = a_user("sub of " + text, text);
    user.firstname = text;
    EXPECT_EQ(run_task(store().users.add(user, text, text + "@")), Users::Added::added) << text;
  }
  for (const auto& text : kHostile) {
    for (const auto& found : {run_task(store().users.find_by_login(text, "")),
                              run_task(store().users.find_by_login("", text + "@"))}) {
      ASSERT_TRUE(found) << text;
      EXPECT_EQ(found->sub, "sub of " + text);
      EXPECT_EQ(found->username, text);
      EXPECT_EQ(found->firstname, text);
    }
  }
}

// A page behind it holds what is greater, byte by byte: neither everything nor an error.
TEST_P(HostileText, SQ_01_as_the_place_to_go_on_from) {
  auto ids = kHostile;
  ids.insert(ids.end(), {"shop", "!", "~"});
  for (const auto& id : ids) {
    run_task(store().clients.add(a_client(id)));
    run_task(store().users.add(a_user(id, id), id, id + "@"));
  }
  std::ranges::sort(ids);
  for (const auto& after : kHostile) {
    const std::vector<std::string> behind(std::ranges::upper_bound(ids, after), ids.end());
    EXPECT_EQ(client_ids_behind(after), behind) << after;
    EXPECT_EQ(subs_behind(after), behind) << after;
  }
}

}  // namespace
}  // namespace claviger::test
