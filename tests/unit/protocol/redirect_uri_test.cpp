#include "protocol/authorize/redirect_uri.hpp"

#include "protocol/authorize/loopback.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

struct Row {
  std::string_view id;  // attack or clause
  std::string_view uri;
  std::string_view outcome;
};

std::string_view registered_as(std::string_view uri, bool public_client = true) {
  return outcome(judge_redirect_uri_for_registration(uri, public_client, policy()));
}

// RFC6749-3.1.2, RFC8252-7.1, RFC8252-7.3
TEST(RedirectUriRegistration, takes_what_the_allow_list_names) {
  for (const std::string_view uri :
       {"https://app.example.com", "https://app.example.com/", "https://app.example.com/cb?x=1",
        "https://app.example.com:8443/cb", "https://localhost:8443/cb", "https://[::1]/cb",
        "http://localhost:3000/callback", "http://localhost/callback", "http://127.0.0.1/cb",
        "http://127.0.0.1:49152/cb?x=%7E", "http://[::1]:9/cb", "com.example.app:/oauth",
        "com.example.app://callback", "https://app.example.com/a//b", "https://192.0.2.7/cb"}) {
    EXPECT_EQ(registered_as(uri), "ok") << uri;
  }
}

// RFC9700-4.1.3, RFC3986-2, RFC3986-3.2.2, RFC3986-3.3, OAUTH21-2.3.1
TEST(RedirectUriRegistration, refuses_everything_else) {
  const std::string long_uri = "https://app.example.com/" + std::string(2048, 'a');
  const Row rows[] = {
      {"RU-04", "https://good.example@evil.example/cb", "redirect_uri.userinfo"},
      {"RU-04", "https://good@evil@worse/cb", "redirect_uri.userinfo"},
      {"RU-04", "https://u:p@app.example.com/cb", "redirect_uri.userinfo"},
      {"RU-04", "https://@app.example.com/cb", "redirect_uri.userinfo"},
      {"RU-04", "com.example.app://a@b/cb", "redirect_uri.userinfo"},
      {"RU-05", "https://app.example.com\\@evil/cb", "redirect_uri.bad_character"},
      {"RU-05", "https://app.example.com/a\tb", "redirect_uri.bad_character"},
      {"RU-05", "https://app.example.com/a\r\nb", "redirect_uri.bad_character"},
      {"RU-05", std::string_view("https://app.example.com/a\0b", 27), "redirect_uri.bad_character"},
      {"RU-05", "https://app.example.com/\xc3\xa9", "redirect_uri.bad_character"},
      {"RU-05", "https://app.example.com/a b", "redirect_uri.bad_character"},
      {"RU-05", "https://app.example.com/a/../b", "redirect_uri.path"},
      {"RU-05", "https://app.example.com/a/..;/b", "redirect_uri.path"},
      {"RU-05", "https://app.example.com/a/%2e%2E/b", "redirect_uri.path"},
      {"RU-05", "https://app.example.com/a%0d%0ab", "redirect_uri.path"},
      {"RU-05", "https://app.example.com/a%00b", "redirect_uri.path"},
      {"RU-06", "*", "redirect_uri.wildcard"},
      {"RU-06", "https://*.example.com/cb", "redirect_uri.wildcard"},
      {"RU-06", "https://app.example.com/*", "redirect_uri.wildcard"},
      {"RU-09", "http://localhost.evil.example/cb", "redirect_uri.plain_http"},
      {"RU-09", "http://127.0.0.1.evil.example/cb", "redirect_uri.plain_http"},
      {"RU-09", "http://127.0.0.2/cb", "redirect_uri.plain_http"},
      {"RU-09", "http://LOCALHOST/cb", "redirect_uri.plain_http"},
      {"RU-09", "http://app.example.com/cb", "redirect_uri.plain_http"},
      {"RU-09", "http://localhost:0/cb", "redirect_uri.host"},
      {"RU-09", "http://localhost:/cb", "redirect_uri.host"},
      {"RU-09", "http://localhost:65536/cb", "redirect_uri.host"},
      {"RU-10", "https://app.example.com/cb#top", "redirect_uri.fragment"},
      {"RU-10", "https://app.example.com/cb#", "redirect_uri.fragment"},
      {"RU-14", "myapp:/cb", "redirect_uri.scheme"},
      {"RU-14", "com.example.app:", "redirect_uri.not_absolute"},
      {"RU-15", "javascript:alert(1)", "redirect_uri.scheme"},
      {"RU-15", "JavaScript:alert(1)", "redirect_uri.scheme"},
      {"RU-15", " javascript:alert(1)", "redirect_uri.bad_character"},
      {"RU-15", "data:text/html,x", "redirect_uri.scheme"},
      {"RU-15", "vbscript:x", "redirect_uri.scheme"},
      {"RU-15", "view-source:https://app.example.com/", "redirect_uri.scheme"},
      {"RU-15", "file:///etc/passwd", "redirect_uri.scheme"},
      {"RU-15", "HTTPS://app.example.com/cb", "redirect_uri.scheme"},
      {"RU-15", "ftp://app.example.com/", "redirect_uri.scheme"},
      {"RFC6749-3.1.2", "/callback", "redirect_uri.not_absolute"},
      {"RFC6749-3.1.2", "//app.example.com/cb", "redirect_uri.not_absolute"},
      {"RFC6749-3.1.2", "", "redirect_uri.bad_character"},
      {"RFC6749-3.1.2", long_uri, "redirect_uri.bad_character"},
      {"RFC3986-3.2.2", "https:///cb", "redirect_uri.host"},
      {"RFC3986-3.2.2", "https://app.example.com./cb", "redirect_uri.host"},
      {"RFC3986-3.2.2", "https://app%2eexample.com/cb", "redirect_uri.host"},
      {"RFC3986-3.2.2", "https:app.example.com", "redirect_uri.host"},
  };
  for (const auto& row : rows) EXPECT_EQ(registered_as(row.uri), row.outcome) << row.id << row.uri;
}

