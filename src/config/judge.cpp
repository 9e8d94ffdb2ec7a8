#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "config/addresses.hpp"
#include "config/keys.hpp"
#include "config/load.hpp"

namespace claviger::config {
namespace {

class Judge {
 public:
  Judge(const Settings& settings, const std::map<std::string, std::string>& origin)
      : settings_(settings), origin_(origin) {}

  std::vector<Complaint> all() {
    judge_issuer();
    judge_listeners();
    judge_metrics_listeners();
    judge_proxies();
    judge_tls();
    judge_store();
    judge_algs();
    judge_resources();
    judge_lifetimes();
    judge_password_cost();
    judge_scopes();
    judge_schemes();
    judge_quickstart();
    return std::move(complaints_);
  }

 private:
  void complain(const std::string& key, std::string message, std::string help) {
    const auto found = origin_.find(key);
    const auto origin = found == origin_.end() ? std::string("default") : found->second;
    const auto where = origin == "default" ? "default of " + key : origin;
    complaints_.push_back({where, std::move(message), "", std::move(help)});
  }

  void judge_issuer() {
    const auto issuer = parse_issuer(settings_.issuer);
    if (!issuer) {
      return complain("issuer", fmt::format("issuer \"{}\" {}", settings_.issuer, issuer.error()),
                      "write scheme, host and port alone: https://auth.example.com");
    }
    const bool loopback = is_loopback_host(issuer->host);
    if (!issuer->https && !loopback) {
      complain(
          "issuer",
          fmt::format("issuer \"{}\" is not https: allowed only for localhost", settings_.issuer),
          fmt::format("issuer = \"https://{}\", with a certificate or a proxy that ends TLS",
                      issuer->authority));
    }
    // TLS ends here or at a proxy; one that is not declared would have its clients' addresses
    // ignored and their rate limits with them.
    const bool tls = !settings_.server.tls_certificate.empty();
    if (issuer->https && !tls && settings_.server.trusted_proxies.empty()) {
      complain("issuer",
               fmt::format("issuer \"{}\" is https, but there is neither a certificate nor a proxy "
                           "that ends TLS",
                           settings_.issuer),
               "set [server] tls_certificate and tls_key, or name the proxy: [server] "
               "trusted_proxies = [\"127.0.0.1\"]");
    }
    if (!issuer->https && tls) {
      complain(
          "server.tls_certificate",
          fmt::format("every listener speaks TLS, but issuer \"{}\" is http", settings_.issuer),
          fmt::format("issuer = \"https://{}\"", issuer->authority));
    }
    if (!issuer->https && settings_.session.same_site == "none") {
      complain("session.same_site", "[session] same_site = \"none\" needs an https issuer",
               "browsers drop such a cookie over plain http");
    }
  }

  void judge_tls() {
    const auto& server = settings_.server;
    if (server.tls_certificate.empty() == server.tls_key.empty()) return;
    complain(server.tls_key.empty() ? "server.tls_certificate" : "server.tls_key",
             "[server] tls_certificate and tls_key belong together", "set both, or none of them");
  }

  // The URL itself is not quoted: it may hold a password.
  void judge_store() {
    const auto& url = settings_.store.url.reveal();
    if (url.empty()) return;
    const auto address = parse_store_url(url);
    if (!address) {
      return complain("store.url", fmt::format("[store] url {}", address.error()),
                      "write postgresql://user@host/database, or postgresql:///database?host=/run/"
                      "postgresql for a socket");
    }
    // SQ-13: whoever answers in the database's place would read and write everything.
    const bool verified = address->sslmode.empty() || address->sslmode == "verify-full";
    if (address->local || verified) return;
    complain(
        "store.url",
        fmt::format("[store] url: sslmode={} does not make the server prove its name",
                    address->sslmode),
        "leave sslmode out, which means verify-full, and name the authority: sslrootcert=FILE");
  }

