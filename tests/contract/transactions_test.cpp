// Pending requests, of both kinds, and the consent that one of them leads to.
#include "store/transactions.hpp"

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using Words = std::vector<std::string>;

class TransactionsContract : public StoreTest {
 protected:
  Transaction added(Words scopes = {"email", "username"}) {
    auto transaction = a_transaction(random);
    transaction.scopes = std::move(scopes);
    run_task(store().transactions.add(transaction));
    return transaction;
  }
  bool approve(const Transaction& transaction, bool remember, Time now = kNow) {
    return run_task(store().transactions.approve(transaction.id, "alice-sub", remember, now));
  }
  std::optional<Consent> consent() { return run_task(store().consents.find("alice-sub", "shop")); }
  std::int64_t epoch() { return run_task(store().consents.epoch("alice-sub", "shop")); }
};
CLAVIGER_ON_EVERY_ENGINE(TransactionsContract);

TEST_P(TransactionsContract, add_keeps_every_field) {
  auto transaction = a_transaction(random);
  transaction.nonce = "n";
  transaction.code_challenge = "c";
  transaction.login_hint = "alice";
  transaction.ui_locales = "de en";
  transaction.must_login = true;
  transaction.must_consent = true;
  transaction.max_age = 0;
  transaction.response_type = {.code = true, .id_token = true};
  transaction.response_mode = ResponseMode::form_post;
  transaction.claims = R"({"id_token":{"email":{"essential":true}}})";
  transaction.acr_values = {"urn:b", "urn:a"};
  transaction.resources = {"https://api.example/a b"};
  transaction.hinted_sub = "alice-sub";
  transaction.select_account = true;
  transaction.wants_account = true;
  run_task(store().transactions.add(transaction));
  const auto kept = run_task(store().transactions.find(transaction.id));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->id, transaction.id);
  EXPECT_EQ(kept->browser_hash, transaction.browser_hash);
  EXPECT_EQ(kept->client_id, "shop");
  EXPECT_EQ(kept->redirect_uri, transaction.redirect_uri);
  EXPECT_TRUE(kept->redirect_uri_sent);
  EXPECT_EQ(kept->scopes, transaction.scopes);
  EXPECT_EQ(kept->state, "xyz");
  EXPECT_EQ(kept->nonce, "n");
  EXPECT_EQ(kept->code_challenge, "c");
  EXPECT_EQ(kept->login_hint, "alice");
  EXPECT_EQ(kept->ui_locales, "de en");
  EXPECT_TRUE(kept->must_login);
  EXPECT_TRUE(kept->must_consent);
  EXPECT_EQ(kept->max_age, 0);
  EXPECT_EQ(kept->response_type, transaction.response_type);
  EXPECT_EQ(kept->response_mode, ResponseMode::form_post);
  EXPECT_EQ(kept->claims, transaction.claims);
  EXPECT_EQ(kept->acr_values, transaction.acr_values);
  EXPECT_EQ(kept->resources, transaction.resources);
  EXPECT_EQ(kept->hinted_sub, "alice-sub");
  EXPECT_TRUE(kept->select_account);
  EXPECT_TRUE(kept->wants_account);
  EXPECT_EQ(kept->created_at, transaction.created_at);
  EXPECT_EQ(kept->expires_at, transaction.expires_at);
  EXPECT_EQ(kept->consented_sub, std::nullopt);
  EXPECT_EQ(kept->finished_at, std::nullopt);
}

TEST_P(TransactionsContract, approval_without_remembering) {
  const auto transaction = added();
  EXPECT_TRUE(approve(transaction, false));
  EXPECT_EQ(run_task(store().transactions.find(transaction.id))->consented_sub, "alice-sub");
  EXPECT_FALSE(consent());
  EXPECT_EQ(epoch(), 0);
}

TEST_P(TransactionsContract, remembered_scopes_are_added_up) {
  EXPECT_TRUE(approve(added({"email"}), true));
  EXPECT_EQ(consent()->scopes, (Words{"email"}));
  EXPECT_TRUE(approve(added({"phone", "email"}), true, kNow + seconds(1)));
  EXPECT_EQ(consent()->scopes, (Words{"email", "phone"}));
  EXPECT_EQ(consent()->granted_at, kNow + seconds(1));
  EXPECT_EQ(consent()->epoch, 0);
}

TEST_P(TransactionsContract, an_approval_that_is_not_remembered_forgets_nothing) {
  approve(added({"email"}), true);
  approve(added({"phone"}), false);
  EXPECT_EQ(consent()->scopes, (Words{"email"}));
}

TEST_P(TransactionsContract, consent_without_scopes_is_remembered) {
  approve(added({}), true);
  ASSERT_TRUE(consent());
  EXPECT_EQ(consent()->scopes, Words{});
}