// RU-14, OAUTH21-2.3.1: private schemes are for public clients, and without a dot for those listed.
TEST(RedirectUriRegistration, RU_14_private_schemes) {
  EXPECT_EQ(registered_as("com.example.app:/cb", false), "redirect_uri.private_scheme");
  auto listing = policy();
  listing.private_schemes = {"myapp", "javascript"};
  EXPECT_TRUE(judge_redirect_uri_for_registration("myapp:/cb", true, listing));
  EXPECT_EQ(outcome(judge_redirect_uri_for_registration("myapp:/cb", false, listing)),
            "redirect_uri.private_scheme");
  // RU-15: not even an operator can allow a scheme that browsers run.
  EXPECT_EQ(outcome(judge_redirect_uri_for_registration("javascript:x", true, listing)),
            "redirect_uri.scheme");
}

std::string_view match(const Client& client, std::string_view requested) {
  return outcome(match_redirect_uri(client, requested));
}

Client registered(std::vector<std::string> uris, bool is_public = true) {
  Client client = is_public ? public_client() : confidential_client();
  client.redirect_uris = std::move(uris);
  return client;
}

// RFC9700-2.1: byte for byte.
TEST(RedirectUriMatch, is_exact) {
  const auto client = registered({"https://app.example.com/cb?a=1", "https://app.example.com/~x"});
  EXPECT_EQ(match_redirect_uri(client, "https://app.example.com/cb?a=1")->uri(),
            "https://app.example.com/cb?a=1");
  const Row rows[] = {
      {"RU-01", "https://app.example.com/CB?a=1", "redirect_uri.mismatch"},
      {"RU-01", "https://APP.example.com/cb?a=1", "redirect_uri.mismatch"},
      {"RU-02", "https://appaexample.com/cb?a=1", "redirect_uri.mismatch"},
      {"RU-02", "https://app.example.com.evil.tld/cb?a=1", "redirect_uri.mismatch"},
      {"RU-02", "https://app.example.com/cb?a=1/more", "redirect_uri.mismatch"},
      {"RU-04", "https://app.example.com@evil.example/cb?a=1", "redirect_uri.malformed"},
      {"RU-04", "https://a@app.example.com/cb?a=1", "redirect_uri.malformed"},
      {"RU-05", "https://app.example.com/x/../cb?a=1", "redirect_uri.mismatch"},
      {"RU-05", "https://app.example.com\\cb?a=1", "redirect_uri.malformed"},
      {"RU-05", "https://app.example.com/cb?a=1\n", "redirect_uri.malformed"},
      {"RU-05", "https://app.example.com//cb?a=1", "redirect_uri.mismatch"},
      {"RU-10", "https://app.example.com/cb?a=1#f", "redirect_uri.mismatch"},
      {"RU-11", "https://app.example.com/cb?a=1&b=2", "redirect_uri.mismatch"},
      {"RU-11", "https://app.example.com/cb", "redirect_uri.mismatch"},
      {"RU-11", "https://app.example.com/cb?a=2", "redirect_uri.mismatch"},
      {"RU-18", "https://app.example.com/%7Ex", "redirect_uri.mismatch"},
      {"RU-18", "https://app.example.com:443/~x", "redirect_uri.mismatch"},
  };
  for (const auto& row : rows) EXPECT_EQ(match(client, row.uri), row.outcome) << row.id << row.uri;
}

// RU-03: the first redirect_uri seen is never taken for the registered one.
TEST(RedirectUriMatch, RU_03_nothing_registered) {
  EXPECT_EQ(match(registered({}), "https://app.example.com/cb"), "redirect_uri.none_registered");
  EXPECT_EQ(match(registered({}), ""), "redirect_uri.none_registered");
}

