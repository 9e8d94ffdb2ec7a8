// Clients that authenticate by assertion (rows CA, JO, KY-08; C8.2 to C8.5), through the whole
// node.
#include <set>

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "endpoints/client_keys.hpp"
#include "tests/server/grants_world.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kKeysAt = "https://signer.example/jwks";

class ClientAssertions : public GrantsWorld {
 protected:
  void SetUp() override {
    site.fetch = [this](outbound::Request request) -> endpoints::Fetched {
      ++fetches;
      EXPECT_EQ(request.url, kKeysAt);
      if (during_fetch) during_fetch();
      if (failure) co_return std::unexpected(*failure);
      co_return published;
    };
    site.reopen();
    GrantsWorld::SetUp();
    published.status = 200;
    published.body = jwks_of({&client_key()});
    add(make_signing_client("signer"));
    auto remote = make_signing_client("remote");
    remote.metadata.jwks.clear();
    remote.metadata.jwks_uri = kKeysAt;
    add(remote);
  }

  static Form own() { return form_of({{"grant_type", "client_credentials"}}); }
  http::Response ask(const std::string& assertion) {
    return site.post("/token", with_assertion(own(), assertion));
  }
  http::Response ask_as(const std::string& name) { return ask(assertion(name)); }
  std::string signed_by(const crypto::PrivateKey& key, const std::string& name) {
    return crypto::sign_jws(key, "JWT", assertion_claims(name));
  }
  void expect_refused(const http::Response& response, std::string_view reason) {
    EXPECT_EQ(response.status, 401u) << response.body;
    EXPECT_EQ(text_of(response, "error"), "invalid_client");
    EXPECT_EQ(reason_of(response), reason);
    EXPECT_FALSE(response.headers.find("www-authenticate"));
  }

  int fetches = 0;
  std::optional<outbound::FetchError> failure;
  outbound::Response published;
  std::function<void()> during_fetch;
};

// C8.2, RFC7523-2.2, OIDCC-9
TEST_F(ClientAssertions, C8_2_PrivateKeyJwt) {
  const auto response = ask_as("signer");
  EXPECT_EQ(response.status, 200u) << response.body;
  EXPECT_EQ(claim(text_of(response, "access_token"), "client_id"), "signer");
  EXPECT_EQ(fetches, 0);
}

// C8.2, RFC7518-3.2: the secret is opened for the moment of the proof.
TEST_F(ClientAssertions, C8_2_ClientSecretJwt) {
  const std::string secret(43, 's');
  auto record = make_client("sharer");
  record.auth_method = AuthMethod::client_secret_jwt;
  record.sealed_secret =
      site.node().deps().master.seal(as_bytes(secret), "client_secret:sharer", site.random);
  add(record);
  const auto shared = [&](std::string_view key) {
    return crypto::mac_jws(crypto::MacKey(as_bytes(key)), "any", "JWT", assertion_claims("sharer"));
  };
  EXPECT_EQ(ask(shared(secret)).status, 200u);
  expect_refused(ask(shared(std::string(43, 't'))), "client.assertion_signature");
  // SQ-03: what was sealed for one client opens for no other.
  record.client_id = "thief";
  add(record);
  const auto stolen =
      crypto::mac_jws(crypto::MacKey(as_bytes(secret)), "any", "JWT", assertion_claims("thief"));
  expect_refused(ask(stolen), "client.assertion_key");
}

// CA-06, C8.4: once, and a restart resets nothing.
TEST_F(ClientAssertions, CA_06_IsGoodOnce) {
  const auto once = assertion("signer");
  EXPECT_EQ(ask(once).status, 200u);
  expect_refused(ask(once), "client.assertion_replayed");
  site.reopen();
  expect_refused(ask(once), "client.assertion_replayed");
  // CA-07: neither does time, for as long as the assertion itself would be taken.
  site.clock.advance(69s);
  expect_refused(ask(once), "client.assertion_replayed");
  site.clock.advance(1s);
  expect_refused(ask(once), "client.assertion_expired");
}

// CA-06: another client's id is another id.
TEST_F(ClientAssertions, CA_06_IdsOfTwoClientsDontMeet) {
  add(make_signing_client("other"));
  for (const std::string name : {"signer", "other"}) {
    auto claims = assertion_claims(name);
    claims["jti"] = "the very same";
    EXPECT_EQ(ask(crypto::sign_jws(client_key(), "JWT", claims)).status, 200u) << name;
  }
}

// CA-06, TE-14: what could not be remembered is not taken.
TEST_F(ClientAssertions, CA_06_StoreFailure) {
  const auto once = assertion("signer");
  site.store_fails_in = 1;  // the client is read, then the id is to be remembered
  const auto broken = ask(once);
  EXPECT_EQ(broken.status, 503u);
  EXPECT_EQ(text_of(broken, "access_token"), "");
  EXPECT_EQ(ask(once).status, 200u);
}

