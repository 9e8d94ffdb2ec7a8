// Request objects: OIDCC-6.1, OIDCC-6.2, RFC7519-4.1.4, RFC9101-4, RFC9101-6.2, RFC9101-10.8; rows
// PJ, lines C6.
#include "protocol/authorize/request_object.hpp"

#include "base/base64url.hpp"
#include "protocol/authorize/request.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

namespace json = boost::json;
using crypto::Alg;

constexpr std::string_view kType = "oauth-authz-req+jwt";

// One key of each algorithm but RS256, whose keys take long to make.
const crypto::PrivateKey& key(Alg alg = Alg::ES256) {
  static const auto ec = crypto::PrivateKey::generate(Alg::ES256);
  static const auto okp = crypto::PrivateKey::generate(Alg::EdDSA);
  return alg == Alg::EdDSA ? okp : ec;
}

crypto::JwkSet keys_of(const crypto::PrivateKey& one) {
  const json::object set{{"keys", json::array{one.public_key().jwk()}}};
  return crypto::JwkSet::parse_strict(json::serialize(set)).value();
}

Client client() {
  auto client = confidential_client();
  client.profile = Profile::oidc_compat;
  client.metadata.request_uris = {"https://app.example.com/request.jwt#abc",
                                  "https://app.example.com/other"};
  return client;
}

json::object object() {
  return {{"iss", "demo"},
          {"aud", "http://localhost:2003"},
          {"exp", to_seconds(kNow) + 60},
          {"nbf", to_seconds(kNow)},
          {"client_id", "demo"},
          {"response_type", "code"},
          {"redirect_uri", kRedirect},
          {"scope", "openid email"},
          {"state", "inner"}};
}

Form outer() {
  return form({{"client_id", "demo"},
               {"response_type", "code"},
               {"scope", "openid"},
               {"request", "a.b.c"},
               {"state", "outer"},
               {"nonce", "outer"}});
}

Result<Form> merged(const json::object& inner, const Form& outside = outer(),
                    const Client& who = client()) {
  return merge_request_object(outside, inner, who, policy(), kNow);
}

std::string sign(const json::object& inner, Alg alg = Alg::ES256, std::string_view typ = kType) {
  return crypto::sign_jws(key(alg), typ, inner);
}

std::string_view verified(std::string_view jwt, const Client& who = client(),
                          Alg alg = Alg::ES256) {
  return outcome(verify_request_object(jwt, keys_of(key(alg)), who));
}

TEST(FindRequestObject, by_value_for_everybody) {
  EXPECT_FALSE(find_request_object(without(outer(), "request"), client())->has_value());
  EXPECT_EQ((*find_request_object(outer(), client()))->jwt, "a.b.c");
  EXPECT_EQ((*find_request_object(outer(), public_client()))->jwt, "a.b.c");
}

// PJ-01, C6.3: registered ones alone; whatever stands behind '#' neither counts nor is sent.
TEST(FindRequestObject, PJ_01_by_reference_only_what_is_registered) {
  const auto found = [](std::string_view uri, const Client& who) -> std::string {
    const auto sent = plus(without(outer(), "request"), "request_uri", uri);
    const auto object = find_request_object(sent, who);
    return object ? (*object)->url : std::string(object.error().reason->id);
  };
  constexpr std::string_view kUrl = "https://app.example.com/request.jwt";
  constexpr std::string_view kRefused = "request_object.uri_not_offered";
  EXPECT_EQ(found("https://app.example.com/request.jwt#abc", client()), kUrl);
  EXPECT_EQ(found("https://app.example.com/request.jwt", client()), kUrl);
  EXPECT_EQ(found("https://app.example.com/request.jwt#other", client()), kUrl);
  EXPECT_EQ(found("https://app.example.com/request.jwt?x", client()), kRefused);
  EXPECT_EQ(found("https://app.example.com/request.jw", client()), kRefused);
  EXPECT_EQ(found("http://169.254.169.254/latest/meta-data", client()), kRefused);
  EXPECT_EQ(found("file:///etc/passwd", client()), kRefused);
  EXPECT_EQ(found("urn:ietf:params:oauth:request_uri:abc", client()), kRefused);
  auto standard = client();
  standard.profile = Profile::standard;
  EXPECT_EQ(found(kUrl, standard), kRefused);
  standard.profile = Profile::fapi2;
  EXPECT_EQ(found(kUrl, standard), kRefused);
}

