// ID tokens: what stands in them, how they are protected, and when one that comes back counts.
#include "protocol/tokens/id_token.hpp"

#include <set>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/jwe.hpp"
#include "crypto/jws.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

using crypto::Alg;

// One active key of each algorithm, and one that is only published ahead.
const crypto::KeyRing& all_keys() {
  static const crypto::KeyRing ring(
      {{crypto::PrivateKey::generate(Alg::RS256), kNow - hours(24), {}},
       {crypto::PrivateKey::generate(Alg::ES256), kNow - hours(24), {}},
       {crypto::PrivateKey::generate(Alg::EdDSA), kNow - hours(24), {}},
       {crypto::PrivateKey::generate(Alg::EdDSA), kNow + hours(24), {}}},
      {mac("refresh-1")}, {mac("secret-1")});
  return ring;
}

IdTokenFacts facts() {
  IdTokenFacts facts;
  facts.sub = user().sub;
  facts.acr = "urn:claviger:acr:1";
  facts.amr = {"pwd"};
  facts.auth_time = kNow - minutes(5);
  facts.nonce = "n-0S6_WzA2Mj";
  facts.sid = "the-sid";
  return facts;
}

boost::json::object claims(const IdTokenFacts& of, Alg alg = Alg::RS256) {
  return id_token_claims(of, confidential_client(), alg, policy(), kNow);
}

std::set<std::string> names(const boost::json::object& object) {
  std::set<std::string> all;
  for (const auto& member : object) all.emplace(member.key());
  return all;
}

std::string protected_as(const boost::json::object& payload, Alg alg = Alg::RS256,
                         std::string_view typ = "JWT") {
  claviger::test::ScriptedRandom random(1);
  return protect(payload, {}, alg, typ, all_keys(), nullptr, random, kNow).value();
}

// C4.1, OIDCC-2
TEST(IdToken, C4_1_says_what_it_must) {
  const auto token = claims(facts());
  EXPECT_EQ(json_text(token, "iss"), policy().issuer);
  EXPECT_EQ(token.at("aud"), "demo");  // one text, no list
  EXPECT_EQ(json_text(token, "sub"), user().sub);
  EXPECT_EQ(token.at("iat"), to_seconds(kNow));
  EXPECT_EQ(token.at("exp"), to_seconds(kNow + 600s));
  EXPECT_EQ(token.at("auth_time"), to_seconds(kNow - minutes(5)));
  EXPECT_EQ(token.at("nonce"), "n-0S6_WzA2Mj");
  EXPECT_EQ(token.at("acr"), "urn:claviger:acr:1");
  EXPECT_EQ(boost::json::serialize(token.at("amr")), R"(["pwd"])");
}

// C4.3, OIDCC-5.1.2: nothing that was not asked for.
TEST(IdToken, C4_3_says_nothing_else) {
  auto everything = facts();
  everything.access_token = "a";
  everything.code = "c";
  EXPECT_EQ(names(claims(everything)),
            (std::set<std::string>{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr",
                                   "amr", "sid", "at_hash", "c_hash"}));
  IdTokenFacts least;
  least.sub = "s";
  EXPECT_EQ(names(claims(least)), (std::set<std::string>{"iss", "sub", "aud", "exp", "iat"}));
}

// C4.2, OIDCC-3.1.3.6, OIDCC-3.3.2.11: the hashes follow the algorithm of the ID token. The values
// are those of OpenID Connect Core, appendices A.3 and A.4.
TEST(IdToken, C4_2_hashes_what_comes_beside_it) {
  auto beside = facts();
  beside.access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
  beside.code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
  EXPECT_EQ(claims(beside).at("at_hash"), "77QmUPtjPfzWtF2AnpK9RQ");
  EXPECT_EQ(claims(beside).at("c_hash"), "LDktKdoQak3Pk0cnXxCltA");
  // EdDSA goes with SHA-512: half of that is 32 bytes.
  EXPECT_EQ(base64url_decode(claims(beside, Alg::EdDSA).at("at_hash").as_string())->size(), 32u);
}