// CA-01, CA-02, CA-15, CA-21: refused before anything is looked at, and nothing is used up.
TEST_F(ClientAssertions, CA_01_OneMethodAtATime) {
  const auto once = assertion("signer");
  auto both = with_assertion(own(), once);
  both.add("client_secret", "a-secret-of-signer");
  EXPECT_EQ(reason_of(site.post("/token", both)), "client.several_methods");
  auto header = Site::make_post("/token", with_assertion(own(), once));
  header.headers.add("Authorization", "Basic " + base64_encode(as_bytes("signer:secret")));
  EXPECT_EQ(reason_of(site.send(header)), "client.several_methods");
  const auto query = "/token?" + form_of({{"client_assertion", once}}).encode();
  EXPECT_EQ(reason_of(site.post(query, own())), "client.credentials_in_query");
  auto saml = own();
  saml.add("client_assertion", once);
  saml.add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer");
  const auto other = site.post("/token", saml);
  EXPECT_EQ(other.status, 400u);
  EXPECT_EQ(text_of(other, "error"), "invalid_request");
  EXPECT_EQ(reason_of(other), "client.assertion_type");
  // CA-02: an unsigned one beside a right secret satisfies nobody.
  add(make_client("sharer"));
  auto forged = as("sharer", with_assertion(own(), "e30.e30.e30"));
  EXPECT_EQ(site.post("/token", forged).status, 400u);
  EXPECT_EQ(ask(once).status, 200u);
}

// CA-03
TEST_F(ClientAssertions, CA_03_OnlyTheRegisteredMethod) {
  expect_refused(site.post("/token", as("signer", own())), "client.other_method");
  add(make_client("sharer"));
  expect_refused(ask_as("sharer"), "client.other_method");
  auto nothing = own();
  nothing.add("client_id", "signer");
  expect_refused(site.post("/token", nothing), "client.other_method");
}

// C8.5
TEST_F(ClientAssertions, C8_5_TheClientIdBesideIt) {
  auto form = with_assertion(own(), assertion("signer"));
  form.add("client_id", "remote");
  expect_refused(site.post("/token", form), "client.id_differs");
}

// C8.3, CA-09: the token endpoint is an audience for certified OpenID clients alone.
TEST_F(ClientAssertions, C8_3_AudienceByProfile) {
  const auto to = [&](const boost::json::value& aud) {
    auto claims = assertion_claims("signer");
    claims["aud"] = aud;
    return ask(crypto::sign_jws(client_key(), "JWT", claims)).status;
  };
  const std::string endpoint = std::string(kIssuer) + "/token";
  EXPECT_EQ(to(kIssuer), 200u);
  EXPECT_EQ(to(boost::json::string(endpoint)), 401u);
  EXPECT_EQ(to(boost::json::array{kIssuer}), 401u);
  change_client("signer", [](Client& client) { client.profile = Profile::oidc_compat; });
  EXPECT_EQ(to(kIssuer), 200u);
  EXPECT_EQ(to(boost::json::string(endpoint)), 200u);
  EXPECT_EQ(to(boost::json::array{endpoint, "https://other.example"}), 200u);
  EXPECT_EQ(to(boost::json::string(endpoint + "/")), 401u);
  EXPECT_EQ(to("https://other.example"), 401u);
}

// CA-11, JO-27: nothing that was made for something else, or by us, stands in for an assertion.
TEST_F(ClientAssertions, CA_11_OtherTokens) {
  auto request = with(authorize_request(), "scope", "openid");
  Browser browser(site);
  const auto code = parameter(sign_in(browser, request), "code");
  const auto tokens = site.post("/token", code_form(code));
  auto form = own();
  form.add("client_id", "signer");
  for (const char* name : {"id_token", "access_token"}) {
    auto with_token = with_assertion(own(), text_of(tokens, name));
    EXPECT_EQ(site.post("/token", with_token).status, 401u) << name;
  }
  const auto proof = crypto::sign_jws(client_key(), "dpop+jwt", assertion_claims("signer"));
  expect_refused(ask(proof), "client.assertion_for_else");
}

// CA-12: on the wire an unknown client, a foreign key and a used id look the same.
TEST_F(ClientAssertions, CA_12_FailuresLookTheSame) {
  const auto thief = crypto::PrivateKey::generate(crypto::Alg::ES256);
  const auto once = assertion("signer");
  EXPECT_EQ(ask(once).status, 200u);
  std::set<std::string> bodies;
  for (const auto& sent : {once, signed_by(thief, "signer"), assertion("nobody"),
                           signed_by(client_key(), "remote").substr(0, 200)}) {
    const auto response = ask(sent);
    EXPECT_EQ(response.status, 401u);
    auto object = json_of(response);
    object.erase("request_id");
    bodies.insert(boost::json::serialize(object));
  }
  EXPECT_EQ(bodies.size(), 1u);
}

