// T-35: signing keys are rotated on now one node and now the other, under load, while verifiers
// keep the key set for as long as it says they may, and ask for nothing in between (I10, KY-04).
#include <charconv>
#include <set>

#include "base/json.hpp"
#include "crypto/jws.hpp"
#include "tests/chaos/two_nodes.hpp"

namespace claviger::test {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::seconds max_age_of(const Answer& answer) {
  constexpr std::string_view kBefore = "max-age=";
  const auto header = answer.header("cache-control");
  const auto at = header.find(kBefore);
  long seconds = 0;
  if (at != std::string::npos) {
    const auto digits = std::string_view(header).substr(at + kBefore.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  }
  return std::chrono::seconds(seconds);
}

std::map<std::string, crypto::PublicKey> keys_in(const Answer& answer) {
  std::map<std::string, crypto::PublicKey> keys;
  const auto document = parse_json(answer.body);
  if (!document) return keys;
  for (const auto& jwk : document->as_object().at("keys").as_array()) {
    if (auto key = crypto::PublicKey::from_jwk(jwk.as_object())) keys.emplace(key->kid(), *key);
  }
  return keys;
}

bool verifies(const std::string& token, const std::map<std::string, crypto::PublicKey>& keys) {
  const auto find = [&](std::string_view kid) -> const crypto::PublicKey* {
    const auto found = keys.find(std::string(kid));
    return found == keys.end() ? nullptr : &found->second;
  };
  return crypto::verify_jws(token, "at+jwt", find).has_value();
}

std::string kid_of(const std::string& token) {
  const auto seen = crypto::peek_jws(token);
  return seen ? std::string(json_text(seen->header, "kid").value_or("")) : "";
}

// A resource server that asks for the key set when its copy is too old, and never before.
class Verifier {
 public:
  Verifier(std::uint16_t issuer_port, std::uint16_t node) : http_(node, issuer_port) {}

  bool takes(const std::string& token) {
    if (Clock::now() >= fresh_until_) fetch();
    return verifies(token, keys_);
  }
  std::size_t fetches() const { return fetches_; }

 private:
  void fetch() {
    const auto asked = Clock::now();
    const auto answer = http_.ask({.target = "/jwks"});
    if (!answer || answer->status != 200) return;
    keys_ = keys_in(*answer);
    fresh_until_ = asked + max_age_of(*answer);
    ++fetches_;
  }

  HttpClient http_;
  std::map<std::string, crypto::PublicKey> keys_;
  Clock::time_point fresh_until_{};
  std::size_t fetches_ = 0;
};

// Refreshes at either node, and shows what it got to both of them and to a verifier.
class Bearer {
 public:
  Bearer(const ServerHome& home, const std::vector<std::uint16_t>& nodes, std::size_t number)
      : visitor_(home.issuer_port, nodes, std::to_string(number)),
        verifier_(home.issuer_port, nodes[number % nodes.size()]) {}

  bool enrol() {
    IssuedCode issued;
    return visitor_.enrol() && status_of(visitor_.authorize(issued)) == 303 &&
           take(visitor_.redeem(issued));
  }
  void use(const std::atomic<bool>& stop) {
    while (!stop && violations.empty()) {
      if (!take(visitor_.refresh(refresh_))) return violated("a refresh failed");
      if (!verifier_.takes(access_)) return violated("a verifier does not know the key");
      for (int i = 0; i < 2; ++i) {
        if (status_of(visitor_.api(access_)) != 200) return violated("a node refuses the token");
      }
      ++verified;
    }
  }
  Visitor& visitor() { return visitor_; }
  std::size_t fetches() const { return verifier_.fetches(); }

  std::map<std::string, std::string> tokens;  // the first of each key
  std::size_t verified = 0;
  std::vector<std::string> violations;

 private:
  bool take(const std::optional<Answer>& answer) {
    if (status_of(answer) != 200) return false;
    access_ = answer->member("access_token");
    refresh_ = answer->member("refresh_token");
    tokens.emplace(kid_of(access_), access_);
    return true;
  }
  void violated(const std::string& what) {
    violations.push_back(what + ", kid " + kid_of(access_));
  }

  Visitor visitor_;
  Verifier verifier_;
  std::string access_;
  std::string refresh_;
};

class T35KeyRotation : public TwoNodes {
 protected:
  const std::uint64_t rotations = number_from("CLAVIGER_CHAOS_CYCLES", short_or_long(10, 200));
  std::vector<std::unique_ptr<Bearer>> bearers;
  std::string newest;  // the kid of the last rotation

