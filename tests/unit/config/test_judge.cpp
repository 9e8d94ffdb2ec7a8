// Rules that span keys: a baseline that is fine, one fact spoiled a row.
#include <gtest/gtest.h>

#include <functional>

#include "config/addresses.hpp"
#include "config/load.hpp"

namespace claviger::config {
namespace {

Settings behind_a_proxy() {
  Settings settings;
  settings.issuer = "https://auth.example.com";
  settings.server.listen = {"0.0.0.0:2003"};
  settings.server.trusted_proxies = {"10.0.0.0/8"};
  return settings;
}

TEST(Judge, the_defaults_and_a_server_behind_a_proxy_are_fine) {
  EXPECT_TRUE(judge(Settings{}, {}).empty());
  EXPECT_TRUE(judge(behind_a_proxy(), {}).empty());
}

struct Row {
  const char* name;
  std::function<void(Settings&)> spoil;
  const char* key;
  const char* message;
};

// OIDCD-3 and RFC8414-2 for the issuer's form, RFC6749-3.3 for scopes, RFC9106-4 for Argon2.
const Row kRows[] = {
    {"http issuer", [](Settings& s) { s.issuer = "http://auth.example.com"; }, "issuer",
     "issuer \"http://auth.example.com\" is not https: allowed only for localhost"},
    {"https without a proxy", [](Settings& s) { s.server.trusted_proxies.clear(); }, "issuer",
     "issuer \"https://auth.example.com\" is https, but there is neither a certificate nor a proxy "
     "that ends TLS"},
    {"certificate without key", [](Settings& s) { s.server.tls_certificate = "cert.pem"; },
     "server.tls_certificate", "[server] tls_certificate and tls_key belong together"},
    {"TLS under an http issuer",
     [](Settings& s) {
       s.issuer = "http://localhost:2003";
       s.server.listen = {"localhost:2003"};
       s.server.tls_certificate = "cert.pem";
       s.server.tls_key = "key.pem";
     },
     "server.tls_certificate",
     "every listener speaks TLS, but issuer \"http://localhost:2003\" is http"},
    {"same_site none over http",
     [](Settings& s) {
       s.issuer = "http://localhost:2003";
       s.server.listen = {"localhost:2003"};
       s.session.same_site = "none";
     },
     "session.same_site", "[session] same_site = \"none\" needs an https issuer"},
    {"key algorithm", [](Settings& s) { s.keys.algs.push_back("HS256"); }, "keys.algs",
     "[keys] algs: \"HS256\" is unknown"},
    // RFC8707-2: no fragment.
    {"resource with a fragment",
     [](Settings& s) { s.resources.offered = {"https://api.example.com/#a"}; }, "resources.offered",
     "[resources] offered: \"https://api.example.com/#a\" is no address"},
    {"trailing slash", [](Settings& s) { s.issuer += "/"; }, "issuer",
     "issuer \"https://auth.example.com/\" ends with a slash"},
    {"loopback issuer, open listener", [](Settings& s) { s.issuer = "http://localhost:2003"; },
     "server.listen", "a listener is reachable from outside, but the issuer is a loopback address"},
    {"listener is a name", [](Settings& s) { s.server.listen = {"auth.example.com:2003"}; },
     "server.listen", "[server] listen: \"auth.example.com:2003\" is no address"},
    {"listener twice", [](Settings& s) { s.server.listen.push_back("0.0.0.0:2003"); },
     "server.listen", "[server] listen names \"0.0.0.0:2003\" twice"},
    {"proxy is everybody", [](Settings& s) { s.server.trusted_proxies.push_back("0.0.0.0/0"); },
     "server.trusted_proxies",
     "[server] trusted_proxies: \"0.0.0.0/0\" is neither an address nor a network"},
    {"idle above absolute", [](Settings& s) { s.tokens.refresh_idle_ttl = Seconds(91 * 86400); },
     "tokens.refresh_absolute_ttl",
     "tokens.refresh_idle_ttl is longer than tokens.refresh_absolute_ttl"},
    {"argon2 floor", [](Settings& s) { s.login.argon2_memory_kib = 19 * 1024; },
     "login.argon2_memory_kib",
     "[login] argon2_memory_kib times argon2_iterations is less than 38 MiB"},
    {"scope with a space", [](Settings& s) { s.scopes.offered.push_back("a b"); }, "scopes.offered",
     "[scopes] offered: \"a b\" is no scope"},
    {"scope twice", [](Settings& s) { s.scopes.offered.push_back("email"); }, "scopes.offered",
     "[scopes] offered names \"email\" twice"},
    // RU-15
    {"script scheme", [](Settings& s) { s.registration.private_schemes = {"javascript"}; },
     "registration.private_schemes",
     "[registration] private_schemes: \"javascript\" can't be allowed"},
    {"sample secrets", [](Settings& s) { s.registration.open = "yes"; }, "registration.open",
     "registration is open on a server that others reach, with the sample secrets"},
};

TEST(Judge, one_fact_spoiled) {
  for (const auto& row : kRows) {
    auto settings = behind_a_proxy();
    row.spoil(settings);
    const auto complaints = judge(settings, {});
    ASSERT_EQ(complaints.size(), 1u) << row.name;
    EXPECT_EQ(complaints[0].message, row.message) << row.name;
    EXPECT_EQ(complaints[0].where, std::string("default of ") + row.key) << row.name;
  }
}

TEST(Judge, the_complaint_stands_where_the_value_came_from) {
  auto settings = behind_a_proxy();
  settings.issuer = "http://auth.example.com";
  EXPECT_EQ(judge(settings, {{"issuer", "claviger.toml:3"}}).at(0).where, "claviger.toml:3");
}

TEST(Judge, allow_remote_lets_a_loopback_issuer_listen_outside) {
  Settings settings;
  settings.server.listen = {"0.0.0.0:2003"};
  EXPECT_EQ(judge(settings, {}).size(), 1u);
  settings.quickstart.allow_remote = true;
  EXPECT_TRUE(judge(settings, {}).empty());
  EXPECT_FALSE(registration_is_open(settings));
}

TEST(Judge, two_passes_of_19_MiB_are_enough) {
  Settings settings;
  settings.login.argon2_memory_kib = 19 * 1024;
  settings.login.argon2_iterations = 2;
  EXPECT_TRUE(judge(settings, {}).empty());
}

TEST(Registration, open_by_default_only_where_everything_is_loopback) {
  EXPECT_TRUE(registration_is_open(Settings{}));
  const std::vector<std::function<void(Settings&)>> spoils{
      [](Settings& s) { s.issuer = "https://auth.example.com"; },
      [](Settings& s) { s.server.listen.push_back("192.168.1.7:2003"); },
      [](Settings& s) { s.server.listen = {"[::]:2003"}; },
      [](Settings& s) { s.server.trusted_proxies = {"127.0.0.1"}; },
      [](Settings& s) { s.registration.open = "no"; }};
  for (std::size_t i = 0; i < spoils.size(); ++i) {
    Settings settings;
    spoils[i](settings);
    EXPECT_FALSE(registration_is_open(settings)) << i;
  }
  auto settings = behind_a_proxy();
  settings.registration.open = "yes";
  EXPECT_TRUE(registration_is_open(settings));
}

// OIDCD-3, RFC8414-2
TEST(Issuer, form) {
  for (const auto* good : {"http://localhost:2003", "https://auth.example.com", "http://[::1]:2003",
                           "https://a.example:8443", "http://127.0.0.1:1"}) {
    EXPECT_TRUE(parse_issuer(good)) << good;
  }
  for (const auto* bad : {"",
                          "localhost:2003",
                          "ftp://a",
                          "https://",
                          "https:///",
                          "https://a/",
                          "https://a/b",
                          "https://a?b",
                          "https://a#b",
                          "https://u@a",
                          "https://u:p@a",
                          "https://A",
                          "HTTPS://a",
                          "https://a:443",
                          "http://localhost:80",
                          "https://a:",
                          "https://a:0",
                          "https://a:65536",
                          "https://a:01",
                          "https://a..b",
                          "https://.a",
                          "https://a b",
                          "https://[::1",
                          "https://[x]",
                          "https://a\\b",
                          "https://a%41",
                          "https://\xc3\xa4",
                          "http://localhost:2003\n"}) {
    EXPECT_FALSE(parse_issuer(bad)) << bad;
  }
  Settings settings;
  EXPECT_EQ(issuer_host(settings), "localhost:2003");
  EXPECT_TRUE(issuer_is_loopback(settings));
  settings.issuer = "http://localhost.example.com:2003";
  EXPECT_FALSE(issuer_is_loopback(settings));
  settings.issuer = "http://127.0.0.1.example.com";
  EXPECT_FALSE(issuer_is_loopback(settings));
}

TEST(Listen, form) {
  EXPECT_EQ(parse_listen("[::1]:2003")->host, "::1");
  EXPECT_EQ(parse_listen("localhost:0")->port, 0);
  for (const auto* bad : {"", "2003", ":2003", "localhost", "localhost:", "::1:2003", "[::1]",
                          "127.0.0.1:65536", "127.0.0.1:-1", "127.1:2003", "127.0.0.1:2003 "}) {
    EXPECT_FALSE(parse_listen(bad)) << bad;
  }
}

// HT-13: forwarded headers count only from a declared proxy.
TEST(Proxies, form) {
  for (const auto* good : {"127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "10.1.2.3/32"}) {
    EXPECT_TRUE(is_proxy(good)) << good;
  }
  for (const auto* bad : {"", "/8", "10.0.0.0/33", "10.0.0.0/0", "::/0", "10.0.0.0/", "proxy",
                          "10.0.0.0/8/8", "fd00::/129"}) {
    EXPECT_FALSE(is_proxy(bad)) << bad;
  }
}

}  // namespace
}  // namespace claviger::config