TEST(FindRequestObject, one_at_most) {  // OIDCC-6.1
  const auto both = plus(outer(), "request_uri", "https://app.example.com/other");
  EXPECT_EQ(outcome(find_request_object(both, client())), "request_object.twice");
  EXPECT_EQ(outcome(find_request_object(plus(outer(), "request", "x"), client())),
            "request_object.twice");
}

TEST(VerifyRequestObject, by_a_key_of_the_client) {
  EXPECT_EQ(verified(sign(object())), "ok");
  EXPECT_EQ(verified(sign(object(), Alg::ES256, "JWT")), "ok");
  EXPECT_EQ(verified(sign(object(), Alg::EdDSA), client(), Alg::EdDSA), "ok");
}

// PJ-12, C6.4
TEST(VerifyRequestObject, PJ_12_not_by_a_key_of_somebody_else) {
  const auto other = crypto::PrivateKey::generate(Alg::ES256);
  EXPECT_EQ(verified(crypto::sign_jws(other, kType, object())), "request_object.signature");
  auto jwt = sign(object());
  jwt[jwt.size() / 2] = jwt[jwt.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(verified(jwt), "request_object.signature");
  EXPECT_EQ(verified(""), "request_object.signature");
  EXPECT_EQ(verified("no JWT"), "request_object.signature");
}

// C1.5, RFC8725-3.2: unsigned, or under a secret instead of a key: never.
TEST(VerifyRequestObject, C6_4_none_and_hs256_never) {  // C6.4
  const auto unsigned_object = base64url_encode(as_bytes(R"({"alg":"none"})")) + "." +
                               base64url_encode(as_bytes(json::serialize(object()))) + ".";
  EXPECT_EQ(verified(unsigned_object), "request_object.signature");
  EXPECT_EQ(verified(unsigned_object + "AAAA"), "request_object.signature");
  const auto mac = crypto::mac_jws(crypto::MacKey(as_bytes(kSecret)), "k", kType, object());
  EXPECT_EQ(verified(mac), "request_object.signature");
}

TEST(VerifyRequestObject, the_registered_algorithm_alone) {  // OIDCDR-2
  auto strict = client();
  strict.metadata.request_object_signing_alg = "PS256";
  EXPECT_EQ(verified(sign(object()), strict), "request_object.algorithm");
  strict.metadata.request_object_signing_alg = "ES256";
  EXPECT_EQ(verified(sign(object()), strict), "ok");
}

// RFC9101-10.8: a JWT that the client signed for another purpose is no request.
TEST(VerifyRequestObject, made_to_be_a_request) {
  EXPECT_EQ(verified(sign(object(), Alg::ES256, "client-authentication+jwt")),
            "request_object.type");
  EXPECT_EQ(verified(sign(object(), Alg::ES256, "dpop+jwt")), "request_object.type");
  auto assertion = object();
  assertion["sub"] = "demo";
  EXPECT_EQ(outcome(merged(assertion)), "request_object.type");
}

TEST(VerifyRequestObject, may_be_longer_than_a_token) {
  auto large = object();
  large["claims"] = json::object{{"userinfo", json::object{{std::string(12000, 'x'), nullptr}}}};
  EXPECT_EQ(verified(sign(large)), "ok");
  large["claims"] = json::object{{"userinfo", json::object{{std::string(60000, 'x'), nullptr}}}};
  EXPECT_EQ(verified(sign(large)), "request_object.signature");
}

// C6.1, PJ-08, OIDCC-6.1: inner values win, outer-only ones count in an OpenID request.
TEST(MergeRequestObject, C6_1_inside_wins_outside_counts) {  // C6.1
  const auto form = merged(object());
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get("state"), "inner");
  EXPECT_EQ(form->get("nonce"), "outer");
  EXPECT_EQ(form->get("scope"), "openid email");
  EXPECT_EQ(form->get("redirect_uri"), kRedirect);
  for (const auto name : {"request", "iss", "aud", "exp", "nbf"}) {
    EXPECT_FALSE(form->get(name)) << name;
  }
}

