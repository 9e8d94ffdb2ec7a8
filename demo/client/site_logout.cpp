// The ways out: begun here (OIDCRL-2), or learnt from Claviger through the browser (OIDCFC-2) or
// behind its back (OIDCBC-2); an open page is told at once.
#include <charconv>

#include "demo/client/site.hpp"

namespace claviger::demo {
namespace {

constexpr std::size_t kLogoutTokenBytes = 16 * 1024;
constexpr int kMaxWatchers = 8;
constexpr int kTicks = 40;  // an answer after ten seconds at the latest: the browser asks again
constexpr std::chrono::milliseconds kTick{250};
constexpr std::string_view kEnded = "Claviger ended this sign-in";

std::size_t number_of(std::string_view digits) {
  std::size_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return read.ec == std::errc() ? number : 0;
}

// What the page has seen: EventSource names the latest event when it comes back.
std::size_t seen_by(const http::Request& request) {
  if (const auto last = request.headers.find("Last-Event-ID")) return number_of(*last);
  const auto form = Form::parse(request.query);
  return form ? number_of(form->get("since").value_or("")) : 0;
}

std::string stream_of(const Session& session, std::size_t since, bool crowded) {
  std::string text = crowded ? "retry: 5000\n\n" : "retry: 250\n\n";
  for (const auto& happening : session.happenings) {
    if (happening.number <= since) continue;
    const boost::json::object data{{"title", happening.title}, {"text", happening.text}};
    text += "id: " + std::to_string(happening.number) + "\nevent: " + happening.kind +
            "\ndata: " + boost::json::serialize(data) + "\n\n";
  }
  return text;
}

http::Response refuse_logout(std::string_view why) {
  auto response = http::json_response(
      400, {{"error", "invalid_request"}, {"error_description", why}});  // OIDCBC-2.8
  return response;
}

// A place among those who wait, given back in any case.
class Watcher {
 public:
  explicit Watcher(Session& session) : session_(session) { ++session_.watchers; }
  ~Watcher() { --session_.watchers; }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 private:
  Session& session_;
};

void depart(Session& visit, const Departure& departure, const std::string& how) {
  const bool current =
      visit.identity && (departure.sid.empty() ? visit.identity->sub == departure.sub
                                               : visit.identity->sid == departure.sid);
  if (current) visit.forget_person();
  const bool told = visit.notice && visit.notice->title == kEnded;
  const std::string before = told ? visit.notice->text + " " : "";
  visit.notice = Notice{Notice::Tone::plain, std::string(kEnded), before + how};
  visit.happen("logout", std::string(kEnded), how);
}

}  // namespace

void Site::add_logout(http::Router& router) {
  add_action(router, "/sign-out-everywhere", "You want to sign out everywhere.",
             &Site::sign_out_everywhere);
  add_page(router, "/signed-out", [this](const auto& r) { return signed_out(r); });
  add_page(router, "/frontchannel-logout",
           [this](const auto& r) { return frontchannel_logout(r); });
  router.add({http::Method::get, "/events", [this](const auto& r) { return events(r); }});
  http::Route back{http::Method::post, "/backchannel-logout",
                   [this](const auto& r) { return backchannel_logout(r); }};
  back.body = http::Body::form;
  back.body_limit = kLogoutTokenBytes;
  router.add(back);
}

Task<http::Response> Site::sign_out_everywhere(Visit visit) {
  if (!visit->identity) co_return back_to_page(*visit);
  const LogoutRequest request = openid_.begin_logout(*visit->identity);
  // First here: whatever becomes of it there, nobody is signed in here any more.
  visit->forget_person();
  if (request.url.empty()) co_return back_to_page(*visit);
  visit->leaving = request.state;
  co_return send_to_claviger(
      *visit, request.url,
      "Go to Claviger to sign out there too. The ID token tells who asks, and for whom.");
}

Task<http::Response> Site::signed_out(const http::Request& request) {
  Visit visit = visit_of(request);
  log_browser_request(request, *visit, "Claviger sent the browser back, signed out.");
  const auto parameters = Form::parse(request.query);
  const auto state = parameters ? parameters->get("state") : std::nullopt;
  const bool ours = state && !visit->leaving.empty() && *state == visit->leaving;
  visit->leaving.clear();
  if (ours) {
    visit->notice = Notice{Notice::Tone::good, "Signed out everywhere",
                           "Here, at Claviger, and in every app that Claviger could tell. Its "
                           "messages to this one are below."};
  } else {
    visit->notice = Notice{Notice::Tone::bad, "This answer belongs to no sign-out of this browser",
                           "Its state is not one that we gave out here. Nothing was done."};
  }
  co_return back_to_page(*visit);
}

// The page that a signing-out browser loads in a frame. Another site's frame may come without our
// cookie (SameSite): the sid, which only Claviger and we know, says whom it is about.
Task<http::Response> Site::frontchannel_logout(const http::Request& request) {
  const auto parameters = Form::parse(request.query);
  const bool clear = parameters && !parameters->first_repeated();
  const auto iss = clear ? parameters->get("iss") : std::nullopt;
  const auto sid = clear ? parameters->get("sid") : std::nullopt;
  auto response = http::text_response(200, "Signed out.\n");
  response.surface = http::Surface::frame;
  response.headers.set("Content-Security-Policy",
                       "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors " +
                           origin_of(client_.settings().server));
  if (!iss || *iss != client_.settings().server || !sid) co_return response;
  const Departure departure{std::string(*sid)};
  const outbound::Response shown{200, {{"content-type", "text/plain"}}, response.body};
  for (const auto& visit : sessions_.about(departure)) {
    log_browser_request(request, *visit,
                        "Front channel: Claviger’s page loaded this address in a frame.");
    visit->log.response(Lane::client, Lane::browser, "This sign-in is over here.", shown);
    depart(*visit, departure, "It said so on the front channel: a frame in the browser.");
  }
  co_return response;
}

Task<http::Response> Site::backchannel_logout(const http::Request& request) {
  const auto form = Form::parse(request.body);
  const bool single = form && !form->repeated("logout_token") && form->get("logout_token");
  if (!single) co_return refuse_logout("exactly one logout_token is needed");
  SeenToken seen;
  const std::string token(*form->get("logout_token"));
  const auto departure = co_await openid_.receive_logout(token, seen);
  if (!departure)
    co_return refuse_logout("the logout token is not good: " + departure.error().title);
  outbound::Request came{"POST", origin_ + request.path, {}, request.body};
  came.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  const outbound::Response answered{200};
  for (const auto& visit : sessions_.about(*departure)) {
    visit->log.request(Lane::server, Lane::client,
                       "Back channel: Claviger itself tells that the person signed out.", came);
    visit->log.token(visit->log.latest(), seen);
    visit->log.response(Lane::client, Lane::server, "This sign-in is over here.", answered);
    depart(*visit, *departure, "It said so on the back channel, from server to server.");
  }
  http::Response response;
  response.surface = http::Surface::none;
  co_return response;
}

// Server-sent events, a few at a time: the answer ends with the first that happens, and the browser
// asks for the next by itself.
Task<http::Response> Site::events(const http::Request& request) {
  http::Response response;
  const Visit visit = find_visit(request);
  if (!visit) {
    response.status = 204;  // which ends an EventSource
    response.surface = http::Surface::none;
    co_return response;
  }
  const std::size_t since = seen_by(request);
  const bool crowded = visit->watchers >= kMaxWatchers;
  const Watcher watcher(*visit);
  for (int tick = 0; tick < kTicks && !crowded && visit->happened <= since; ++tick) {
    co_await wait_(kTick);
    co_await advance_device(visit);
  }
  response.content_type = "text/event-stream";
  response.body = stream_of(*visit, since, crowded);
  co_return response;
}

}  // namespace claviger::demo