  void judge_algs() {
    static constexpr std::string_view kKnown[] = {"ES256", "RS256", "PS256", "EdDSA"};
    for (const auto& alg : settings_.keys.algs) {
      if (std::ranges::find(kKnown, alg) != std::end(kKnown)) continue;
      complain("keys.algs", fmt::format("[keys] algs: \"{}\" is unknown", alg),
               "ES256, RS256, PS256 and EdDSA are known");
    }
  }

  // RFC8707-2: an absolute URI without a fragment.
  void judge_resources() {
    for (const auto& resource : settings_.resources.offered) {
      const bool https = resource.starts_with("https://") && resource.size() > 8;
      const bool loopback = resource.starts_with("http://localhost") ||
                            resource.starts_with("http://127.0.0.1") ||
                            resource.starts_with("http://[::1]");
      const bool plain = std::ranges::all_of(
          resource, [](char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '"'; });
      if ((https || loopback) && plain) continue;
      complain("resources.offered",
               fmt::format("[resources] offered: \"{}\" is no address", resource),
               "write the address of the API, https://api.example.com, without a fragment");
    }
  }

  void judge_listeners() {
    bool beyond_loopback = false;
    std::set<std::string> seen;
    for (const auto& text : settings_.server.listen) {
      const auto address = parse_listen(text);
      if (!address) {
        complain("server.listen", fmt::format("[server] listen: \"{}\" is no address", text),
                 "write localhost:2003, 127.0.0.1:2003, [::1]:2003 or 0.0.0.0:2003");
        continue;
      }
      if (!seen.insert(text).second) {
        complain("server.listen", fmt::format("[server] listen names \"{}\" twice", text), "");
      }
      beyond_loopback = beyond_loopback || !is_loopback_host(address->host);
    }
    // Others could then register and sign in over plain http, and the cookies of a loopback issuer
    // are not marked secure.
    if (beyond_loopback && issuer_is_loopback(settings_) && !settings_.quickstart.allow_remote) {
      complain("server.listen",
               "a listener is reachable from outside, but the issuer is a loopback address",
               "set issuer to the address others use, listen on localhost:2003, or, for a "
               "container on your own machine, [quickstart] allow_remote = true");
    }
  }

  // Not looked at for who may register: nothing of the server itself is served there.
  void judge_metrics_listeners() {
    const auto& others = settings_.server.listen;
    std::set<std::string> seen;
    for (const auto& text : settings_.metrics.listen) {
      if (!parse_listen(text)) {
        complain("metrics.listen", fmt::format("[metrics] listen: \"{}\" is no address", text),
                 "write localhost:2004, 127.0.0.1:2004, [::1]:2004 or 0.0.0.0:2004");
      } else if (!seen.insert(text).second) {
        complain("metrics.listen", fmt::format("[metrics] listen names \"{}\" twice", text), "");
      } else if (parse_listen(text)->port != 0 && std::ranges::find(others, text) != others.end()) {
        complain("metrics.listen",
                 fmt::format("[metrics] listen: \"{}\" is an address of [server] listen", text),
                 "give the metrics a port of their own");
      }
    }
  }

  void judge_proxies() {
    for (const auto& proxy : settings_.server.trusted_proxies) {
      if (is_proxy(proxy)) continue;
      complain("server.trusted_proxies",
               fmt::format("[server] trusted_proxies: \"{}\" is neither an address nor a network",
                           proxy),
               "write 10.0.0.7 or 10.0.0.0/8; /0, which is everybody, is refused");
    }
  }

  void judge_order(const std::string& shorter, Seconds a, const std::string& longer, Seconds b) {
    if (a <= b) return;
    const auto& blamed =
        origin_.contains(shorter) && origin_.at(shorter) != "default" ? shorter : longer;
    complain(blamed, fmt::format("{} is longer than {}", shorter, longer),
             "the first ends what the second bounds");
  }