TEST(MergeRequestObject, C6_2_the_inner_redirect_uri_counts) {  // C6.2
  const auto form = merged(object(), plus(outer(), "redirect_uri", "https://evil.example/"));
  EXPECT_EQ(form->all("redirect_uri").size(), 1u);
  EXPECT_EQ(form->get("redirect_uri"), kRedirect);
}

// PJ-08: without openid, or for the strict profile, nothing from outside is believed.
TEST(MergeRequestObject, PJ_08_only_the_object_counts) {
  auto plain = object();
  plain["scope"] = "email";
  auto form = merged(plain);
  EXPECT_FALSE(form->get("nonce"));
  EXPECT_EQ(form->get("client_id"), "demo");
  // An attacker who adds openid outside gains nothing: the inner scope decides.
  EXPECT_FALSE(merged(plain, with(outer(), "scope", "openid email"))->get("nonce"));
  plain.erase("scope");
  EXPECT_EQ(merged(plain)->get("nonce"), "outer");
  EXPECT_FALSE(merged(plain, without(outer(), "scope"))->get("nonce"));
  auto strict = client();
  strict.profile = Profile::fapi2;
  form = merged(object(), outer(), strict);
  EXPECT_FALSE(form->get("nonce"));
  EXPECT_EQ(form->get("state"), "inner");
}

TEST(MergeRequestObject, an_empty_value_inside_hides_the_one_outside) {
  auto inner = object();
  inner["nonce"] = "";
  EXPECT_FALSE(merged(inner)->get("nonce"));
  inner["nonce"] = nullptr;
  EXPECT_FALSE(merged(inner)->get("nonce"));
}

TEST(MergeRequestObject, values_become_parameters) {
  auto inner = object();
  inner["max_age"] = 300;
  inner["claims"] = json::object{{"id_token", json::object{{"acr", nullptr}}}};
  inner["resource"] = json::array{"urn:a", "urn:b"};
  const auto form = merged(inner);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get("max_age"), "300");
  EXPECT_EQ(form->get("claims"), R"({"id_token":{"acr":null}})");
  EXPECT_EQ(form->all("resource"), (std::vector<std::string_view>{"urn:a", "urn:b"}));
}

struct Row {
  std::string_view what;
  void (*spoil)(json::object&);
  std::string_view outcome;
};

std::int64_t at(std::int64_t seconds) { return to_seconds(kNow) + seconds; }

