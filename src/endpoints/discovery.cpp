#include "endpoints/discovery.hpp"

#include "http/response_headers.hpp"
#include "protocol/metadata.hpp"

namespace claviger::endpoints {

namespace {

// With a key that is active now: one that is only published ahead signs nothing yet.
std::vector<std::string> active_algs(const crypto::KeyRing& ring, Time now) {
  using crypto::Alg;
  std::vector<std::string> algs;
  for (const Alg alg : {Alg::RS256, Alg::PS256, Alg::ES256, Alg::EdDSA}) {
    if (ring.signing_key(alg, now) != nullptr) algs.emplace_back(to_string(alg));
  }
  return algs;
}

// A document that follows from the keys, and its tag, as a thread made them last: they hold until
// the ring is replaced or one of its keys begins or retires. Made for each request, /jwks cost 45
// thousand instructions instead of 1 thousand.
class Kept {
 public:
  template <class Make>
  http::Response answer(const Deps& deps, Make make) {
    const auto ring = deps.keys.current();
    const Time now = deps.clock.now();
    if (!holds(deps, ring, now)) {
      body_ = boost::json::serialize(make(*ring, now));
      tag_ = http::entity_tag(body_);
      deps_ = &deps;
      ring_ = ring;
      from_ = now;
      until_ = ring->unchanged_until(now);
    }
    http::Response response;
    response.content_type = "application/json";
    response.body = body_;
    response.headers.add("ETag", tag_);
    return response;
  }

 private:
  bool holds(const Deps& deps, const std::shared_ptr<const crypto::KeyRing>& ring, Time now) const {
    const bool same_ring = !ring_.owner_before(ring) && !ring.owner_before(ring_);
    return same_ring && deps_ == &deps && from_ <= now && now < until_;
  }

  const Deps* deps_ = nullptr;
  std::weak_ptr<const crypto::KeyRing> ring_;  // weak: secrets that were replaced are wiped at once
  Time from_{};
  Time until_{};
  std::string body_;
  std::string tag_;
};

}  // namespace

Task<http::Response> serve_metadata(const Deps& deps, const http::Request&) {
  thread_local Kept kept;
  co_return kept.answer(deps, [&](const crypto::KeyRing& ring, Time now) {
    return protocol::authorization_server_metadata(deps.policy, active_algs(ring, now));
  });
}

Task<http::Response> serve_jwks(const Deps& deps, const http::Request&) {
  thread_local Kept kept;
  auto response =
      kept.answer(deps, [](const crypto::KeyRing& ring, Time now) { return ring.jwks(now); });
  response.headers.set("Cache-Control",
                       "public, max-age=" + std::to_string(deps.jwks_max_age.count()));
  co_return response;
}

}  // namespace claviger::endpoints
