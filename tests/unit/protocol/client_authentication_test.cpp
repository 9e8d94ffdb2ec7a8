#include "protocol/client_authentication/authenticate.hpp"

#include <set>

#include "base/reasons/client_authentication.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

HeaderCredentials basic(std::string_view client_id, std::string_view secret) {
  return {true, true, std::pair{std::string(client_id), Secret(secret)}};
}

Form body() { return form({{"client_id", "demo"}, {"client_secret", kSecret}}); }

std::string_view parsed(const HeaderCredentials& header, const Form& body, const Form& query = {}) {
  return outcome(parse_client_credentials(header, body, query));
}

// RFC6749-2.3.1, OAUTH21-2.4
TEST(ClientCredentials, in_the_body) {
  const auto presented = parse_client_credentials({}, body(), {});
  ASSERT_TRUE(presented);
  EXPECT_EQ(presented->client_id, "demo");
  EXPECT_EQ(presented->secret->reveal(), kSecret);
  EXPECT_FALSE(presented->by_header);
}

TEST(ClientCredentials, in_the_header) {
  const auto presented =
      parse_client_credentials(basic("demo", kSecret), form({{"client_id", "demo"}}), {});
  ASSERT_TRUE(presented);
  EXPECT_EQ(presented->client_id, "demo");
  EXPECT_EQ(presented->secret->reveal(), kSecret);
  EXPECT_TRUE(presented->by_header);
}

TEST(ClientCredentials, of_a_public_client) {
  const auto presented = parse_client_credentials({}, form({{"client_id", "demo"}}), {});
  ASSERT_TRUE(presented);
  EXPECT_FALSE(presented->secret);
  // An empty password is no secret (RFC6749-2.3.1).
  EXPECT_FALSE(parse_client_credentials(basic("demo", ""), {}, {})->secret);
}

