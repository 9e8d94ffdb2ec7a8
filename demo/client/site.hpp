// The URLs of this app. Each button of the page is a form whose POST does one thing and sends the
// browser back to the page with 303; /callback is where Claviger sends the browser.
#pragma once
#include <memory>

#include "base/task.hpp"
#include "demo/client/pages.hpp"
#include "demo/client/relying_party.hpp"
#include "demo/client/session.hpp"
#include "http/router.hpp"

namespace claviger::demo {

class Site {
 public:
  Site(RelyingParty& client, Sessions& sessions, Pages& pages, const Clock& clock);
  void add_routes(http::Router& router);
  // For what never reaches a handler here.
  http::Response render_error(unsigned status);
  const std::string& origin() const { return origin_; }

 private:
  using Visit = std::shared_ptr<Session>;
  using Action = Task<http::Response> (Site::*)(Visit);

  using Experiment = Task<Notice> (*)(RelyingParty&, Session&);

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
  Sessions& sessions_;
  Pages& pages_;
  const Clock& clock_;
  std::string origin_;  // of our own redirect URI
};

}  // namespace claviger::demo
