// T-19: 64 simultaneous redemptions of one thing, spread over two nodes on one PostgreSQL: a code,
// a refresh token, an assertion's jti, a device code. One succeeds (I1, I3).
#include <chrono>
#include <set>

#include "crypto/jws.hpp"
#include "tests/chaos/two_nodes.hpp"
#include "tests/chaos/volley.hpp"

namespace claviger::test {
namespace {

constexpr std::size_t kAtOnce = 64;
constexpr const char* kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr const char* kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

std::string hidden(const Answer& page, const std::string& name) {
  const std::string before = "name=\"" + name + "\" value=\"";
  const auto at = page.body.find(before);
  if (at == std::string::npos) return {};
  const auto begin = at + before.size();
  return page.body.substr(begin, page.body.find('"', begin) - begin);
}

class T19TwoNodeRaces : public TwoNodes {
 protected:
  const std::uint64_t rounds = number_from("CLAVIGER_CHAOS_ROUNDS", short_or_long(25, 500));
  std::unique_ptr<Visitor> visitor;
  std::unique_ptr<Volley> volley;

  void SetUp() override {
    TwoNodes::SetUp();
    ASSERT_NO_FATAL_FAILURE(start_both());
    visitor = std::make_unique<Visitor>(home.issuer_port, ports(), "racer");
    ASSERT_TRUE(visitor->enrol()) << visitor->trouble;
    volley = std::make_unique<Volley>(home.issuer_port, ports(), kAtOnce);
  }
  void TearDown() override {
    learn(*visitor);
    TwoNodes::TearDown();
  }

  // Runs the rounds of one artefact, and says how they went.
  template <class Round>
  void race(const char* artefact, Round round) {
    std::uint64_t done = 0;
    for (; done < rounds && violations_ == 0; ++done) {
      round_ = fmt::format("{}, round {}, seed {}", artefact, done + 1, seed);
      round();
      learn(*visitor);
    }
    report(fmt::format(
        "T-19 seed={} artefact={} nodes={} at_once={} rounds={} acknowledged={} "
        "shed={} violations={}",
        seed, artefact, kNodes, kAtOnce, done, done * kAtOnce - shed_, shed_, violations_));
    // Otherwise nobody would know whether there was a race.
    EXPECT_LE(shed_, done * kAtOnce / 4);
    shed_ = 0;
  }
  void hold(bool true_so, const std::string& what) {
    if (true_so) return;
    ++violations_;
    ADD_FAILURE() << what << ": " << round_;
  }
  std::vector<Answer> fire(const Form& form) {
    auto answers = volley->fire("/token", form);
    for (const auto& answer : answers) visitor->remember_secrets_of(answer);
    return answers;
  }
  // The only one that got tokens; all others were told `error`.
  Answer only_winner(const std::vector<Answer>& answers, unsigned status, const char* error) {
    std::vector<Answer> winners;
    for (const auto& answer : answers) {
      if (answer.status == 200) {
        winners.push_back(answer);
      } else if (answer.status == 503) {
        ++shed_;  // it waited too long for the winner's commit, and may ask again
      } else {
        hold(answer.status == status && answer.member("error") == error,
             fmt::format("a loser is told {} {}", answer.status, answer.body.substr(0, 200)));
      }
    }
    const bool all_know =
        std::ranges::none_of(answers, [](const Answer& answer) { return answer.status == 503; });
    hold(winners.size() == 1 || (winners.empty() && !all_know),
         fmt::format("{} winners", winners.size()));
    return winners.empty() ? Answer{} : winners.front();
  }
  void hold_tokens_work(const Answer& tokens) {
    if (tokens.status != 200) return;
    for (std::size_t node = 0; node < kNodes; ++node) {
      visitor->ask_only(node);
      hold(status_of(visitor->api(tokens.member("access_token"))) == 200,
           fmt::format("the winner's access token at node {}", node));
    }
    visitor->ask_only({});
  }

