#include "tests/simulator/scene.hpp"

#include <fmt/format.h>

#include "app/node.hpp"
#include "store/sqlite/open.hpp"
#include "tests/simulator/requests.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/support/null_log.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/temp_folder.hpp"

namespace claviger::simulator {
namespace {

// A node of its own, before anything is simulated.
class Stage {
 public:
  explicit Stage(const config::Settings& settings) {
    store::SqliteOptions options;
    options.directory = folder_.path();
    options.writer = &worker_;
    const app::World world{clock_, random_, log_, worker_, {}};
    node_ = std::make_unique<app::Node>(settings, world, store::open_sqlite(options, log_),
                                        master_key(), kCheapHash);
    path = options.path();
  }

  http::Response send(http::Request request) {
    return test::run_task(node_->router().serve(std::move(request)));
  }
  store::Store& store() { return node_->store(); }
  Client make_client(const std::string& name) {
    const auto hashed = node_->keys().current()->hash_client_secret(Secret(kSecret), clock_.now());
    Client client;
    client.client_id = name;
    client.name = "The " + name;
    client.auth_method = AuthMethod::client_secret_post;
    client.secret_hash = hashed.first;
    client.secret_kid = hashed.second;
    client.redirect_uris = {kCallbackUri};
    client.metadata.id_token.signed_alg = "ES256";
    client.created_at = clock_.now();
    client.first_used_at = client.created_at;
    return client;
  }
  std::string path;

 private:
  test::TempFolder folder_;
  test::FixedClock clock_;
  test::ScriptedRandom random_{42};
  test::KeptLog log_;
  InlineWorker worker_;
  std::unique_ptr<app::Node> node_;
};

void make_public(Client& client) {
  client.auth_method = AuthMethod::none;
  client.secret_hash.reset();
}

void add_clients(Stage& stage, const crypto::PrivateKey& signer) {
  std::vector<Client> clients;
  for (const char* name : {kShop, kApp, kBank, kTv, kSigner}) {
    clients.push_back(stage.make_client(name));
  }
  clients[0].metadata.backchannel_logout.uri = "https://shop.example/back";
  make_public(clients[1]);
  make_public(clients[3]);
  clients[3].grant_types = {GrantType::device_code, GrantType::refresh_token};
  clients[4].auth_method = AuthMethod::private_key_jwt;
  clients[4].secret_hash.reset();
  clients[4].grant_types = {GrantType::client_credentials};
  const boost::json::array keys{signer.public_key().jwk()};
  clients[4].metadata.jwks = boost::json::serialize(boost::json::object{{"keys", keys}});
  for (auto& client : clients) test::run_task(stage.store().clients.add(std::move(client)));
}

// Signs in with one application after another, and allows each.
void allow(Stage& stage, Person& person, const char* client) {
  const auto visit = [&](http::Request request) {
    add_cookies(request, person.cookies);
    auto response = stage.send(std::move(request));
    keep_cookies(response, person.cookies);
    return response;
  };
  auto response = visit(make_get(authorize_target(client, "openid email username", "n", "s")));
  for (int step = 0; step < 6; ++step) {
    const auto to = location_of(response);
    const auto txn = parameter(to, "txn");
    if (to.starts_with("/login")) {
      response = visit(make_post(
          "/login",
          form_of({{"txn", txn}, {"username", person.username}, {"password", kPasswordOfAll}})));
    } else if (to.starts_with("/consent")) {
      response = visit(make_post("/consent", form_of({{"txn", txn}, {"action", "approve"}})));
    } else if (to.starts_with("/authorize")) {
      response = visit(make_get(to));
    } else {
      if (to.starts_with(kCallbackUri) && !parameter(to, "code").empty()) return;
      break;
    }
  }
  throw std::logic_error(
      fmt::format("the scene can't be set: {} {}", response.status, reason_of(response)));
}

Person add_person(Stage& stage, const std::string& username) {
  Person person;
  person.username = username;
  person.email = username + "@example.test";
  const auto added = stage.send(make_post(
      "/register_user",
      form_of({{"username", username}, {"email", person.email}, {"password", kPasswordOfAll}})));
  if (added.status != 200) throw std::logic_error("the scene can't be set: " + added.body);
  person.sub = test::run_task(stage.store().users.find_by_login(username, ""))->sub;
  for (const char* client : {kShop, kApp}) allow(stage, person, client);
  return person;
}

}  // namespace

crypto::SealingKey master_key() {
  const Bytes bytes(32, 0x5a);
  return std::move(*crypto::SealingKey::from_bytes(bytes));
}

std::string authorize_target(std::string_view client, std::string_view scope,
                             std::string_view nonce, std::string_view state) {
  const auto form = form_of({{"client_id", client},
                             {"response_type", "code"},
                             {"redirect_uri", kCallbackUri},
                             {"scope", scope},
                             {"state", state},
                             {"nonce", nonce},
                             {"code_challenge", kCodeChallenge},
                             {"code_challenge_method", "S256"}});
  return "/authorize?" + form.encode();
}

Scene::Scene() : signer(crypto::PrivateKey::generate(crypto::Alg::ES256)) {
  Stage stage(settings);
  add_clients(stage, signer);
  for (const char* name : {"ada", "bob", "cleo", "dan"}) people.push_back(add_person(stage, name));
  add_person(stage, kNeverThere);
  database.take_over(stage.path);
}

Scene& scene() {
  static Scene made;
  return made;
}

}  // namespace claviger::simulator
