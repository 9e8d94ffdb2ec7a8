// One person with one browser and one application, at a server that may die at any moment. Every
// call says what came back, or nothing when that is unknown.
#pragma once
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/chaos/http_client.hpp"

namespace claviger::test {

inline constexpr const char* kRedirectUri = "https://chaos.example/back";

struct IssuedCode {
  std::string code;
  std::string verifier;
};

class Visitor {
 public:
  // `name` tells its client and user from those of others on the same server.
  Visitor(std::uint16_t port, const std::string& name);
  // Of several nodes of one issuer, which listens on `issuer_port`: each is asked now and then.
  Visitor(std::uint16_t issuer_port, const std::vector<std::uint16_t>& nodes,
          const std::string& name);

  // Registers client and user, signs in, gives consent: from here on codes come without a page.
  // False, with a word in `trouble`: some step was answered otherwise.
  bool enrol();
  std::string trouble;

  // The answer of /authorize with prompt=none, and the code in it.
  std::optional<Answer> authorize(IssuedCode& issued);
  std::optional<Answer> redeem(const IssuedCode& issued);
  std::optional<Answer> refresh(const std::string& token);
  std::optional<Answer> api(const std::string& access_token);
  std::optional<Answer> get(const std::string& target);
  std::optional<Answer> post(const std::string& target, const Form& form);
  // To a server that was restarted.
  void reconnect();
  // From now on this node alone; nothing: all of them again.
  void ask_only(std::optional<std::size_t> node) { only_ = node; }
  // What any HTTP library does when told to: once more, over another connection, when no answer
  // came or it was 503.
  void retry_once() { retries_once_ = true; }
  std::size_t retries() const { return retries_; }
  // A login form of its own transaction.
  std::optional<Answer> log_in(const std::string& password);

  Form redeem_form(const IssuedCode& issued) const;
  Form refresh_form(const std::string& token) const;

  // Where a browser goes that nobody knows yet.
  std::string authorize_target() const;

  const std::string& username() const { return username_; }
  const std::string& client_id() const { return client_id_; }
  const std::string& password() const { return password_; }
  // All that must not be found in a log: password, client secret, cookies, codes, verifiers,
  // tokens.
  const std::vector<std::string>& secrets() const { return secrets_; }
  void remember_secrets_of(const Answer& token_response);
  void forget_secrets() { secrets_.clear(); }

 private:
  std::optional<Answer> ask(Question question);
  bool register_both();
  bool sign_in();
  Form authorize_form(const std::string& verifier) const;
  void keep_cookies(const Answer& answer);
  bool complain(const char* step, const std::optional<Answer>& answer);

  HttpClient& next_node();

  std::deque<HttpClient> nodes_;
  std::optional<std::size_t> only_;
  std::uint32_t turn_ = 0;
  bool retries_once_ = false;
  std::size_t retries_ = 0;
  std::string username_;
  std::string client_id_;
  std::string password_;
  std::string client_secret_;
  std::map<std::string, std::string> cookies_;
  std::vector<std::string> secrets_;
};

// One parameter of a URL's query; empty when it isn't there.
std::string parameter_of(const std::string& url, std::string_view name);

}  // namespace claviger::test