// CA-13: who guesses is slowed down, the client itself is not.
TEST_F(ClientAssertions, CA_13_ManyFailures) {
  const auto from = [&](const std::string& address, const std::string& sent) {
    auto request = Site::make_post("/token", with_assertion(own(), sent));
    request.peer = address;
    return site.send(request);
  };
  std::string last;
  for (int i = 0; i < 60 && last != "client.too_many_failures"; ++i) {
    last = reason_of(from("198.51.100.7", assertion("signer") + "AAAA"));
  }
  EXPECT_EQ(last, "client.too_many_failures");
  EXPECT_EQ(from("198.51.100.8", assertion("signer")).status, 200u);
}

// CA-17
TEST_F(ClientAssertions, CA_17_DisabledClient) {
  run_task(store().clients.set_disabled("signer", true, site.clock.now()));
  expect_refused(ask_as("signer"), "client.disabled");
  run_task(store().clients.set_disabled("remote", true, site.clock.now()));
  expect_refused(ask_as("remote"), "client.disabled");
  EXPECT_EQ(fetches, 0);
}

// KY-08, OIDCC-10.1.1: fetched once, then kept.
TEST_F(ClientAssertions, KY_08_PublishedKeysAreKept) {
  EXPECT_EQ(ask_as("remote").status, 200u);
  EXPECT_EQ(ask_as("remote").status, 200u);
  EXPECT_EQ(fetches, 1);
  site.clock.advance(3599s);
  EXPECT_EQ(ask_as("remote").status, 200u);
  EXPECT_EQ(fetches, 1);
  site.clock.advance(1s);
  EXPECT_EQ(ask_as("remote").status, 200u);
  EXPECT_EQ(fetches, 2);
}

// KY-08, RFC9111-5.2.2: for as long as the client says, within our own bounds.
TEST_F(ClientAssertions, KY_08_CacheControl) {
  struct Row {
    const char* said;
    std::chrono::seconds fresh;
  };
  const Row rows[] = {{"max-age=600", 600s},
                      {"public, max-age=600 , must-revalidate", 600s},
                      {"max-age=0", 30s},
                      {"no-store", 30s},
                      {"no-cache, max-age=600", 30s},
                      {"Max-Age=99999999999", 86400s},
                      {"max-age=nonsense", 3600s},
                      {"max-age=-5", 3600s}};
  for (const auto& row : rows) {
    site.reopen();
    fetches = 0;
    published.headers = {{"cache-control", row.said}};
    EXPECT_EQ(ask_as("remote").status, 200u) << row.said;
    site.clock.advance(row.fresh - 1s);
    EXPECT_EQ(ask_as("remote").status, 200u) << row.said;
    EXPECT_EQ(fetches, 1) << row.said;
    site.clock.advance(1s);
    EXPECT_EQ(ask_as("remote").status, 200u) << row.said;
    EXPECT_EQ(fetches, 2) << row.said;
  }
}

// C3.7, CA-19: an unknown kid is looked for once, and then not for half a minute.
TEST_F(ClientAssertions, CA_19_UnknownKid) {
  EXPECT_EQ(ask_as("remote").status, 200u);
  const auto fresh = crypto::PrivateKey::generate(crypto::Alg::ES256);
  expect_refused(ask(signed_by(fresh, "remote")), "client.assertion_key");
  EXPECT_EQ(fetches, 1);  // it had been fetched at this very moment
  site.clock.advance(30s);
  published.body = jwks_of({&client_key(), &fresh});
  EXPECT_EQ(ask(signed_by(fresh, "remote")).status, 200u);
  EXPECT_EQ(fetches, 2);
  const auto stranger = crypto::PrivateKey::generate(crypto::Alg::ES256);
  for (int i = 0; i < 20; ++i) {
    expect_refused(ask(signed_by(stranger, "remote")), "client.assertion_key");
    site.clock.advance(1s);
  }
  EXPECT_EQ(fetches, 2);
  site.clock.advance(10s);
  expect_refused(ask(signed_by(stranger, "remote")), "client.assertion_key");
  EXPECT_EQ(fetches, 3);
}

// CA-19: one fetches, whoever comes meanwhile gets what was kept.
TEST_F(ClientAssertions, CA_19_SingleFlight) {
  during_fetch = [&] {
    during_fetch = {};
    expect_refused(ask_as("remote"), "client.assertion_key");
  };
  EXPECT_EQ(ask_as("remote").status, 200u);
  EXPECT_EQ(fetches, 1);
  // With a kept set nobody is refused meanwhile.
  site.clock.advance(3600s);
  during_fetch = [&] {
    during_fetch = {};
    EXPECT_EQ(ask_as("remote").status, 200u);
  };
  EXPECT_EQ(ask_as("remote").status, 200u);
  EXPECT_EQ(fetches, 2);
}