TEST(IdToken, a_persons_claim_never_takes_the_place_of_one_of_ours) {
  auto hostile = facts();
  hostile.claims = {{"sub", "root"}, {"nickname", "Ada"}};
  EXPECT_EQ(json_text(claims(hostile), "sub"), user().sub);
  EXPECT_EQ(claims(hostile).at("nickname"), "Ada");
}

TEST(IdToken, C4_1_is_signed_with_RS256_unless_registered_otherwise) {  // C4.1, OIDCDR-2
  auto client = confidential_client();
  EXPECT_EQ(id_token_alg(client), Alg::RS256);
  client.metadata.id_token.signed_alg = "EdDSA";
  EXPECT_EQ(id_token_alg(client), Alg::EdDSA);
}

// C2.4: the kid of a published key, always.
TEST(IdToken, C2_4_names_its_key) {
  for (const Alg alg : {Alg::RS256, Alg::ES256, Alg::EdDSA}) {
    const auto header = crypto::peek_jws(protected_as(claims(facts()), alg))->header;
    EXPECT_EQ(json_text(header, "alg"), crypto::to_string(alg));
    const auto* key = all_keys().find_public(header.at("kid").as_string(), kNow);
    ASSERT_NE(key, nullptr);
    EXPECT_EQ(all_keys().signing_key(alg, kNow)->kid(), key->kid());
  }
}

TEST(IdToken, without_an_active_key_of_its_algorithm_there_is_none) {  // OIDCC-10.1
  claviger::test::ScriptedRandom random(1);
  const auto none =
      protect(claims(facts()), {}, Alg::PS256, "JWT", all_keys(), nullptr, random, kNow);
  EXPECT_EQ(outcome(none), "id_token.no_key");
}

constexpr std::string_view kRecipient = R"("kty":"EC","crv":"P-256","kid":"enc-1","use":"enc",)"
                                        R"("x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",)"
                                        R"("y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck")";

// RFC7517-A.2's shape; the pair is that of RFC7518-C.
TEST(IdToken, C4_2_is_encrypted_to_the_client_that_wants_it) {  // C4.2, OIDCC-10.2
  claviger::test::ScriptedRandom random(1);
  const std::string published = "{\"keys\":[{" + std::string(kRecipient) + "}]}";
  const auto keys = crypto::JwkSet::parse_strict(published);
  ASSERT_TRUE(keys);
  const Protection protection{"RS256", "ECDH-ES+A128KW", ""};
  const auto token =
      protect(claims(facts()), protection, Alg::RS256, "JWT", all_keys(), &*keys, random, kNow);
  ASSERT_TRUE(token) << token.error().reason->id;
  const auto jwk = parse_json("{" + std::string(kRecipient) +
                              R"(,"d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"})");
  const auto key = crypto::DecryptionKey::from_jwk(jwk->as_object());
  ASSERT_TRUE(key);
  const auto opened = crypto::decrypt_jwe(*token, *key, crypto::KeyAlg::ecdh_es_a128kw,
                                          crypto::ContentEnc::a128cbc_hs256);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->header.at("cty"), "JWT");
  EXPECT_EQ(opened->header.at("kid"), "enc-1");
  const auto inner = crypto::peek_jws(opened->plain.reveal());
  ASSERT_TRUE(inner);
  EXPECT_EQ(json_text(inner->payload, "sub"), user().sub);
}

