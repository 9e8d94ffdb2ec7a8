#include "tests/unit/admin/office.hpp"

namespace claviger::admin::test {
namespace {

namespace json = boost::json;

const json::object kClient{{"client_id", "shop"},
                           {"client_name", "The Shop"},
                           {"redirect_uris", json::array{"https://shop.example/cb"}}};
const json::object kUser{
    {"username", "ada"}, {"email", "ada@example.test"}, {"password", "correct-horse-7"}};

TEST_F(Office, a_made_secret_is_256_bit_shown_once_and_works) {
  const auto added = ok("client.add", kClient);
  const auto secret = text(added, "client_secret");
  EXPECT_EQ(secret.size(), 43u);
  EXPECT_EQ(text(added, "registered_by"), "operator");
  const auto stored = run_task(store->clients.find("shop"));
  ASSERT_TRUE(stored);
  const auto hash = keys.current()->hash_client_secret_with(stored->secret_kid, Secret(secret));
  EXPECT_EQ(hash, stored->secret_hash);
  EXPECT_FALSE(ok("client.show", {{"client_id", "shop"}}).contains("client_secret"));
}

// AD-08: no list and no nested object shows a secret or its hash.
TEST_F(Office, AD_08_nothing_shows_a_hash) {
  const auto secret = text(ok("client.add", kClient), "client_secret");
  const auto user = ok("user.add", kUser);
  std::string all = json::serialize(ok("client.list", {})) + json::serialize(ok("user.list", {})) +
                    json::serialize(ok("client.show", {{"client_id", "shop"}})) +
                    json::serialize(user) + json::serialize(ok("key.list", {})) +
                    json::serialize(ok("status", {}));
  for (const std::string_view word : {"hash\":", "argon2", "sealed", "correct-horse", "\"d\""}) {
    EXPECT_EQ(all.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(all.find(secret), std::string::npos);
}

// AD-06: a member that no operation knows is refused, never assigned.
TEST_F(Office, AD_06_every_operation_refuses_an_unknown_argument) {
  for (const auto name : Operations::names()) {
    EXPECT_EQ(refusal(std::string(name), {{"epoch", 7}}), "admin.unknown_argument") << name;
  }
  auto spoiled = kClient;
  spoiled["registered_by"] = "quickstart";
  EXPECT_EQ(refusal("client.add", spoiled), "admin.unknown_argument");  // RFC9110-15.5.1
  EXPECT_FALSE(run_task(store->clients.find("shop")));
}

TEST_F(Office, arguments_of_the_wrong_kind_are_refused) {
  EXPECT_EQ(refusal("client.show", {}), "admin.bad_argument");
  EXPECT_EQ(refusal("client.show", {{"client_id", 7}}), "admin.bad_argument");
  EXPECT_EQ(refusal("client.show", {{"client_id", ""}}), "admin.bad_argument");
  EXPECT_EQ(refusal("client.list", {{"limit", -1}}), "admin.bad_argument");
  EXPECT_EQ(refusal("client.list", {{"limit", 1001}}), "admin.bad_argument");
  EXPECT_EQ(refusal("key.rotate", {{"now", "yes"}}), "admin.bad_argument");
  auto spoiled = kClient;
  spoiled["profile"] = "lenient";
  EXPECT_EQ(refusal("client.add", spoiled), "admin.bad_argument");
  EXPECT_EQ(refusal("client.frobnicate", {}), "admin.unknown_operation");
}

// RU-15: the rules of open registration hold for the operator's clients too.
TEST_F(Office, RU_15_the_rules_of_registration_hold_here_too) {
  for (const char* uri : {"javascript:alert(1)", "https://a/#x", "http://shop.example/cb"}) {
    auto spoiled = kClient;
    spoiled["redirect_uris"] = json::array{uri};
    EXPECT_FALSE(call("client.add", spoiled)) << uri;
    spoiled = kClient;
    spoiled["post_logout_redirect_uris"] = json::array{uri};
    EXPECT_FALSE(call("client.add", spoiled)) << uri;
  }
  auto spoiled = kClient;
  spoiled["client_secret"] = "short";
  EXPECT_FALSE(call("client.add", spoiled));
  spoiled["client_secret"] = "long-enough-for-anybody";
  EXPECT_FALSE(ok("client.add", spoiled).contains("client_secret"));
}

TEST_F(Office, what_only_an_operator_may_say_is_kept) {
  auto asked = kClient;
  asked["profile"] = "oidc_compat";
  asked["require_pkce"] = true;
  asked["post_logout_redirect_uris"] = json::array{"https://shop.example/bye"};
  ok("client.add", asked);
  const auto stored = run_task(store->clients.find("shop"));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->profile, Profile::oidc_compat);
  EXPECT_TRUE(stored->require_pkce);
  EXPECT_EQ(stored->post_logout_redirect_uris.size(), 1u);
}

TEST_F(Office, an_id_is_taken_once) {
  ok("client.add", kClient);
  EXPECT_EQ(refusal("client.add", kClient), "admin.client_exists");  // RFC9110-15.5.10
  ok("user.add", kUser);
  EXPECT_EQ(refusal("user.add", kUser), "admin.user_exists");
}

TEST_F(Office, a_rotated_secret_leaves_the_old_one_for_a_while) {
  const auto old = text(ok("client.add", kClient), "client_secret");
  const auto answer =
      ok("client.rotate_secret", {{"client_id", "shop"}, {"keep_old_seconds", 3600}});
  EXPECT_NE(text(answer, "client_secret"), old);
  const auto stored = run_task(store->clients.find("shop"));
  EXPECT_EQ(stored->previous_secret_until, clock.now() + std::chrono::hours(1));
  EXPECT_EQ(stored->previous_secret_hash,
            keys.current()->hash_client_secret_with(stored->secret_kid, Secret(old)));
  EXPECT_EQ(refusal("client.rotate_secret", {{"client_id", "nobody"}}), "admin.client_unknown");
}

TEST_F(Office, a_public_client_has_no_secret) {
  auto asked = kClient;
  asked["token_endpoint_auth_method"] = "none";
  EXPECT_FALSE(ok("client.add", asked).contains("client_secret"));
  EXPECT_EQ(refusal("client.rotate_secret", {{"client_id", "shop"}}),
            "admin.client_public");  // RFC6749-2.1
}

TEST_F(Office, removing_a_client_ends_its_grants) {
  ok("client.add", kClient);
  EXPECT_EQ(ok("client.rm", {{"client_id", "shop"}}).at("removed"), true);
  EXPECT_EQ(refusal("client.show", {{"client_id", "shop"}}),
            "admin.client_unknown");  // RFC9110-15.5.5
  EXPECT_EQ(refusal("client.rm", {{"client_id", "shop"}}), "admin.client_unknown");
}

TEST_F(Office, lists_have_pages) {
  for (const char* id : {"a", "b", "c"}) {
    auto asked = kClient;
    asked["client_id"] = id;
    ok("client.add", asked);
  }
  const auto first = ok("client.list", {{"limit", 2}});
  EXPECT_EQ(first.at("clients").as_array().size(), 2u);
  const auto rest = ok("client.list", {{"limit", 2}, {"after", text(first, "next")}});
  EXPECT_EQ(rest.at("clients").as_array().size(), 1u);
  EXPECT_FALSE(rest.contains("next"));
}

TEST_F(Office, a_user_is_found_by_sub_name_or_email) {
  const auto sub = text(ok("user.add", kUser), "sub");
  for (const auto& who : {sub, std::string("ADA"), std::string("Ada@Example.Test")}) {
    EXPECT_EQ(text(ok("user.disable", {{"user", who}}), "sub"), sub) << who;
    EXPECT_TRUE(run_task(store->users.find(sub))->disabled);
    EXPECT_EQ(ok("user.enable", {{"user", who}}).at("disabled"), false);
  }
  EXPECT_EQ(refusal("user.disable", {{"user", "nobody"}}), "admin.user_unknown");
}

TEST_F(Office, a_sub_goes_before_a_name_that_imitates_it) {
  const auto sub = text(ok("user.add", kUser), "sub");
  ok("user.add", {{"username", sub}, {"password", "correct-horse-7"}});
  EXPECT_EQ(text(ok("user.disable", {{"user", sub}}), "username"), "ada");
}

TEST_F(Office, a_new_password_obeys_the_rules_and_ends_what_was_granted) {
  const auto sub = text(ok("user.add", kUser), "sub");
  const auto before = run_task(store->users.find(sub));
  EXPECT_FALSE(call("user.passwd", {{"user", "ada"}, {"password", "short"}}));
  EXPECT_FALSE(call("user.passwd", {{"user", "ada"}}));
  ok("user.passwd", {{"user", "ada"}, {"password", "another-horse-9"}});
  const auto after = run_task(store->users.find(sub));
  EXPECT_GT(after->epoch, before->epoch);
  EXPECT_TRUE(crypto::verify_password(after->password_hash, Secret("another-horse-9")));
}

class FullWorker final : public Worker {
 public:
  bool post(std::move_only_function<void()>) override { return false; }
};

TEST_F(Office, a_full_queue_is_said) {
  FullWorker full;
  Operations busy(Deps{.store = *store,
                       .keys = keys,
                       .master = master,
                       .hashing = full,
                       .password_cost = kCheap,
                       .policy = policy,
                       .signing_alg = "ES256",
                       .clock = clock,
                       .random = random});
  const auto added = run_task(busy.call("user.add", kUser));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().reason->id, "admin.hashing_busy");  // RFC9110-15.6.4
  EXPECT_FALSE(run_task(busy.call("key.rotate", {})));
}

}  // namespace
}  // namespace claviger::admin::test
