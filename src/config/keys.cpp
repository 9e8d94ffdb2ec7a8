#include "config/keys.hpp"

#include <array>

namespace claviger::config {
namespace {

constexpr double kMinute = 60;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;

constexpr std::array kSections{
    Section{"server", "Where the server listens and how much it takes on."},
    Section{"metrics",
            "Figures for Prometheus and probes for a balancer, on a listener of their own."},
    Section{"data", "Where everything is kept."},
    Section{"store", "A database outside of the data folder, for several servers."},
    Section{"tokens", "How long tokens and codes live, and how they are signed."},
    Section{"keys", "Rotation of the server's own keys."},
    Section{"session", "Signed-in browsers and pending authorization requests."},
    Section{"login", "Passwords, and how wrong ones are slowed down."},
    Section{"scopes", "What applications may ask for."},
    Section{"resources", "Where access tokens are meant to be used."},
    Section{"registration", "Who may register clients and users, and with which addresses."},
    Section{"quickstart",
            "What the walk-through registers when POST /register_client and POST /register_user "
            "come with an empty body."},
    Section{"outbound",
            "Addresses that clients name and this server calls: keys, logout addresses, logos."},
    Section{"rates", "Requests of one address; loopback peers are not counted."},
    Section{"log", "What is written about requests."},
};

// The fields of a row: name, place in Settings, least, most, choices, documentation.
#define SLOT(member) [](Settings& s) -> Slot { return &s.member; }
const std::array kKeys{
    Key{"issuer", SLOT(issuer), 1, 512, "",
        "The address under which browsers and applications reach this server, exactly: scheme, "
        "host and port, nothing behind them. Plain http is for localhost, 127.0.0.1 and [::1] "
        "alone."},

    Key{"server.listen", SLOT(server.listen), 1, 16, "",
        "Addresses with ports: an IPv4 address, an IPv6 address in brackets, or localhost, which "
        "means 127.0.0.1 and, where there is one, ::1."},
    Key{"server.threads", SLOT(server.threads), 0, 256, "",
        "Threads that serve requests; 0 is one for each core."},
    Key{"server.max_connections", SLOT(server.max_connections), 16, 1'000'000, "",
        "Open connections, all together. Lowered to what the limit on open files allows."},
    Key{"server.max_connections_per_ip", SLOT(server.max_connections_per_ip), 1, 1'000'000, "",
        "Open connections of one address. Loopback and the trusted proxies are exempt."},
    Key{"server.longest_wait_ms", SLOT(server.longest_wait_ms), 0, 60'000, "",
        "While the server can't keep up, a request that waited for more milliseconds than that "
        "until it was read is answered 503 after a pause of half a second to one and a half, "
        "without any work, so that the others don't wait as long; a page for ten times as many. "
        "0: everybody waits."},
    Key{"server.trusted_proxies", SLOT(server.trusted_proxies), 0, 64, "",
        "Addresses or networks (10.0.0.0/8) of the proxies in front of the server. Only their "
        "X-Forwarded-For header counts. An https issuer needs one that ends TLS, or a certificate "
        "of its own."},
    Key{"server.tls_certificate", SLOT(server.tls_certificate), 0, 4096, "",
        "PEM file of the certificate, with its chain behind it. Set, every listener speaks TLS 1.2 "
        "and 1.3. Read again when it changes."},
    Key{"server.tls_key", SLOT(server.tls_key), 0, 4096, "",
        "PEM file of the certificate's private key, readable by the server alone."},
    Key{"server.drain_delay", SLOT(server.drain_delay), 0, 5 * kMinute, "",
        "How long a stopping server goes on serving while /readyz already says 503, so that a "
        "balancer has noticed before the listener closes. A loopback issuer does not wait unless "
        "this is set."},
    Key{"server.drain", SLOT(server.drain), 0, 5 * kMinute, "",
        "How long a stopping server then waits for requests that were begun."},

    Key{"metrics.listen", SLOT(metrics.listen), 0, 16, "",
        "Addresses of /metrics, /livez, /readyz and /startupz; plain http, and nothing of the "
        "server itself. An empty list: none. If the default address is taken, the server starts "
        "without; an address that is set must be free."},

    Key{"data.directory", SLOT(data.directory), 1, 4096, "",
        "The folder of the database, the master key, the lock and the administration socket. Made "
        "with mode 0700 at the first start."},
    Key{"data.master_key_file", SLOT(data.master_key_file), 0, 4096, "",
        "The 32 bytes under which the server's keys are encrypted at rest. Empty: master.key in "
        "the data folder. Keep a copy apart from the database's."},

    Key{"store.url", SLOT(store.url), 0, 4096, "",
        "Empty: SQLite in the data folder. postgresql://user@host/database: PostgreSQL 15 or "
        "later, shared by any number of servers. A server elsewhere must prove its name: "
        "sslmode=verify-full, with sslrootcert=FILE where its authority is not the system's."},

    Key{"tokens.signing_alg", SLOT(tokens.signing_alg), 1, 16, "ES256 RS256 PS256 EdDSA",
        "The algorithm of access tokens. An RS256 key is always published beside it."},
    Key{"tokens.access_token_ttl", SLOT(tokens.access_token_ttl), 30, kDay, "",
        "How long an access token is valid. Servers that verify it offline learn of a revocation "
        "only when it ends."},
    Key{"tokens.id_token_ttl", SLOT(tokens.id_token_ttl), 30, kDay, "",
        "How long an ID token is valid. It only proves a sign-in."},
    Key{"tokens.device_code_ttl", SLOT(tokens.device_code_ttl), kMinute, kHour, "",
        "How long a person may take to enter the code that a device shows."},
    Key{"tokens.device_interval", SLOT(tokens.device_interval), 1, kMinute, "",
        "How long a device waits between two questions."},
    Key{"tokens.device_link", SLOT(tokens.device_link), 0, 1, "",
        "Whether a device may show a link that has its code in it. Without it people type the code "
        "themselves, and nobody is led to a page by a link that somebody else sent."},
    Key{"tokens.code_ttl", SLOT(tokens.code_ttl), 10, 10 * kMinute, "",
        "How long an authorization code can be redeemed, once."},
    Key{"tokens.refresh_idle_ttl", SLOT(tokens.refresh_idle_ttl), kMinute, 400 * kDay, "",
        "A refresh token that is not used for so long ends."},
    Key{"tokens.refresh_absolute_ttl", SLOT(tokens.refresh_absolute_ttl), kMinute, 400 * kDay, "",
        "Refreshing ends so long after the sign-in, whatever happens in between."},
    Key{"tokens.refresh_absolute_ttl_public", SLOT(tokens.refresh_absolute_ttl_public), kMinute,
        400 * kDay, "", "The same for clients without a secret."},
    Key{"tokens.refresh_retry_grace", SLOT(tokens.refresh_retry_grace), 0, kMinute, "",
        "A refresh whose answer was lost may be repeated within this time and gets the same "
        "answer; later it counts as theft and ends the grant."},
    Key{"tokens.refresh_retry_grace_public", SLOT(tokens.refresh_retry_grace_public), 0, kMinute,
        "", "The same for clients without a secret."},

    Key{"keys.algs", SLOT(keys.algs), 1, 4, "",
        "A signing key is kept for each of these: ES256, RS256, PS256, EdDSA. Applications choose "
        "among them for what is sent to them."},
    Key{"keys.rotate_every", SLOT(keys.rotate_every), 0, 400 * kDay, "",
        "A signing key of this age is replaced; 0 is never."},
    Key{"keys.publish_ahead", SLOT(keys.publish_ahead), 0, 30 * kDay, "",
        "A new signing key stands in the key set so long before it is used, so that everybody "
        "who keeps a copy has seen it."},

    Key{"session.idle", SLOT(session.idle), kMinute, 90 * kDay, "",
        "A browser that does nothing for so long has to sign in again."},
    Key{"session.lifetime", SLOT(session.lifetime), kMinute, 365 * kDay, "",
        "A sign-in lasts at most so long."},
    Key{"session.transaction_ttl", SLOT(session.transaction_ttl), kMinute, kDay, "",
        "How long a person may take from the start of an authorization to its end."},

    Key{"session.same_site", SLOT(session.same_site), 1, 8, "lax none",
        "none: a session is seen in frames of other sites too, which silent renewal across sites "
        "needs. Only for https."},

    Key{"login.free_failures", SLOT(login.free_failures), 1, 100, "",
        "Wrong passwords before the waits begin: one second, then doubling."},
    Key{"login.longest_wait", SLOT(login.longest_wait), 1, kDay, "",
        "The longest such wait. Nobody is ever locked out for good."},
    Key{"login.hash_threads", SLOT(login.hash_threads), 1, 64, "",
        "Threads for password hashing, at low priority, apart from those that serve."},
    Key{"login.hash_queue", SLOT(login.hash_queue), 1, 10'000, "",
        "Passwords that may wait for such a thread; beyond that the answer is 503."},
    Key{"login.argon2_memory_kib", SLOT(login.argon2_memory_kib), 19 * 1024, 4 * 1024 * 1024, "",
        "Memory of one Argon2id hash in KiB. `claviger doctor --calibrate` proposes values."},
    Key{"login.argon2_iterations", SLOT(login.argon2_iterations), 1, 16, "",
        "Passes of one Argon2id hash. Memory times passes must be at least 38 MiB."},

    Key{"scopes.offered", SLOT(scopes.offered), 1, 64, "",
        "The scopes that applications may ask for. openid, profile, email, address, phone and "
        "offline_access are those of OpenID Connect; each of username, email, firstname, lastname "
        "and phone gives the claim of the same name at /api."},

    Key{"resources.offered", SLOT(resources.offered), 0, 64, "",
        "Addresses of the APIs that tokens may be asked for with the parameter resource. Without "
        "it a token is for this server's own endpoints."},

    Key{"registration.open", SLOT(registration.open), 1, 8, "auto yes no",
        "May anybody register clients and users? auto: only while the issuer and every listener "
        "are loopback and no proxy is trusted."},
    Key{"registration.profile", SLOT(registration.profile), 1, 16, "default oidc_compat",
        "How strict the rules are with clients that register themselves. oidc_compat allows what "
        "older OpenID Connect clients need besides, such as implicit and hybrid flows."},
    Key{"registration.max_clients", SLOT(registration.max_clients), 0, 10'000'000, "",
        "Clients that registered themselves; beyond that nobody else may."},
    Key{"registration.purge_unused", SLOT(registration.purge_unused), 0, 365 * kDay, "",
        "A client that registered itself and was never used is removed after this time; 0 is "
        "never. Nothing is removed while the issuer is a loopback address."},
    Key{"registration.private_schemes", SLOT(registration.private_schemes), 0, 64, "",
        "Redirect schemes of native applications to allow although they have no dot, such as "
        "cursor."},
    Key{"registration.error_interstitial", SLOT(registration.error_interstitial), 0, 1, "",
        "Show errors on a page before sending the browser on to a client that registered itself, "
        "so that nobody can use this server to forward people anywhere."},

    Key{"quickstart.allow_remote", SLOT(quickstart.allow_remote), 0, 1, "",
        "Start although the issuer is a loopback address and a listener is not."},
    Key{"quickstart.client_id", SLOT(quickstart.client_id), 1, 256, "", "The client's id."},
    Key{"quickstart.client_secret", SLOT(quickstart.client_secret), 8, 1024, "",
        "The client's secret. Sample value: not for a server that others reach."},
    Key{"quickstart.client_name", SLOT(quickstart.client_name), 1, 256, "",
        "The client's name, as the consent page shows it."},
    Key{"quickstart.redirect_uri", SLOT(quickstart.redirect_uri), 1, 2048, "",
        "Where the client receives authorization codes."},
    Key{"quickstart.username", SLOT(quickstart.username), 1, 256, "", "The user's name."},
    Key{"quickstart.password", SLOT(quickstart.password), 12, 1024, "",
        "The user's password. Sample value: not for a server that others reach."},
    Key{"quickstart.firstname", SLOT(quickstart.firstname), 0, 256, "", "The user's first name."},
    Key{"quickstart.lastname", SLOT(quickstart.lastname), 0, 256, "", "The user's last name."},
    Key{"quickstart.email", SLOT(quickstart.email), 0, 256, "", "The user's email address."},
    Key{"quickstart.phone", SLOT(quickstart.phone), 0, 256, "", "The user's telephone number."},

    Key{"outbound.allow_loopback", SLOT(outbound.allow_loopback), 0, 1, "",
        "May such an address be on this very machine? For tests and development."},
    Key{"outbound.ca_file", SLOT(outbound.ca_file), 0, 4096, "",
        "PEM file of the certificate authorities to trust there. Empty: the system's."},

    Key{"rates.token_per_second", SLOT(rates.token_per_second), 0, 1e6, "",
        "Requests to /token in a second; 0 is unlimited, here and below."},
    Key{"rates.authorize_per_second", SLOT(rates.authorize_per_second), 0, 1e6, "",
        "Requests to /authorize in a second."},
    Key{"rates.login_per_second", SLOT(rates.login_per_second), 0, 1e6, "",
        "Posted sign-in forms in a second."},
    Key{"rates.registration_per_minute", SLOT(rates.registration_per_minute), 0, 1e6, "",
        "Registrations of clients or users in a minute."},
    Key{"rates.device_per_second", SLOT(rates.device_per_second), 0, 1e6, "",
        "Device authorization requests in a second."},

    Key{"log.level", SLOT(log.level), 1, 16, "debug info notice warning error",
        "The least important events that are written."},
    Key{"log.format", SLOT(log.format), 1, 16, "auto text json",
        "auto: text on a terminal, one JSON object a line otherwise."},
};
#undef SLOT

struct KindOf {
  Kind operator()(std::string*) const { return Kind::text; }
  Kind operator()(Secret*) const { return Kind::secret; }
  Kind operator()(std::vector<std::string>*) const { return Kind::list; }
  Kind operator()(int*) const { return Kind::integer; }
  Kind operator()(std::uint64_t*) const { return Kind::integer; }
  Kind operator()(double*) const { return Kind::number; }
  Kind operator()(bool*) const { return Kind::boolean; }
  Kind operator()(Seconds*) const { return Kind::duration; }
};

}  // namespace

std::span<const Key> all_keys() { return kKeys; }
std::span<const Section> all_sections() { return kSections; }

const Key* find_key(std::string_view dotted) {
  for (const auto& key : kKeys) {
    if (key.name == dotted) return &key;
  }
  return nullptr;
}

Kind kind_of(const Key& key) {
  static Settings any;  // only its members' types are looked at
  return std::visit(KindOf{}, key.slot(any));
}

std::string_view section_of(const Key& key) {
  const auto dot = key.name.find('.');
  return dot == std::string_view::npos ? std::string_view() : key.name.substr(0, dot);
}

std::string_view word_of(const Key& key) {
  const auto dot = key.name.find('.');
  return dot == std::string_view::npos ? key.name : key.name.substr(dot + 1);
}

std::string env_name(const Key& key) {
  std::string name = "CLAVIGER_";
  for (const char c : key.name) {
    if (c == '.') {
      name += "__";
    } else {
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return name;
}

std::string title_of(const Key& key) {
  const auto section = section_of(key);
  if (section.empty()) return std::string(key.name);
  return "[" + std::string(section) + "] " + std::string(word_of(key));
}

}  // namespace claviger::config