// CA-01, CA-02, CA-15, CA-21, TE-04, OAUTH21-2.4.1, OAUTH21-3.2, RFC6749-3.2.1, RFC6749-A.1
TEST(ClientCredentials, spoiled) {
  const HeaderCredentials none;
  const auto header = basic("demo", kSecret);
  const auto id_only = form({{"client_id", "demo"}});
  const auto assertion =
      form({{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}});
  const std::string long_text(1025, 's');
  struct Row {
    std::string_view id;
    HeaderCredentials header;
    Form body;
    Form query;
    std::string_view outcome;
  };
  const Row rows[] = {
      {"CA-01", header, body(), {}, "client.several_methods"},
      {"CA-01", header, plus(id_only, "client_assertion", "eyJ"), {}, "client.several_methods"},
      {"CA-01", none, plus(body(), "client_assertion", "eyJ"), {}, "client.several_methods"},
      {"CA-02", none, plus(body(), "client_assertion_type", "x"), {}, "client.several_methods"},
      {"CA-01", {true, false, {}}, body(), {}, "client.several_methods"},
      {"CA-21", none, plus(id_only, "client_assertion", "x"), {}, "client.assertion_type"},
      {"CA-21", none, plus(assertion, "client_assertion", "x"), {}, "client.assertion_unsound"},
      {"C8.4", none, assertion, {}, "client.assertion_missing"},
      {"TE-04",
       none,
       plus(assertion, "client_assertion_type", "x"),
       {},
       "client.parameter_repeated"},
      {"CA-15", none, id_only, form({{"client_secret", "s"}}), "client.credentials_in_query"},
      {"CA-15", header, {}, form({{"client_secret", "s"}}), "client.credentials_in_query"},
      {"CA-15", none, body(), form({{"client_assertion", "s"}}), "client.credentials_in_query"},
      {"TE-04", none, plus(body(), "client_id", "demo"), {}, "client.parameter_repeated"},
      {"TE-04", none, plus(body(), "client_secret", "x"), {}, "client.parameter_repeated"},
      {"RFC6749-2.3.1", {true, true, {}}, {}, {}, "client.header_malformed"},
      {"RFC6749-2.3.1", {true, false, {}}, {}, {}, "client.header_malformed"},
      {"RFC6749-2.3.1", basic("", kSecret), {}, {}, "client.header_malformed"},
      {"RFC6749-3.2.1", header, form({{"client_id", "other"}}), {}, "client.id_differs"},
      {"RFC6749-5.2", none, {}, {}, "client.missing"},
      {"RFC6749-5.2", none, form({{"client_secret", kSecret}}), {}, "client.missing"},
      {"TE-05", none, form({{"client_id", ""}}), {}, "client.missing"},
      {"RFC6749-A.1", none, form({{"client_id", std::string(257, 'a')}}), {}, "client.malformed"},
      {"RFC6749-A.1", none, form({{"client_id", "d\xc3\xa9"}}), {}, "client.malformed"},
      {"RFC6749-A.1", basic("demo", long_text), {}, {}, "client.malformed"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(parsed(row.header, row.body, row.query), row.outcome) << row.id;
  }
}

std::string_view judged(const std::optional<Client>& client, std::optional<std::string> secret,
                        Time now = kNow) {
  PresentedClient presented;
  presented.client_id = "demo";
  if (secret) presented.secret = Secret(*secret);
  return outcome(judge_client(presented, client ? shared(*client) : nullptr, ring(), now));
}

Client with_previous_secret(std::string_view previous) {
  auto client = confidential_client();
  const auto [hash, kid] = ring().hash_client_secret(Secret(previous), kNow);
  client.previous_secret_hash = hash;
  client.previous_secret_kid = kid;
  client.previous_secret_until = kNow + hours(1);
  return client;
}

// CA-03, CA-17, RFC6749-2.3, RFC7591-3.2.1
TEST(JudgeClient, right_and_wrong) {
  const std::string right(kSecret);
  EXPECT_EQ(judged(confidential_client(), right), "ok");
  EXPECT_EQ(judged(public_client(), {}), "ok");
  EXPECT_EQ(judged({}, right), "client.unknown");
  EXPECT_EQ(judged(confidential_client(), "a-secret-of-20-charS"), "client.secret_wrong");
  EXPECT_EQ(judged(confidential_client(), right.substr(1)), "client.secret_wrong");
  EXPECT_EQ(judged(confidential_client(), {}), "client.secret_missing");
  EXPECT_EQ(judged(public_client(), right), "client.secret_unexpected");

  auto disabled = confidential_client();
  disabled.disabled = true;
  EXPECT_EQ(judged(disabled, right), "client.disabled");
  auto disabled_public = public_client();
  disabled_public.disabled = true;
  EXPECT_EQ(judged(disabled_public, {}), "client.disabled");

  auto expiring = confidential_client();
  expiring.secret_expires_at = kNow + 1s;
  EXPECT_EQ(judged(expiring, right), "ok");
  EXPECT_EQ(judged(expiring, right, kNow + 1s), "client.secret_expired");

  // A record without a hash lets nobody in, whatever its method says.
  auto bare = confidential_client();
  bare.secret_hash.reset();
  EXPECT_EQ(judged(bare, right), "client.secret_wrong");
  auto foreign = confidential_client();
  foreign.secret_kid = "gone";
  EXPECT_EQ(judged(foreign, right), "client.secret_wrong");
}

// CA-17: the old secret is good inside the overlap and not a moment longer.
TEST(JudgeClient, CA_17_rotated_secret) {
  const auto client = with_previous_secret("the-secret-before-that");
  EXPECT_EQ(judged(client, "the-secret-before-that"), "ok");
  EXPECT_EQ(judged(client, std::string(kSecret)), "ok");
  EXPECT_EQ(judged(client, "the-secret-before-that", kNow + hours(1)), "client.secret_wrong");
  EXPECT_EQ(judged(client, "another-secret-altogether"), "client.secret_wrong");
}

// CA-17: each secret was hashed under a key of its own, and the key may change with the secret.
TEST(JudgeClient, CA_17_the_secret_before_has_its_own_key) {
  const crypto::KeyRing rotated({}, {mac("refresh-1")}, {mac("secret-1"), mac("secret-2")});
  auto client = confidential_client();
  client.previous_secret_hash = client.secret_hash;
  client.previous_secret_kid = client.secret_kid;
  client.previous_secret_until = kNow + hours(1);
  const Secret fresh("the-secret-after-that");
  client.secret_hash = rotated.hash_client_secret_with("secret-2", fresh);
  client.secret_kid = "secret-2";
  const PresentedClient before{"demo", Secret(kSecret), false, {}};
  const PresentedClient after{"demo", fresh, false, {}};
  EXPECT_EQ(outcome(judge_client(before, shared(client), rotated, kNow)), "ok");
  EXPECT_EQ(outcome(judge_client(after, shared(client), rotated, kNow)), "ok");
  client.previous_secret_kid = "secret-2";
  EXPECT_EQ(outcome(judge_client(before, shared(client), rotated, kNow)), "client.secret_wrong");
}

// CA-03: a client that registered an assertion is let in by nothing else.
TEST(JudgeClient, CA_03_only_the_registered_method) {
  const std::string right(kSecret);
  for (const auto method : {AuthMethod::private_key_jwt, AuthMethod::client_secret_jwt}) {
    auto client = confidential_client();
    client.auth_method = method;
    EXPECT_EQ(judged(client, right), "client.other_method");
    EXPECT_EQ(judged(client, {}), "client.other_method");
  }
  // The two ways of sending a secret stand in for one another.
  auto client = confidential_client();
  client.auth_method = AuthMethod::client_secret_post;
  EXPECT_EQ(judged(client, right), "ok");
}

// The record that was looked up has to be the one that was asked for.
TEST(JudgeClient, compares_the_id) {
  auto other = confidential_client();
  other.client_id = "other";
  EXPECT_EQ(judged(other, std::string(kSecret)), "client.unknown");
}

// CA-12: on the wire nobody can tell an unknown client from a wrong secret.
TEST(JudgeClient, CA_12_failures_look_the_same) {
  std::set<std::string_view> texts;
  for (const auto* reason : reason::kAllClientAuthentication) {
    if (reason->code == ErrorCode::invalid_client) texts.insert(reason->description);
  }
  EXPECT_EQ(texts.size(), 1u);
}

TEST(JudgeClient, gives_the_record) {
  EXPECT_EQ(authenticated(confidential_client()).record().client_id, "demo");
}

}  // namespace
}  // namespace claviger::protocol::test