TEST_P(TransactionsContract, a_finished_or_expired_request_takes_no_approval) {
  const auto finished = added();
  run_task(store().transactions.finish(finished.id, kNow));
  EXPECT_FALSE(approve(finished, true));
  const auto expired = added();
  EXPECT_FALSE(approve(expired, true, expired.expires_at));
  EXPECT_FALSE(approve(a_transaction(random), true));
  EXPECT_FALSE(consent());
  EXPECT_EQ(count("SELECT count(*) FROM consents"), 0);
}

TEST_P(TransactionsContract, an_account_is_chosen_while_the_request_waits) {
  auto transaction = a_transaction(random);
  transaction.select_account = true;
  run_task(store().transactions.add(transaction));
  const auto chosen = [&](Time now) {
    return run_task(store().transactions.account_chosen(transaction.id, now));
  };
  EXPECT_FALSE(chosen(transaction.expires_at));
  EXPECT_TRUE(run_task(store().transactions.find(transaction.id))->select_account);
  EXPECT_TRUE(chosen(kNow));
  EXPECT_FALSE(run_task(store().transactions.find(transaction.id))->select_account);
  run_task(store().transactions.finish(transaction.id, kNow));
  EXPECT_FALSE(chosen(kNow));
}

TEST_P(TransactionsContract, finish_once) {
  const auto transaction = added();
  EXPECT_TRUE(run_task(store().transactions.finish(transaction.id, kNow)));
  EXPECT_FALSE(run_task(store().transactions.finish(transaction.id, kNow + seconds(1))));
  EXPECT_EQ(run_task(store().transactions.find(transaction.id))->finished_at, kNow);
  EXPECT_EQ(run_task(store().codes.issue(an_answer(a_code(random), transaction.id, kNow))),
            store::Codes::Issued::transaction_finished);
}

TEST_P(TransactionsContract, withdrawal_keeps_the_epoch_and_forgets_the_scopes) {
  approve(added({"email", "phone"}), true);
  EXPECT_TRUE(run_task(store().consents.withdraw("alice-sub", "shop", kNow)));
  EXPECT_FALSE(consent());
  EXPECT_EQ(epoch(), 1);
  approve(added({"username"}), true);
  EXPECT_EQ(consent()->scopes, (Words{"username"}));
  EXPECT_EQ(consent()->epoch, 1);
}

TEST_P(TransactionsContract, an_approval_that_was_not_remembered_can_be_withdrawn) {
  approve(added(), false);
  EXPECT_TRUE(run_task(store().consents.withdraw("alice-sub", "shop", kNow)));
  EXPECT_EQ(epoch(), 1);
}

TEST_P(TransactionsContract, nothing_to_withdraw) {
  EXPECT_FALSE(run_task(store().consents.withdraw("alice-sub", "shop", kNow)));
  EXPECT_EQ(epoch(), 0);
}

TEST_P(TransactionsContract, list_of_a_person) {
  approve(added({"email", "phone"}), true);
  auto second = a_transaction(random);
  second.client_id = "bank";
  run_task(store().transactions.add(second));
  approve(second, true);
  const auto consents = run_task(store().consents.list("alice-sub"));
  ASSERT_EQ(consents.size(), 2u);
  EXPECT_EQ(consents[0].client_id, "bank");
  EXPECT_EQ(consents[1].scopes, (Words{"email", "phone"}));
  EXPECT_TRUE(run_task(store().consents.list("bob-sub")).empty());
}

TEST_P(TransactionsContract, a_logout_request_keeps_every_field) {
  auto request = a_logout_request(random);
  for (const auto& hint :
       {std::optional<HintedSession>(), std::optional(HintedSession{"alice-sub", {}}),
        std::optional(HintedSession{"alice-sub", "sid-1"})}) {
    request.id = Id::make(kNow, random);
    request.hint = hint;
    run_task(store().logout_requests.add(request));
    const auto kept = run_task(store().logout_requests.find(request.id));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->client_id, "shop");
    EXPECT_EQ(kept->post_logout_redirect_uri, request.post_logout_redirect_uri);
    EXPECT_EQ(kept->state, "xyz");
    EXPECT_EQ(kept->ui_locales, "de en");
    EXPECT_EQ(kept->created_at, request.created_at);
    EXPECT_EQ(kept->expires_at, request.expires_at);
    ASSERT_EQ(kept->hint.has_value(), hint.has_value());
    if (!hint) continue;
    EXPECT_EQ(kept->hint->sub, hint->sub);
    EXPECT_EQ(kept->hint->sid, hint->sid);
  }
  EXPECT_FALSE(run_task(store().logout_requests.find(Id())));
}

}  // namespace
}  // namespace claviger::test