// CA-18: an address inside is refused like every other failure, and told to the operator alone.
TEST_F(ClientAssertions, CA_18_InternalAddress) {
  failure = outbound::FetchError::address_refused;
  const auto refused = ask_as("remote");
  expect_refused(refused, "client.assertion_key");
  EXPECT_TRUE(was_logged("ssrf.blocked"));
  site.clock.advance(30s);
  failure = outbound::FetchError::unreachable;
  auto one = json_of(refused);
  auto other = json_of(ask_as("remote"));
  one.erase("request_id");
  other.erase("request_id");
  EXPECT_EQ(one, other);
}

// CA-19: a failure is remembered too.
TEST_F(ClientAssertions, CA_19_FailuresAreKept) {
  failure = outbound::FetchError::timed_out;
  for (int i = 0; i < 10; ++i) expect_refused(ask_as("remote"), "client.assertion_key");
  EXPECT_EQ(fetches, 1);
  failure.reset();
  site.clock.advance(30s);
  EXPECT_EQ(ask_as("remote").status, 200u);
}

// A stranger who names unknown keys while the client's site is down may not lock the client out; a
// day later what was kept is too old all the same.
TEST_F(ClientAssertions, KY_08_OldKeysLiveOnForADay) {
  EXPECT_EQ(ask_as("remote").status, 200u);
  failure = outbound::FetchError::unreachable;
  const auto stranger = crypto::PrivateKey::generate(crypto::Alg::ES256);
  site.clock.advance(60s);
  expect_refused(ask(signed_by(stranger, "remote")), "client.assertion_key");
  EXPECT_EQ(ask_as("remote").status, 200u);
  site.clock.advance(23h);
  EXPECT_EQ(ask_as("remote").status, 200u);
  site.clock.advance(1h);
  expect_refused(ask_as("remote"), "client.assertion_key");
}

// CA-20, CA-19: answers that are no sound set of public keys.
TEST_F(ClientAssertions, CA_20_UnsoundAnswers) {
  const auto jwk = client_key().public_key().jwk();
  auto with_private = jwk;
  with_private["d"] = "AAAA";
  const boost::json::object symmetric{{"kty", "oct"}, {"k", "AAAA"}, {"kid", "s"}};
  const auto set = [](boost::json::array keys) {
    return boost::json::serialize(boost::json::object{{"keys", std::move(keys)}});
  };
  const auto sound = set({jwk});
  struct Row {
    const char* name;
    int status;
    std::string body;
  };
  const Row rows[] = {
      {"status 404", 404, sound},
      {"status 302", 302, sound},
      {"no JSON", 200, "<html>"},
      {"no set", 200, "{}"},
      {"empty", 200, ""},
      {"too large", 200, sound + std::string(limits::kJwksBytes, ' ')},
      {"a private key", 200, set({with_private})},
      {"a symmetric key", 200, set({jwk, symmetric})},
      {"one kid twice", 200, set({jwk, jwk})},
  };
  for (const auto& row : rows) {
    site.reopen();
    published.status = row.status;
    published.body = row.body;
    EXPECT_EQ(reason_of(ask_as("remote")), "client.assertion_key") << row.name;
  }
  site.reopen();
  published.status = 200;
  published.body = sound;
  EXPECT_EQ(ask_as("remote").status, 200u);
}

// JO-06: without a kid every key that fits is tried.
TEST_F(ClientAssertions, JO_06_NoKid) {
  const auto part = [](const boost::json::object& object) {
    return base64url_encode(as_bytes(boost::json::serialize(object)));
  };
  const auto input = part({{"alg", "ES256"}}) + "." + part(assertion_claims("remote"));
  const auto other = crypto::PrivateKey::generate(crypto::Alg::ES256);
  published.body = jwks_of({&other, &client_key()});
  EXPECT_EQ(ask(input + "." + base64url_encode(client_key().sign(input))).status, 200u);
}

// The cache is bounded: whoever was asked longest ago makes room.
TEST(ClientKeysCache, KY_08_IsBounded) {
  endpoints::ClientKeys cache;
  const Time start = from_seconds(1'800'000'000);
  for (std::size_t i = 0; i < endpoints::ClientKeys::kMost + 10; ++i) {
    endpoints::ClientKeys::Entry entry;
    entry.asked_at = start + std::chrono::seconds(i);
    cache.put(std::to_string(i), entry);
  }
  EXPECT_FALSE(cache.find("9"));
  EXPECT_TRUE(cache.find("10"));
  EXPECT_TRUE(cache.find(std::to_string(endpoints::ClientKeys::kMost + 9)));
}

}  // namespace
}  // namespace claviger::test