  void judge_lifetimes() {
    const auto& tokens = settings_.tokens;
    judge_order("tokens.refresh_idle_ttl", tokens.refresh_idle_ttl, "tokens.refresh_absolute_ttl",
                tokens.refresh_absolute_ttl);
    judge_order("session.idle", settings_.session.idle, "session.lifetime",
                settings_.session.lifetime);
    judge_order("tokens.access_token_ttl", tokens.access_token_ttl, "tokens.refresh_absolute_ttl",
                tokens.refresh_absolute_ttl);
  }

  // Below this an attacker's graphics card tries passwords too fast (RFC9106-4).
  void judge_password_cost() {
    constexpr std::uint64_t kLeastKib = 38 * 1024;
    const auto& login = settings_.login;
    if (login.argon2_memory_kib * static_cast<std::uint64_t>(login.argon2_iterations) >=
        kLeastKib) {
      return;
    }
    complain(
        "login.argon2_memory_kib",
        "[login] argon2_memory_kib times argon2_iterations is less than 38 MiB",
        "46 MiB with one pass or 19 MiB with two; `claviger doctor --calibrate` proposes more");
  }

  void judge_scopes() {
    std::set<std::string> seen;
    for (const auto& scope : settings_.scopes.offered) {
      const bool token = std::ranges::all_of(scope, [](char c) {
        return c == 0x21 || (c >= 0x23 && c <= 0x5b) || (c >= 0x5d && c <= 0x7e);
      });
      if (!token) {  // RFC6749-3.3
        complain("scopes.offered", fmt::format("[scopes] offered: \"{}\" is no scope", scope),
                 "a scope has no space, quote or backslash");
      } else if (!seen.insert(scope).second) {
        complain("scopes.offered", fmt::format("[scopes] offered names \"{}\" twice", scope), "");
      }
    }
  }

  void judge_schemes() {
    static constexpr std::string_view kNever[] = {
        "http",  "https", "javascript", "data", "vbscript", "file",       "blob",
        "about", "ftp",   "ws",         "wss",  "mailto",   "view-source"};
    for (const auto& scheme : settings_.registration.private_schemes) {
      const bool shaped =
          scheme[0] >= 'a' && scheme[0] <= 'z' && std::ranges::all_of(scheme, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
                   c == '.';
          });
      if (shaped && std::ranges::find(kNever, scheme) == std::end(kNever)) continue;
      complain("registration.private_schemes",
               fmt::format("[registration] private_schemes: \"{}\" can't be allowed", scheme),
               "a scheme of an application's own in lower case, without ://");
    }
  }

  // The sample secrets are printed in the documentation.
  void judge_quickstart() {
    if (settings_.registration.open != "yes" || issuer_is_loopback(settings_)) return;
    const Settings defaults;
    const auto& mine = settings_.quickstart;
    if (mine.client_secret.reveal() != defaults.quickstart.client_secret.reveal() &&
        mine.password.reveal() != defaults.quickstart.password.reveal()) {
      return;
    }
    complain("registration.open",
             "registration is open on a server that others reach, with the sample secrets",
             "set [quickstart] client_secret and password, or [registration] open = \"no\"");
  }

  const Settings& settings_;
  const std::map<std::string, std::string>& origin_;
  std::vector<Complaint> complaints_;
};

}  // namespace

std::vector<Complaint> judge(const Settings& settings,
                             const std::map<std::string, std::string>& origin) {
  return Judge(settings, origin).all();
}

bool issuer_is_loopback(const Settings& settings) {
  const auto issuer = parse_issuer(settings.issuer);
  return issuer && is_loopback_host(issuer->host);
}

bool registration_is_open(const Settings& settings) {
  if (settings.registration.open != "auto") return settings.registration.open == "yes";
  const bool listens_at_home = std::ranges::all_of(settings.server.listen, [](const auto& text) {
    const auto address = parse_listen(text);
    return address && is_loopback_host(address->host);
  });
  return issuer_is_loopback(settings) && listens_at_home && settings.server.trusted_proxies.empty();
}

std::string issuer_host(const Settings& settings) {
  const auto issuer = parse_issuer(settings.issuer);
  return issuer ? issuer->authority : std::string();
}

}  // namespace claviger::config