constexpr Row kRows[] = {
    {"nothing spoiled", [](json::object&) {}, "ok"},
    {"PJ-06 request inside", [](json::object& o) { o["request"] = "x"; }, "request_object.nested"},
    {"PJ-06 request_uri inside", [](json::object& o) { o["request_uri"] = "x"; },
     "request_object.nested"},
    {"PJ-12 another client's", [](json::object& o) { o["iss"] = "other"; },
     "request_object.issuer"},
    {"iss is no text", [](json::object& o) { o["iss"] = 7; }, "request_object.issuer"},
    {"no iss", [](json::object& o) { o.erase("iss"); }, "ok"},
    {"C6.4 aud is a list with us in it",
     [](json::object& o) { o["aud"] = json::array{"x", "http://localhost:2003"}; }, "ok"},
    {"C6.4 for another server", [](json::object& o) { o["aud"] = "https://other.example"; },
     "request_object.audience"},
    {"C6.4 aud is another endpoint",
     [](json::object& o) { o["aud"] = "http://localhost:2003/par"; }, "request_object.audience"},
    {"aud is a list without us", [](json::object& o) { o["aud"] = json::array{"x"}; },
     "request_object.audience"},
    {"aud is no text", [](json::object& o) { o["aud"] = nullptr; }, "request_object.audience"},
    {"no aud", [](json::object& o) { o.erase("aud"); }, "ok"},
    {"C6.4 expired", [](json::object& o) { o["exp"] = at(-10); }, "request_object.time"},
    {"expired within the skew", [](json::object& o) { o["exp"] = at(-9); }, "ok"},
    {"exp is no number", [](json::object& o) { o["exp"] = "soon"; }, "request_object.time"},
    {"exp further off than a clock reaches",
     [](json::object& o) { o["exp"] = (std::int64_t{1} << 53) - 1; }, "ok"},
    {"nbf further off than a clock reaches",
     [](json::object& o) { o["nbf"] = (std::int64_t{1} << 53) - 1; }, "request_object.time"},
    {"no exp", [](json::object& o) { o.erase("exp"); }, "ok"},
    {"PJ-11 nbf 8 s ahead", [](json::object& o) { o["nbf"] = at(8); }, "ok"},
    {"nbf 11 s ahead", [](json::object& o) { o["nbf"] = at(11); }, "request_object.time"},
    {"iat 10 s ahead", [](json::object& o) { o["iat"] = at(10); }, "ok"},
    {"iat 11 s ahead", [](json::object& o) { o["iat"] = at(11); }, "request_object.time"},
    {"PJ-08 another client_id", [](json::object& o) { o["client_id"] = "other"; },
     "request_object.differs"},
    {"client_id is no text", [](json::object& o) { o["client_id"] = 5; }, "request_object.differs"},
    {"no client_id", [](json::object& o) { o.erase("client_id"); }, "ok"},
    {"PJ-08 another response_type", [](json::object& o) { o["response_type"] = "code token"; },
     "request_object.differs"},
    {"response_type is no text", [](json::object& o) { o["response_type"] = 5; },
     "request_object.differs"},
    {"no response_type", [](json::object& o) { o.erase("response_type"); }, "ok"},
    {"a list that is no parameter", [](json::object& o) { o["scope"] = json::array{"openid"}; },
     "request_object.member"},
    {"an object that is no parameter", [](json::object& o) { o["state"] = json::object{}; },
     "request_object.member"},
    {"resource is a list of no texts", [](json::object& o) { o["resource"] = json::array{1}; },
     "request_object.member"},
    {"a name with a control character", [](json::object& o) { o["a\nb"] = "x"; },
     "request_object.member"},
};

TEST(MergeRequestObject, one_spoiled_member) {
  for (const auto& row : kRows) {
    auto inner = object();
    row.spoil(inner);
    EXPECT_EQ(outcome(merged(inner)), row.outcome) << row.what;
  }
}

TEST(MergeRequestObject, the_order_of_words_says_nothing) {  // OIDCM-5
  auto inner = object();
  inner["response_type"] = "id_token code";
  EXPECT_EQ(outcome(merged(inner, with(outer(), "response_type", "code id_token"))), "ok");
  EXPECT_EQ(outcome(merged(inner, without(outer(), "response_type"))), "ok");
}

TEST(MergeRequestObject, is_bounded) {
  auto inner = object();
  for (int i = 0; i < 200; ++i) inner["p" + std::to_string(i)] = "x";
  EXPECT_EQ(outcome(merged(inner)), "request_object.member");
}

TEST(NamedKey, is_read_without_any_proof) {
  EXPECT_EQ(named_key(sign(object())), key().kid());
  EXPECT_EQ(named_key("a.b"), "");
}

}  // namespace
}  // namespace claviger::protocol::test