  void SetUp() override {
    TwoNodes::SetUp();
    // The key set may be kept for two seconds.
    home.environment["CLAVIGER_KEYS__PUBLISH_AHEAD"] = "4s";
    ASSERT_NO_FATAL_FAILURE(start_both());
    for (std::size_t i = 0; i < 4; ++i) {
      bearers.push_back(std::make_unique<Bearer>(home, ports(), i));
      ASSERT_TRUE(bearers.back()->enrol()) << bearers.back()->visitor().trouble;
    }
  }
  void TearDown() override {
    for (auto& bearer : bearers) learn(bearer->visitor());
    TwoNodes::TearDown();
  }
  std::string rotate(std::size_t node, const std::string& options = "") {
    const auto printed = run_beside(home_of(node), "--json key rotate" + options);
    const auto answer = parse_json(printed);
    if (!answer || !answer->is_object()) throw std::runtime_error("key rotate: " + printed);
    return std::string(json_text(answer->get_object(), "kid").value_or(""));
  }
  std::map<std::string, crypto::PublicKey> keys_at(std::size_t node) {
    HttpClient client(home_of(node).port, home.issuer_port);
    return keys_in(client.ask({.target = "/jwks"}).value_or(Answer{}));
  }
  bool signs_already(const std::string& kid) {
    return std::ranges::any_of(bearers, [&](const auto& one) { return one->tokens.contains(kid); });
  }
};

TEST_F(T35KeyRotation, who_keeps_the_key_set_as_long_as_it_says_verifies_all) {
  std::atomic<bool> stop = false;
  {
    std::vector<std::jthread> threads;
    for (auto& bearer : bearers) {
      threads.emplace_back([&stop, one = bearer.get()] { one->use(stop); });
    }
    for (std::uint64_t i = 0; i < rotations; ++i) {
      newest = rotate(i % kNodes);
      std::this_thread::sleep_for(between(50, 250));
    }
    // Until the last of them signs.
    std::this_thread::sleep_for(std::chrono::milliseconds(4500));
    stop = true;
  }
  Tally sum;
  std::size_t fetches = 0;
  std::map<std::string, std::string> tokens;
  for (auto& bearer : bearers) {
    sum.acknowledged += bearer->verified;
    fetches += bearer->fetches();
    for (auto& what : bearer->violations) sum.violations.push_back(what);
    tokens.insert(bearer->tokens.begin(), bearer->tokens.end());
  }
  EXPECT_TRUE(signs_already(newest));
  EXPECT_GT(tokens.size(), rotations / 2);
  // Whatever has not expired verifies, here and there (I10).
  for (std::size_t node = 0; node < kNodes; ++node) {
    const auto keys = keys_at(node);
    for (const auto& [kid, token] : tokens) {
      if (!verifies(token, keys)) sum.violations.push_back("an older token, kid " + kid);
    }
  }
  report(fmt::format(
      "T-35 seed={} rotations={} nodes={} verifiers={} keys_used={} fetches={} verified={} "
      "violations={}",
      seed, rotations, kNodes, bearers.size(), tokens.size(), fetches, sum.acknowledged,
      sum.violations.size()));
  EXPECT_TRUE(sum.violations.empty()) << sum.violations.front();
  EXPECT_GT(sum.acknowledged, rotations);
}

// With --now nobody was told before: the other node hears of it, without being asked.
TEST_F(T35KeyRotation, a_key_that_signs_at_once_is_taken_by_the_other_node) {
  std::vector<Milliseconds> agreed;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto kid = rotate(i % kNodes, " --now");
    const auto begun = Clock::now();
    const std::size_t other = (i + 1) % kNodes;
    ASSERT_TRUE(comes_true([&] { return keys_at(other).contains(kid); }));
    agreed.push_back(std::chrono::duration_cast<Milliseconds>(Clock::now() - begun));
  }
  for (auto& bearer : bearers) {
    IssuedCode issued;
    bearer->visitor().authorize(issued);
    const auto tokens = bearer->visitor().redeem(issued).value_or(Answer{});
    for (std::size_t node = 0; node < kNodes; ++node) {
      bearer->visitor().ask_only(node);
      EXPECT_EQ(status_of(bearer->visitor().api(tokens.member("access_token"))), 200u);
    }
  }
  report(fmt::format("T-35 seed={} rotations={} at_once=true {} violations=0", seed, agreed.size(),
                     spread_of("agreed", agreed)));
}

}  // namespace
}  // namespace claviger::test
