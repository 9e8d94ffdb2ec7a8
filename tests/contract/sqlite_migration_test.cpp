// A database of an earlier release: its rows are there after the upgrade, and that release can
// still write into it, as it must while nodes are exchanged one by one.
#include "tests/support/earlier_schema.hpp"
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

// What the release of the first schema writes, each row with the sixteen bytes of `n`.
constexpr const char* kRows = R"(
INSERT INTO clients (client_id, name, auth_method, secret_hash, secret_kid, previous_secret_hash,
  previous_secret_until, secret_expires_at, redirect_uris, post_logout_redirect_uris, scopes,
  grant_types, profile, application_type, registered_by, require_pkce, disabled, epoch, created_at)
  VALUES ('client-@n', 'The Shop', 'client_secret_basic', zeroblob(32), 'k2', zeroblob(32), 5, 0,
  '["https://shop.example/back"]', '[]', 'email', 'authorization_code refresh_token', 'default',
  'web', 'operator', 0, 0, 9, 9);
INSERT INTO users (sub, username, username_key, email, email_key, firstname, lastname, phone,
  password_hash, disabled, epoch, created_at) VALUES ('sub-@n', 'name-@n', 'name-@n', '', NULL,
  'Alice', 'Liddell', '', '$argon2id$old', 0, 0, 77);
INSERT INTO sessions (id, cookie_hash, sub, user_epoch, auth_time, created_at, idle_expires_at,
  expires_at) VALUES (x'@id', x'@id@id', 'sub-@n', 0, 1, 1, 100, 100);
INSERT INTO transactions (id, browser_hash, client_id, redirect_uri, redirect_uri_sent, scopes,
  state, nonce, code_challenge, login_hint, ui_locales, must_login, must_consent, max_age,
  created_at, expires_at) VALUES (x'@id', zeroblob(32), 'client-@n', 'https://shop.example/back', 1,
  'email', 'xyz', NULL, NULL, '', '', 0, 0, NULL, 1, 100);
INSERT INTO codes (selector, verifier_hash, client_id, sub, session, redirect_uri,
  redirect_uri_sent, scopes, nonce, code_challenge, auth_time, user_epoch, client_epoch,
  consent_epoch, issued_at, expires_at, failures, storage_epoch) VALUES (x'@id', zeroblob(32),
  'client-@n', 'sub-@n', x'@id', 'https://shop.example/back', 1, 'email', NULL, NULL, 1, 0, 9, 0, 1,
  100, 0, 1);
INSERT INTO grants (id, client_id, sub, session, session_bound, scopes, auth_time, user_epoch,
  client_epoch, consent_epoch, created_at, revoked_because, keep_until) VALUES (x'@id', 'client-@n',
  'sub-@n', x'@id', 1, 'email', 1, 0, 9, 0, 1, '', 1000);
INSERT INTO refresh_families (id, grant_id, counter, rotated_at, mac_kid, storage_epoch,
  idle_expires_at, expires_at) VALUES (x'@id', x'@id', 1, 1, 'm1', 1, 100, 100);
)";

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), with);
    at += with.size();
  }
}

class SqliteMigration : public testing::Test {
 protected:
  SqliteMigration() { options.directory = folder_.path(); }

  void meanwhile(const std::string& script) { test::meanwhile(options.path(), script); }
  void earlier_release_writes(int n) {
    std::string script = kRows;
    replace_all(script, "@id", hex_of(n));
    replace_all(script, "@n", std::to_string(n));
    meanwhile(script);
  }
  static std::string hex_of(int n) { return std::string(30, '0') + "0" + std::to_string(n); }
  static Id id_of(int n) {
    Bytes bytes(16, 0);
    bytes.back() = static_cast<std::uint8_t>(n);
    return Id::from_bytes(bytes).value();
  }
  void open() { store_ = std::make_unique<store::Store>(store::open_sqlite(options, log), random); }
  void close() { store_.reset(); }
  store::Store& store() { return *store_; }

  // Every finder reads the rows, with what the new columns mean for them.
  void expect_rows(int n) {
    const auto number = std::to_string(n);
    const auto client = run_task(store().clients.find("client-" + number));
    ASSERT_TRUE(client);
    EXPECT_EQ(client->response_types, std::vector{kCodeOnly});
    EXPECT_EQ(client->version, 0);
    EXPECT_EQ(client->metadata, ClientMetadata{});
    EXPECT_TRUE(client->sealed_secret.empty());
    EXPECT_EQ(client->first_used_at, std::nullopt);
    const auto user = run_task(store().users.find("sub-" + number));
    ASSERT_TRUE(user);
    EXPECT_FALSE(user->email_verified);
    EXPECT_TRUE(user->claims.empty());
    const auto session = run_task(store().sessions.find(id_of(n)));
    ASSERT_TRUE(session);
    EXPECT_EQ(session->acr, "");
    EXPECT_TRUE(session->amr.empty());
    const auto transaction = run_task(store().transactions.find(id_of(n)));
    ASSERT_TRUE(transaction);
    EXPECT_EQ(transaction->response_type, kCodeOnly);
    EXPECT_EQ(transaction->response_mode, ResponseMode::query);
    EXPECT_TRUE(transaction->resources.empty());
    const auto code = run_task(store().codes.find(id_of(n)));
    ASSERT_TRUE(code);
    EXPECT_TRUE(code->resources.empty());
    const auto family = run_task(store().grants.find_family(id_of(n)));
    ASSERT_TRUE(family);
    EXPECT_EQ(family->grant.type, GrantType::authorization_code);
    EXPECT_EQ(family->grant.parent, std::nullopt);
  }

  store::SqliteOptions options;
  KeptLog log;
  ScriptedRandom random;

 private:
  TempFolder folder_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(SqliteMigration, rows_of_the_first_schema_are_there_afterwards) {
  meanwhile(earlier_schema(1));
  earlier_release_writes(1);
  open();
  expect_rows(1);
  // What can be told about them is told.
  EXPECT_EQ(run_task(store().clients.find("client-1"))->previous_secret_kid, "k2");
  EXPECT_EQ(run_task(store().users.find("sub-1"))->updated_at, from_micros(77));
}

TEST_F(SqliteMigration, the_release_of_the_first_schema_can_still_write) {
  meanwhile(earlier_schema(1));
  open();
  close();
  earlier_release_writes(2);
  open();
  expect_rows(2);
}

// The verbs work on rows that the earlier release wrote.
TEST_F(SqliteMigration, old_rows_are_changed_like_new_ones) {
  meanwhile(earlier_schema(1));
  earlier_release_writes(1);
  open();
  auto client = *run_task(store().clients.find("client-1"));
  EXPECT_TRUE(run_task(store().clients.update(client)));
  EXPECT_TRUE(run_task(store().sessions.end(id_of(1), from_micros(50))));
  EXPECT_EQ(run_task(store().grants.find(id_of(1)))->revoked_because, "session_ended");
  auto plan = a_redeem_plan(random, id_of(1), from_micros(50));
  const auto redemption = run_task(store().codes.redeem(plan));
  EXPECT_TRUE(std::holds_alternative<store::Codes::Redeemed>(redemption));
}

TEST_F(SqliteMigration, an_upgrade_that_was_made_is_not_made_again) {
  open();
  run_task(store().clients.add(a_client()));
  close();
  open();
  EXPECT_TRUE(run_task(store().clients.find("shop")));
}

}  // namespace
}  // namespace claviger::test