// RFC8252-7.3, OAUTH21-8.4.2: of a public client's loopback URI the port alone may differ.
TEST(RedirectUriMatch, RU_07_loopback_port) {
  const std::vector<std::string> uris{"http://127.0.0.1/cb", "http://[::1]:1234/cb?x=1",
                                      "http://localhost:3000/cb"};
  const Row rows[] = {
      {"RU-07", "http://127.0.0.1:49152/cb", "ok"},
      {"RU-07", "http://127.0.0.1/cb", "ok"},
      {"RU-07", "http://[::1]:65535/cb?x=1", "ok"},
      {"RU-07", "http://[::1]/cb?x=1", "ok"},
      {"RU-07", "http://localhost:1/cb", "ok"},
      {"RU-07", "http://[::1]:5/cb", "redirect_uri.mismatch"},
      {"RU-07", "http://127.0.0.1:5/other", "redirect_uri.mismatch"},
      {"RU-07", "http://localhost:5/cb?x=1", "redirect_uri.mismatch"},
      {"RU-07", "http://127.0.0.1:0/cb", "redirect_uri.mismatch"},
      {"RU-07", "http://127.0.0.1:65536/cb", "redirect_uri.mismatch"},
      {"RU-07", "http://127.0.0.1:080/cb", "redirect_uri.mismatch"},
      {"RU-07", "http://127.0.0.1:+80/cb", "redirect_uri.mismatch"},
      {"RU-07", "http://127.0.0.1:/cb", "redirect_uri.mismatch"},
      {"RU-07", "https://127.0.0.1:5/cb", "redirect_uri.mismatch"},
      {"RU-09", "http://localhost.evil:5/cb", "redirect_uri.mismatch"},
      {"RU-09", "http://127.0.0.1.evil/cb", "redirect_uri.mismatch"},
      {"RU-09", "http://127.0.0.1:5@evil/cb", "redirect_uri.malformed"},
      {"RU-09", "http://127.0.0.1:5evil/cb", "redirect_uri.mismatch"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(match(registered(uris), row.uri), row.outcome) << row.id << row.uri;
  }
  // The host is never interchangeable.
  EXPECT_EQ(match(registered({"http://127.0.0.1/cb"}), "http://localhost/cb"),
            "redirect_uri.mismatch");
  // RU-07: a confidential client is no application on a device: byte for byte.
  EXPECT_EQ(match(registered({"http://127.0.0.1:1/cb"}, false), "http://127.0.0.1:2/cb"),
            "redirect_uri.mismatch");
  EXPECT_EQ(match(registered({"http://127.0.0.1:1/cb"}, false), "http://127.0.0.1:1/cb"), "ok");
}

// RU-16, OAUTH21-2.3.2
TEST(RedirectUriMatch, RU_16_left_out) {
  const auto one = match_redirect_uri(registered({"https://app.example.com/cb"}), "");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->uri(), "https://app.example.com/cb");
  EXPECT_EQ(match(registered({"https://a.example/1", "https://a.example/2"}), ""),
            "redirect_uri.missing");
}

// RU-12: the registered query stays, ours is appended.
TEST(RedirectUriMatch, RU_12_registered_query_survives) {
  const auto target = match_redirect_uri(registered({std::string(kRedirect)}), kRedirect);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->with_query({{"code", "x"}}), std::string(kRedirect) + "&code=x");
}

TEST(RedirectUriDisplay, shows_where_the_person_will_be_sent) {
  EXPECT_EQ(host_for_display("http://localhost:3000/callback"), "localhost:3000");
  EXPECT_EQ(host_for_display("https://app.example.com/cb?x=1"), "app.example.com");
  EXPECT_EQ(host_for_display("http://[::1]:5/"), "[::1]:5");
  EXPECT_EQ(host_for_display("com.example.app:/cb"), "com.example.app");
  EXPECT_EQ(host_for_display("not a uri"), "");
  EXPECT_TRUE(is_loopback_uri("http://127.0.0.1:5/x"));
  EXPECT_TRUE(is_loopback_uri("https://localhost:8443/x"));
  EXPECT_FALSE(is_loopback_uri("https://localhost.evil/x"));
  EXPECT_FALSE(is_loopback_uri("com.example.app:/localhost"));
  EXPECT_FALSE(is_loopback_uri("nonsense"));
}

// RFC8252-8.6: whose consent isn't remembered.
TEST(RedirectUriDisplay, native_use) {
  const auto client = registered({"http://127.0.0.1:1/cb", "com.example.app:/cb"});
  EXPECT_FALSE(is_native_use(client, "http://127.0.0.1:1/cb"));
  EXPECT_TRUE(is_native_use(client, "http://127.0.0.1:2/cb"));
  EXPECT_TRUE(is_native_use(client, "com.example.app:/cb"));
  auto native = client;
  native.application_type = ApplicationType::native;
  EXPECT_TRUE(is_native_use(native, "http://127.0.0.1:1/cb"));
  auto confidential = confidential_client();
  confidential.application_type = ApplicationType::native;
  EXPECT_FALSE(is_native_use(confidential, kRedirect));
}

TEST(LoopbackUri, is_taken_apart) {
  const auto parsed = parse_loopback_uri("http://[::1]:65535?x=1");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->host, "[::1]");
  EXPECT_EQ(parsed->port, 65535);
  EXPECT_EQ(parsed->rest, "?x=1");
  EXPECT_FALSE(parse_loopback_uri("http://localhost:12ab/"));
  EXPECT_FALSE(parse_loopback_uri("http://"));
  EXPECT_FALSE(parse_loopback_uri(""));
}

}  // namespace
}  // namespace claviger::protocol::test