  void code_round() {
    IssuedCode issued;
    visitor->authorize(issued);
    const auto won = only_winner(fire(visitor->redeem_form(issued)), 400, "invalid_grant");
    hold_tokens_work(won);
    if (won.status != 200) return;
    hold(status_of(visitor->refresh(won.member("refresh_token"))) == 200, "the winner's refresh");
  }
  // All hear of the same successor, and the family goes on with that one alone.
  void refresh_round() {
    IssuedCode issued;
    visitor->authorize(issued);
    const auto first = visitor->redeem(issued).value_or(Answer{}).member("refresh_token");
    std::set<std::string> successors;
    std::string access;
    for (const auto& answer : fire(visitor->refresh_form(first))) {
      if (answer.status == 503) {
        ++shed_;
        continue;
      }
      hold(answer.status == 200, "a refresh is told " + answer.body.substr(0, 200));
      successors.insert(answer.member("refresh_token"));
      access = answer.member("access_token");
    }
    hold(successors.size() <= 1, fmt::format("{} successors", successors.size()));
    if (successors.empty()) return;
    const auto next = visitor->refresh(*successors.begin());
    hold(status_of(next) == 200, "the successor");
    // The first is two generations old by now, and ends the family on both nodes.
    hold(error_of(visitor->refresh(first)) == "invalid_grant", "the first again");
    hold(status_of(visitor->api(access)) == 401, "an access token of an ended family");
  }
  void jti_round() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    const boost::json::object claims{{"iss", signer_},
                                     {"sub", signer_},
                                     {"aud", home.issuer()},
                                     {"exp", seconds + 60},
                                     {"jti", fmt::format("{}-{}", seed, ++assertions_)}};
    Form form;
    form.add("grant_type", "client_credentials");
    form.add("client_assertion_type", kAssertionType);
    form.add("client_assertion", crypto::sign_jws(key_, "JWT", claims));
    only_winner(fire(form), 401, "invalid_client");
  }
  void device_round() {
    Form asked;
    asked.add("client_id", device_);
    asked.add("scope", "username");
    const auto begun = visitor->post("/device_authorization", asked).value_or(Answer{});
    approve(begun.member("user_code"));
    Form form;
    form.add("grant_type", kDeviceGrant);
    form.add("client_id", device_);
    form.add("device_code", begun.member("device_code"));
    hold_tokens_work(only_winner(fire(form), 400, "invalid_grant"));
  }
  void approve(const std::string& user_code) {
    const auto entry = visitor->get("/device").value_or(Answer{});
    Form typed;
    typed.add("csrf", hidden(entry, "csrf"));
    typed.add("user_code", user_code);
    const auto page = visitor->post("/device", typed).value_or(Answer{});
    Form answer;
    answer.add("csrf", hidden(page, "csrf"));
    answer.add("user_code", hidden(page, "user_code"));
    answer.add("action", "approve");
    hold(status_of(visitor->post("/device", answer)) == 200, "the approval of a device");
  }
  // Gives the id that it got.
  std::string add_client(const boost::json::object& client) {
    HttpClient http(home.port, home.issuer_port);
    const auto made = http.ask({.target = "/register", .json = boost::json::serialize(client)});
    EXPECT_EQ(status_of(made), 201u) << made.value_or(Answer{}).body;
    return made.value_or(Answer{}).member("client_id");
  }
  void add_clients() {
    boost::json::array keys;
    keys.push_back(key_.public_key().jwk());
    signer_ = add_client({{"redirect_uris", {kRedirectUri}},
                          {"grant_types", {"client_credentials"}},
                          {"token_endpoint_auth_method", "private_key_jwt"},
                          {"jwks", boost::json::object{{"keys", std::move(keys)}}}});
    device_ = add_client({{"grant_types", {kDeviceGrant}}, {"token_endpoint_auth_method", "none"}});
  }

 private:
  const crypto::PrivateKey key_ = crypto::PrivateKey::generate(crypto::Alg::ES256);
  std::string signer_;
  std::string device_;
  std::string round_;
  std::uint64_t violations_ = 0;
  std::uint64_t shed_ = 0;
  std::uint64_t assertions_ = 0;
};

TEST_F(T19TwoNodeRaces, codes_and_refresh_tokens) {
  race("code", [this] { code_round(); });
  race("refresh_token", [this] { refresh_round(); });
}

TEST_F(T19TwoNodeRaces, devices_and_assertions) {
  add_clients();
  race("device_code", [this] { device_round(); });
  race("jti", [this] { jti_round(); });
}

}  // namespace
}  // namespace claviger::test
