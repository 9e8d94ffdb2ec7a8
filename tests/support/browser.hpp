// A browser without eyes: keeps cookies, sends forms, follows our own redirects on demand.
#pragma once
#include "tests/support/site.hpp"

namespace claviger::test {

inline Form form_of(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  Form form;
  for (const auto& [name, value] : fields) form.add(name, value);
  return form;
}

class Browser {
 public:
  explicit Browser(Site& site)
      : send_([&site](http::Request request) { return site.send(std::move(request)); }) {}
  // To whichever node answers.
  explicit Browser(std::function<http::Response(http::Request)> send) : send_(std::move(send)) {}

  http::Response get(const std::string& target) { return send(Site::make_get(target)); }
  http::Response post(const std::string& target, const Form& form) {
    return send(Site::make_post(target, form));
  }
  http::Response send(http::Request request) {
    std::string header;
    for (const auto& [name, value] : cookies) {
      header += (header.empty() ? "" : "; ") + name + "=" + value;
    }
    if (!header.empty()) request.headers.add("Cookie", header);
    auto response = send_(std::move(request));
    for (const auto& cookie : response.cookies) {
      if (cookie.max_age && cookie.max_age->count() == 0) {
        cookies.erase(cookie.name);
      } else {
        cookies[cookie.name] = cookie.value;
      }
    }
    return response;
  }

  std::map<std::string, std::string> cookies;

 private:
  std::function<http::Response(http::Request)> send_;
};

// The baseline of every flow test: the seed's request, valid in everything.
inline Form authorize_request() {
  return form_of({{"client_id", "demo-client"},
                  {"response_type", "code"},
                  {"redirect_uri", kCallback},
                  {"scope", "email username"},
                  {"state", "xyz"}});
}
inline std::string authorize_url(const Form& form) { return "/authorize?" + form.encode(); }
// The form with one value changed, or taken out when it is empty.
inline Form with(const Form& form, std::string_view name, std::string_view value) {
  Form changed;
  for (const auto& [field, old] : form.fields()) {
    if (field != name) changed.add(field, old);
  }
  if (!value.empty()) changed.add(name, value);
  return changed;
}

inline Form login_form(const std::string& txn, std::string_view password = kPassword,
                       std::string_view username = "ada") {
  return form_of({{"txn", txn}, {"username", username}, {"password", password}});
}

// From /authorize through login and consent to the client's redirect URI; gives that URL.
inline std::string sign_in(Browser& browser, const Form& request = authorize_request()) {
  auto response = browser.get(authorize_url(request));
  for (int step = 0; step < 6 && response.status == 303; ++step) {
    const std::string to = location_of(response);
    const std::string txn = parameter(to, "txn");
    if (to.starts_with("/login")) {
      response = browser.post("/login", login_form(txn));
    } else if (to.starts_with("/consent")) {
      response = browser.post("/consent", form_of({{"txn", txn}, {"action", "approve"}}));
    } else if (to.starts_with("/authorize")) {
      response = browser.get(to);
    } else {
      return to;
    }
  }
  ADD_FAILURE() << "the flow stopped with status " << response.status << " " << reason_of(response);
  return {};
}

inline Form code_form(const std::string& code) {
  return form_of({{"grant_type", "authorization_code"},
                  {"client_id", "demo-client"},
                  {"client_secret", "demo-client-secret"},
                  {"code", code},
                  {"redirect_uri", kCallback}});
}
inline Form refresh_form(const std::string& token) {
  return form_of({{"grant_type", "refresh_token"},
                  {"client_id", "demo-client"},
                  {"client_secret", "demo-client-secret"},
                  {"refresh_token", token}});
}

struct Tokens {
  std::string access;
  std::string refresh;
};
inline Tokens tokens_of(const http::Response& response) {
  return {text_of(response, "access_token"), text_of(response, "refresh_token")};
}
inline std::string fresh_code(Site& site) {
  Browser browser(site);
  return parameter(sign_in(browser), "code");
}
inline Tokens fresh_tokens(Site& site) {
  const auto response = site.post("/token", code_form(fresh_code(site)));
  EXPECT_EQ(response.status, 200u) << response.body;
  return tokens_of(response);
}

}  // namespace claviger::test