TEST(IdToken, without_a_key_of_the_clients_that_fits_nothing_leaves_unencrypted) {  // OIDCC-10.2
  claviger::test::ScriptedRandom random(1);
  const auto keys = crypto::JwkSet::parse_strict("{\"keys\":[{" + std::string(kRecipient) + "}]}");
  const auto attempt = [&](Protection protection, const crypto::JwkSet* recipient) {
    return outcome(protect(claims(facts()), protection, Alg::RS256, "JWT", all_keys(), recipient,
                           random, kNow));
  };
  EXPECT_EQ(attempt({"RS256", "ECDH-ES", "A256GCM"}, &*keys), "ok");
  EXPECT_EQ(attempt({"RS256", "RSA-OAEP-256", "A256GCM"}, &*keys), "id_token.no_recipient");
  EXPECT_EQ(attempt({"RS256", "ECDH-ES", "A256GCM"}, nullptr), "id_token.no_recipient");
  EXPECT_EQ(attempt({"RS256", "RSA1_5", "A256GCM"}, &*keys), "id_token.no_recipient");
  EXPECT_EQ(attempt({"RS256", "ECDH-ES", "A512"}, &*keys), "id_token.no_recipient");
}

std::string_view hinted(std::string_view token, Time now = kNow) {
  return outcome(verify_id_token_hint(token, all_keys(), policy(), now));
}

// C5.12, C15.2: our own count, expired ones too.
TEST(IdTokenHint, C5_12_one_of_ours_counts_even_when_it_is_expired) {
  const auto token = protected_as(claims(facts()));
  const auto hint = verify_id_token_hint(token, all_keys(), policy(), kNow + hours(1000));
  ASSERT_TRUE(hint) << hint.error().reason->id;
  EXPECT_EQ(hint->sub, user().sub);
  EXPECT_EQ(hint->client_id, "demo");
  EXPECT_EQ(hint->sid, "the-sid");
}

// CI-25, JO-26, JO-27, OIDCC-3.1.2.1, OIDCRL-2
TEST(IdTokenHint, spoiled) {
  const auto with = [](std::string_view name, boost::json::value value) {
    auto spoiled = claims(facts());
    spoiled[name] = std::move(value);
    return protected_as(spoiled);
  };
  const auto without = [](std::string_view name) {
    auto spoiled = claims(facts());
    spoiled.erase(name);
    return protected_as(spoiled);
  };
  auto flipped = protected_as(claims(facts()));
  flipped[flipped.size() - 5] = flipped[flipped.size() - 5] == 'A' ? 'B' : 'A';
  const auto unsigned_token = base64url_encode(as_bytes(R"({"alg":"none","typ":"JWT"})")) + "." +
                              base64url_encode(as_bytes(boost::json::serialize(claims(facts())))) +
                              ".";
  struct Row {
    std::string_view id;
    std::string token;
    bool counts;
  };
  const Row rows[] = {
      {"valid", protected_as(claims(facts())), true},
      {"EdDSA", protected_as(claims(facts()), Alg::EdDSA), true},
      {"a list of one client", with("aud", boost::json::array{"demo"}), true},
      {"C15.2 alg none", unsigned_token, false},
      {"C15.2 another key",
       crypto::sign_jws(crypto::PrivateKey::generate(Alg::ES256), "JWT", claims(facts())), false},
      {"a flipped bit", flipped, false},
      {"JO-26 a slash", with("iss", "http://localhost:2003/"), false},
      {"JO-26 another case", with("iss", "http://LOCALHOST:2003"), false},
      {"JO-27 an access token", protected_as(claims(facts()), Alg::RS256, "at+jwt"), false},
      {"JO-27 a logout token", with("events", boost::json::object{}), false},
      {"JO-27 signed UserInfo: no exp", without("exp"), false},
      {"JO-27 signed UserInfo: no iat", without("iat"), false},
      {"JO-25 no aud", without("aud"), false},
      {"JO-25 two clients", with("aud", boost::json::array{"demo", "other"}), false},
      {"JO-25 a number", with("aud", 1), false},
      {"no sub", without("sub"), false},
      {"garbage", "x.y.z", false},
      {"nothing", "", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(hinted(row.token), row.counts ? "ok" : "id_token_hint.invalid") << row.id;
  }
}

}  // namespace
}  // namespace claviger::protocol::test
