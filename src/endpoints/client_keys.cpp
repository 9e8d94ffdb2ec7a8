#include "endpoints/client_keys.hpp"

#include <algorithm>
#include <charconv>

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "endpoints/document.hpp"

namespace claviger::endpoints {

namespace {

using Keys = std::shared_ptr<const crypto::JwkSet>;
using std::chrono::seconds;

// For how long a set counts as fresh when its answer does not say. A key that the client takes back
// is believed no longer than this.
constexpr seconds kUsualAge{3600};

// Whatever happens, somebody else may fetch afterwards.
class Turn {
 public:
  Turn(ClientKeys& cache, std::string jwks_uri) : cache_(cache), jwks_uri_(std::move(jwks_uri)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { cache_.finished(jwks_uri_); }

 private:
  ClientKeys& cache_;
  std::string jwks_uri_;
};

// The freshness that one directive of Cache-Control gives (RFC9111-5.2.2).
std::optional<seconds> age_of(std::string_view directive) {
  const auto word = trim(directive);
  if (iequals_ascii(word, "no-store") || iequals_ascii(word, "no-cache")) return seconds(0);
  constexpr std::string_view kName = "max-age=";
  if (!iequals_ascii(word.substr(0, kName.size()), kName)) return {};
  const auto digits = word.substr(kName.size());
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value < 0) return {};
  return seconds(std::min<std::int64_t>(value, seconds(ClientKeys::kLongest).count()));
}

// Between the shortest and the longest, whatever the other side wishes (KY-08).
seconds fresh_for(const outbound::Response& response) {
  std::optional<seconds> least;
  for (const auto& [name, value] : response.headers) {
    if (name != "cache-control") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const auto comma = std::min(rest.find(','), rest.size());
      if (const auto age = age_of(rest.substr(0, comma))) {
        least = std::min(least.value_or(*age), *age);
      }
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return std::max(least.value_or(kUsualAge), ClientKeys::kShortest);
}

struct Answer {
  Keys keys;
  seconds fresh{};
};

Task<std::optional<Answer>> ask(const Deps& deps, const Client& client) {
  DocumentOrder order{client.metadata.jwks_uri, "application/jwk-set+json, application/json",
                      limits::kJwksBytes, client.client_id};
  const auto document = co_await fetch_document(deps, std::move(order));
  if (!document) co_return std::nullopt;
  auto set = crypto::JwkSet::parse_fetched(document->body);
  if (!set) {
    deps.log.write(LogLevel::warning, "client_keys.unsound", {{"client_id", client.client_id}});
    co_return std::nullopt;
  }
  co_return Answer{std::make_shared<const crypto::JwkSet>(std::move(*set)), fresh_for(*document)};
}

// Those of a set that could not be had again live on until their time is over: or a stranger who
// names an unknown kid while the client's site is down would lock the client out.
Task<Keys> fetch(const Deps& deps, const Client& client, ClientKeys::Entry entry) {
  const Turn turn(deps.client_keys, client.metadata.jwks_uri);
  auto answer = co_await ask(deps, client);
  const Time now = deps.clock.now();
  entry.asked_at = now;
  if (answer) {
    entry.keys = std::move(answer->keys);
    entry.fresh_until = now + answer->fresh;
    entry.usable_until = now + ClientKeys::kLongest;
  }
  const bool usable = now < entry.usable_until;
  if (!usable) entry.keys = nullptr;
  deps.client_keys.put(client.metadata.jwks_uri, entry);
  co_return entry.keys;
}

// A set that stands in the record was judged when it was registered; here it is only parsed, once,
// and kept under what it says.
Keys keys_of_record(const Deps& deps, const std::string& jwks) {
  const Digest digest = crypto::sha256(jwks);
  const std::string name = "record " + base64url_encode(digest);
  if (const auto kept = deps.client_keys.find(name)) return kept->keys;
  ClientKeys::Entry entry;
  entry.asked_at = deps.clock.now();
  if (auto set = crypto::JwkSet::parse_strict(jwks)) {
    entry.keys = std::make_shared<const crypto::JwkSet>(std::move(*set));
  }
  deps.client_keys.put(name, entry);
  return entry.keys;
}

bool suffices(const ClientKeys::Entry& entry, const std::string& kid, Time now) {
  if (!entry.keys || now >= entry.fresh_until) return false;
  return kid.empty() ? !entry.keys->empty() : entry.keys->has_kid(kid);
}

}  // namespace

std::optional<ClientKeys::Entry> ClientKeys::find(const std::string& jwks_uri) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(jwks_uri);
  if (found == entries_.end()) return {};
  return found->second;
}

void ClientKeys::put(const std::string& jwks_uri, Entry entry) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMost && !entries_.contains(jwks_uri)) make_room();
  entries_.insert_or_assign(jwks_uri, std::move(entry));
}

// Whoever was asked longest ago makes room.
void ClientKeys::make_room() {
  const auto older = [](const auto& a, const auto& b) {
    return a.second.asked_at < b.second.asked_at;
  };
  entries_.erase(std::ranges::min_element(entries_, older));
}

bool ClientKeys::begin(const std::string& jwks_uri, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(jwks_uri);
  // A clock that was set back may not make a set last longer.
  const bool lately = found != entries_.end() && now >= found->second.asked_at &&
                      now < found->second.asked_at + kShortest;
  return !lately && fetching_.try_emplace(jwks_uri, true).second;
}

void ClientKeys::finished(const std::string& jwks_uri) {
  const std::lock_guard lock(mutex_);
  fetching_.erase(jwks_uri);
}

Task<Keys> find_client_keys(const Deps& deps, Client client, std::string kid) {
  const auto& metadata = client.metadata;
  if (!metadata.jwks.empty()) co_return keys_of_record(deps, metadata.jwks);
  if (metadata.jwks_uri.empty()) co_return nullptr;
  const Time now = deps.clock.now();
  const auto entry = deps.client_keys.find(metadata.jwks_uri).value_or(ClientKeys::Entry{});
  if (suffices(entry, kid, now)) co_return entry.keys;
  if (deps.client_keys.begin(metadata.jwks_uri, now)) {
    co_return co_await fetch(deps, client, entry);
  }
  co_return now < entry.usable_until ? entry.keys : nullptr;
}

}  // namespace claviger::endpoints
