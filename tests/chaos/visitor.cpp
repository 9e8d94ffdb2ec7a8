#include "tests/chaos/visitor.hpp"

#include <boost/json.hpp>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "crypto/system_random.hpp"

namespace claviger::test {
namespace {

std::string random_text() {
  crypto::SystemRandom random;
  return base64url_encode(random.bytes<32>());
}

}  // namespace

std::string parameter_of(const std::string& url, std::string_view name) {
  const auto question = url.find('?');
  if (question == std::string::npos) return {};
  const auto form = Form::parse(std::string_view(url).substr(question + 1));
  return form ? std::string(form->get(name).value_or("")) : "";
}

Visitor::Visitor(std::uint16_t port, const std::string& name)
    : Visitor(port, std::vector<std::uint16_t>{port}, name) {}

Visitor::Visitor(std::uint16_t issuer_port, const std::vector<std::uint16_t>& nodes,
                 const std::string& name)
    : username_("user-" + name),
      client_id_("client-" + name),
      password_(random_text()),
      client_secret_(random_text()),
      secrets_{password_, client_secret_} {
  for (const auto node : nodes) nodes_.emplace_back(node, issuer_port);
  for (const char letter : name) turn_ = turn_ * 31 + static_cast<std::uint8_t>(letter);
}

void Visitor::reconnect() {
  for (auto& node : nodes_) node.close();
}

// No fixed turns, or the same node would always have the same step of a flow.
HttpClient& Visitor::next_node() {
  if (only_) return nodes_[*only_];
  turn_ = turn_ * 1'664'525u + 1'013'904'223u;
  return nodes_[(turn_ >> 16) % nodes_.size()];
}

std::optional<Answer> Visitor::ask(Question question) {
  std::string cookies;
  for (const auto& [name, value] : cookies_) {
    cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
  }
  if (!cookies.empty()) question.headers.emplace_back("Cookie", cookies);
  auto& node = next_node();
  auto answer = node.ask(question);
  if (retries_once_ && (!answer || answer->status == 503)) {
    ++retries_;
    node.close();
    answer = next_node().ask(question);
  }
  if (answer) keep_cookies(*answer);
  return answer;
}

std::optional<Answer> Visitor::get(const std::string& target) { return ask({.target = target}); }

std::optional<Answer> Visitor::post(const std::string& target, const Form& form) {
  return ask({.target = target, .form = &form});
}

void Visitor::keep_cookies(const Answer& answer) {
  for (const auto& [name, value] : answer.headers) {
    if (name != "set-cookie") continue;
    const auto pair = value.substr(0, value.find(';'));
    const auto equals = pair.find('=');
    if (equals == std::string::npos) continue;
    cookies_[pair.substr(0, equals)] = pair.substr(equals + 1);
    secrets_.push_back(pair.substr(equals + 1));
  }
}

bool Visitor::complain(const char* step, const std::optional<Answer>& answer) {
  trouble = std::string(step) + ": " +
            (answer ? std::to_string(answer->status) + " " + answer->member("error_description")
                    : "no answer");
  return false;
}

bool Visitor::enrol() { return register_both() && sign_in(); }

bool Visitor::register_both() {
  const boost::json::object client{{"client_id", client_id_},
                                   {"client_secret", client_secret_},
                                   {"redirect_uris", {kRedirectUri}},
                                   {"token_endpoint_auth_method", "client_secret_post"}};
  const auto made = ask({.target = "/register_client", .json = boost::json::serialize(client)});
  if (!made || made->status != 200) return complain("register_client", made);
  const boost::json::object user{
      {"username", username_}, {"password", password_},       {"firstname", "Chaos"},
      {"lastname", "Visitor"}, {"phone", "+44 20 7946 0958"}, {"email", username_ + "@chaos.test"}};
  const auto known = ask({.target = "/register_user", .json = boost::json::serialize(user)});
  if (!known || known->status != 200) return complain("register_user", known);
  return true;
}

Form Visitor::authorize_form(const std::string& verifier) const {
  Form form;
  form.add("client_id", client_id_);
  form.add("response_type", "code");
  form.add("redirect_uri", kRedirectUri);
  form.add("scope", "email username");
  form.add("state", "chaos");
  form.add("code_challenge", base64url_encode(crypto::sha256(verifier)));
  form.add("code_challenge_method", "S256");
  return form;
}

std::string Visitor::authorize_target() const {
  return "/authorize?" + authorize_form(random_text()).encode();
}

bool Visitor::sign_in() {
  auto answer = get(authorize_target());
  for (int step = 0; step < 6 && answer && answer->status == 303; ++step) {
    const auto to = answer->header("location");
    if (to.starts_with(kRedirectUri)) return !parameter_of(to, "code").empty();
    Form form;
    form.add("txn", parameter_of(to, "txn"));
    if (to.starts_with("/login")) {
      form.add("username", username_);
      form.add("password", password_);
      answer = post("/login", form);
    } else if (to.starts_with("/consent")) {
      form.add("action", "approve");
      answer = post("/consent", form);
    } else {
      answer = get(to);
    }
  }
  return complain("sign-in", answer);
}

std::optional<Answer> Visitor::log_in(const std::string& password) {
  auto form = authorize_form(random_text());
  form.add("prompt", "login");
  const auto begun = get("/authorize?" + form.encode());
  if (!begun || begun->status != 303) return begun;
  Form login;
  login.add("txn", parameter_of(begun->header("location"), "txn"));
  login.add("username", username_);
  login.add("password", password);
  return post("/login", login);
}

std::optional<Answer> Visitor::authorize(IssuedCode& issued) {
  issued.verifier = random_text();
  auto form = authorize_form(issued.verifier);
  form.add("prompt", "none");
  auto answer = get("/authorize?" + form.encode());
  if (answer) issued.code = parameter_of(answer->header("location"), "code");
  secrets_.push_back(issued.verifier);
  if (!issued.code.empty()) secrets_.push_back(issued.code);
  return answer;
}

Form Visitor::redeem_form(const IssuedCode& issued) const {
  Form form;
  form.add("grant_type", "authorization_code");
  form.add("client_id", client_id_);
  form.add("client_secret", client_secret_);
  form.add("code", issued.code);
  form.add("redirect_uri", kRedirectUri);
  form.add("code_verifier", issued.verifier);
  return form;
}

Form Visitor::refresh_form(const std::string& token) const {
  Form form;
  form.add("grant_type", "refresh_token");
  form.add("client_id", client_id_);
  form.add("client_secret", client_secret_);
  form.add("refresh_token", token);
  return form;
}

std::optional<Answer> Visitor::redeem(const IssuedCode& issued) {
  auto answer = post("/token", redeem_form(issued));
  if (answer) remember_secrets_of(*answer);
  return answer;
}

std::optional<Answer> Visitor::refresh(const std::string& token) {
  auto answer = post("/token", refresh_form(token));
  if (answer) remember_secrets_of(*answer);
  return answer;
}

std::optional<Answer> Visitor::api(const std::string& access_token) {
  return ask(
      {.target = "/api", .headers = {{"Authorization", "Bearer " + access_token}}, .post = true});
}

void Visitor::remember_secrets_of(const Answer& token_response) {
  for (const char* name : {"access_token", "refresh_token"}) {
    const auto token = token_response.member(name);
    if (!token.empty()) secrets_.push_back(token);
  }
}

}  // namespace claviger::test
