// Every setting with its default. config/keys.cpp gives each its name, its documentation and its
// bounds; claviger.toml, the environment and the schema all follow that one table.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/secret.hpp"

namespace claviger::config {

using Seconds = std::chrono::seconds;

struct Settings {
  std::string issuer = "http://localhost:2003";

  struct Server {
    std::vector<std::string> listen{"localhost:2003"};
    int threads = 0;  // 0: one per core
    int max_connections = 10000;
    int max_connections_per_ip = 256;
    int longest_wait_ms = 200;
    std::vector<std::string> trusted_proxies;
    Seconds drain_delay{5};
    Seconds drain{10};
    std::string tls_certificate;  // PEM files; empty: plain http
    std::string tls_key;
  } server;

  struct Metrics {
    std::vector<std::string> listen{"localhost:2004"};  // empty: nowhere
  } metrics;

  struct Data {
    std::string directory = "./claviger-data";
    std::string master_key_file;  // empty: <directory>/master.key
  } data;

  struct Store {
    Secret url{""};  // empty: SQLite in the data folder
  } store;

  struct Tokens {
    std::string signing_alg = "ES256";
    Seconds access_token_ttl{600};
    Seconds id_token_ttl{600};
    Seconds device_code_ttl{600};
    Seconds device_interval{5};
    bool device_link = true;  // verification_uri_complete
    Seconds code_ttl{60};
    Seconds refresh_idle_ttl{14 * 24 * 3600};
    Seconds refresh_absolute_ttl{90 * 24 * 3600};
    Seconds refresh_absolute_ttl_public{14 * 24 * 3600};
    Seconds refresh_retry_grace{10};
    Seconds refresh_retry_grace_public{5};
  } tokens;

  struct Keys {
    std::vector<std::string> algs{"ES256", "RS256"};  // a signing key of each
    Seconds rotate_every{30 * 24 * 3600};             // 0: never by itself
    Seconds publish_ahead{24 * 3600};
  } keys;

  struct Session {
    Seconds idle{30 * 60};
    Seconds lifetime{10 * 3600};
    Seconds transaction_ttl{15 * 60};
    std::string same_site = "lax";  // "none": sessions are seen in frames of other sites
  } session;

  struct Login {
    int free_failures = 5;  // then one second, doubling
    Seconds longest_wait{15 * 60};
    int hash_threads = 2;
    int hash_queue = 64;
    std::uint64_t argon2_memory_kib = 46 * 1024;
    int argon2_iterations = 1;
  } login;

  struct Scopes {
    std::vector<std::string> offered{"openid",         "profile",  "email",     "address", "phone",
                                     "offline_access", "username", "firstname", "lastname"};
  } scopes;

  struct Resources {
    std::vector<std::string> offered;  // absolute URIs (RFC8707-2)
  } resources;

  struct Registration {
    std::string open = "auto";        // "auto": only where everything is loopback; "yes"; "no"
    std::string profile = "default";  // of clients that register themselves
    std::vector<std::string> private_schemes;
    bool error_interstitial = true;
    int max_clients = 10000;  // that strangers registered
    Seconds purge_unused{3600};
  } registration;

  struct Quickstart {
    bool allow_remote = false;
    std::string client_id = "demo-client";
    Secret client_secret{"demo-client-secret"};
    std::string client_name = "Demo client";
    std::string redirect_uri = "http://localhost:3000/callback";
    std::string username = "ada";
    Secret password{"correct-horse-7"};
    std::string firstname = "Ada";
    std::string lastname = "Lovelace";
    std::string email = "ada@example.test";
    std::string phone = "+44 20 7946 0958";
  } quickstart;

  // Addresses that clients name: jwks_uri, logout URIs, request_uris ...
  struct Outbound {
    bool allow_loopback = false;
    std::string ca_file;  // empty: the system's
  } outbound;

  struct Rates {
    double token_per_second = 50;
    double authorize_per_second = 20;
    double login_per_second = 5;
    double registration_per_minute = 1;
    double device_per_second = 1;
  } rates;

  struct Logging {
    std::string level = "info";
    std::string format = "auto";  // "auto": text on a terminal, JSON otherwise
  } log;
};

}  // namespace claviger::config
