// The URLs of this app. Each button of the page is a form whose POST does one thing and sends the
// browser back to the page with 303; /callback is where Claviger sends the browser.
#pragma once
#include <chrono>
#include <functional>
#include <memory>

#include "base/task.hpp"
#include "demo/client/device.hpp"
#include "demo/client/openid.hpp"
#include "demo/client/pages.hpp"
#include "demo/client/relying_party.hpp"
#include "demo/client/session.hpp"
#include "http/router.hpp"

namespace claviger::demo {

// A pause of a handler's.
using Wait = std::function<Task<void>(std::chrono::milliseconds)>;

struct Parts {
  RelyingParty& client;
  OpenIdClient& openid;
  DeviceClient& device;
  Sessions& sessions;
  Pages& pages;
  const Clock& clock;
  Wait wait;
};

Notice trouble(const Problem& problem);
std::string origin_of(const std::string& url);

class Site {
 public:
  explicit Site(Parts parts);
  void add_routes(http::Router& router);
  // For what never reaches a handler here.
  http::Response render_error(unsigned status);
  const std::string& origin() const { return origin_; }

 private:
  using Visit = std::shared_ptr<Session>;
  using Action = Task<http::Response> (Site::*)(Visit);

  using Experiment = Task<Notice> (*)(RelyingParty&, Session&);

  void add_page(http::Router& router, std::string_view path, http::Handler handler);
  void add_experiments(http::Router& router);
  void add_openid(http::Router& router);
  void add_logout(http::Router& router);
  void add_device(http::Router& router);
  void add_assets(http::Router& router);
  void add_button(http::Router& router, std::string_view path, http::Handler handler);
  void add_action(http::Router& router, std::string_view path, std::string_view wish,
                  Action action);
  void add_experiment(http::Router& router, std::string_view path, std::string_view wish,
                      Experiment experiment);
  Task<http::Response> act(const http::Request& request, std::string_view wish, Action action);
  Task<http::Response> try_out(const http::Request& request, std::string_view wish,
                               Experiment experiment);

  Task<http::Response> home(const http::Request& request);
  Task<http::Response> callback(const http::Request& request);
  Task<http::Response> sign_in(Visit visit);
  Task<http::Response> break_redirect(Visit visit);
  Task<http::Response> call_api(Visit visit);
  Task<http::Response> refresh(Visit visit);
  Task<http::Response> sign_out(Visit visit);
  Task<http::Response> clear(Visit visit);

  // With OpenID Connect (site_openid.cpp).
  Task<http::Response> sign_in_openid(Visit visit);
  Task<http::Response> ask_userinfo(Visit visit);
  Task<http::Response> exchange(Visit visit);
  Task<http::Response> break_state(Visit visit);
  Task<bool> prepare_openid(Visit visit);
  Task<bool> take_tokens(Visit visit, Redemption redemption, std::string nonce);

  // The ways out (site_logout.cpp).
  Task<http::Response> sign_out_everywhere(Visit visit);
  Task<http::Response> signed_out(const http::Request& request);
  Task<http::Response> frontchannel_logout(const http::Request& request);
  Task<http::Response> backchannel_logout(const http::Request& request);
  Task<http::Response> events(const http::Request& request);

  // The device (site_device.cpp).
  Task<http::Response> start_device(Visit visit);
  Task<http::Response> stop_device(Visit visit);
  Task<void> advance_device(Visit visit);

  bool from_our_own_page(const http::Request& request) const;
  Visit find_visit(const http::Request& request);
  Visit visit_of(const http::Request& request);
  void log_browser_request(const http::Request& request, Session& session,
                           std::string_view meaning);
  Task<bool> prepare(Visit visit);
  Task<void> take_response(const http::Request& request, Visit visit);
  http::Response send_to_claviger(Session& session, const std::string& url, std::string meaning);
  http::Response back_to_page(const Session& session);
  http::Cookie cookie_of(const Session& session) const;

  RelyingParty& client_;
  OpenIdClient& openid_;
  DeviceClient& device_;
  Sessions& sessions_;
  Pages& pages_;
  const Clock& clock_;
  Wait wait_;
  std::string origin_;  // of our own redirect URI
};

}  // namespace claviger::demo
