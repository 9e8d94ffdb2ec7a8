#include "demo/client/site.hpp"

#include "demo/client/experiments.hpp"

namespace claviger::demo {
namespace {

// All ports of localhost share one jar of cookies: a name of our own, and no other is ever read.
constexpr std::string_view kCookie = "claviger_demo";
constexpr std::size_t kFormBytes = 1024;

}  // namespace

std::string origin_of(const std::string& url) {
  const auto host = url.find("://");
  return host == std::string::npos ? url : url.substr(0, url.find('/', host + 3));
}

Notice trouble(const Problem& problem) { return {Notice::Tone::bad, problem.title, "", problem}; }

Site::Site(Parts parts)
    : client_(parts.client),
      openid_(parts.openid),
      device_(parts.device),
      sessions_(parts.sessions),
      pages_(parts.pages),
      clock_(parts.clock),
      wait_(std::move(parts.wait)),
      origin_(origin_of(parts.client.settings().redirect_uri)) {}

void Site::add_routes(http::Router& router) {
  add_page(router, "/", [this](const auto& r) { return home(r); });
  add_page(router, "/callback", [this](const auto& r) { return callback(r); });
  add_action(router, "/sign-in", "You want to sign in.", &Site::sign_in);
  add_action(router, "/call-api", "You want to see your data.", &Site::call_api);
  add_action(router, "/refresh", "You want fresh tokens.", &Site::refresh);
  add_action(router, "/sign-out", "You want to sign out.", &Site::sign_out);
  add_action(router, "/clear", "You want a clean sheet.", &Site::clear);
  add_openid(router);
  add_logout(router);
  add_device(router);
  add_experiments(router);
  add_assets(router);
}

void Site::add_experiments(http::Router& router) {
  add_action(router, "/break-redirect", "You try another redirect_uri.", &Site::break_redirect);
  add_action(router, "/break-state", "You try a request that is too old.", &Site::break_state);
  add_experiment(router, "/break-code", "You try the code again.", &reuse_code);
  add_experiment(router, "/break-secret", "You try a wrong secret.", &use_wrong_secret);
  add_experiment(router, "/break-refresh", "You try an old token.", &reuse_refresh_token);
  add_experiment(router, "/break-token", "You try a changed token.", &tamper_with_access_token);
  add_experiment(router, "/break-audience", "You try the ID token at the API.",
                 &use_id_token_as_access_token);
  add_experiment(router, "/break-nonce", "You try an ID token again.", &replay_id_token);
}

void Site::add_assets(http::Router& router) {
  for (const Asset& asset : pages_.assets()) {
    auto serve = [&asset](const http::Request&) -> Task<http::Response> {
      http::Response response;
      response.surface = http::Surface::asset;
      response.content_type = std::string(asset.content_type);
      response.body = std::string(asset.body);
      co_return response;
    };
    http::Route route{http::Method::get, asset.path, serve};
    route.cache = http::Cache::immutable;
    router.add(route);
  }
}

void Site::add_page(http::Router& router, std::string_view path, http::Handler handler) {
  http::Route page{http::Method::get, path, std::move(handler)};
  page.html = true;
  router.add(page);
}

void Site::add_button(http::Router& router, std::string_view path, http::Handler handler) {
  http::Route route{http::Method::post, path, std::move(handler)};
  route.body = http::Body::form;
  route.body_limit = kFormBytes;
  route.html = true;
  router.add(route);
}

void Site::add_action(http::Router& router, std::string_view path, std::string_view wish,
                      Action action) {
  add_button(router, path, [this, wish, action](const auto& r) { return act(r, wish, action); });
}

void Site::add_experiment(http::Router& router, std::string_view path, std::string_view wish,
                          Experiment experiment) {
  add_button(router, path,
             [this, wish, experiment](const auto& r) { return try_out(r, wish, experiment); });
}

// Another site, or another port of this host, must not press our buttons. Browsers say with every
// POST where it comes from; what says nothing is no browser and carries nobody's cookies.
bool Site::from_our_own_page(const http::Request& request) const {
  const auto origin = request.headers.find("Origin");
  if (origin) return *origin == origin_;
  const auto site = request.headers.find("Sec-Fetch-Site");
  return !site || *site == "same-origin";
}

Site::Visit Site::find_visit(const http::Request& request) {
  const auto id = request.cookie(kCookie);
  return id ? sessions_.find(*id) : nullptr;
}

Site::Visit Site::visit_of(const http::Request& request) {
  Visit known = find_visit(request);
  return known ? known : sessions_.create();
}

http::Cookie Site::cookie_of(const Session& session) const {
  http::Cookie cookie;
  cookie.name = kCookie;
  cookie.value = session.id;
  cookie.secure = origin_.starts_with("https://");
  return cookie;
}

http::Response Site::back_to_page(const Session& session) {
  http::Response response = http::redirect(http::Location(OwnPath("/")));
  response.cookies.push_back(cookie_of(session));
  return response;
}

// The browser's message as the diagram shows it. Of its headers only those that matter here.
void Site::log_browser_request(const http::Request& request, Session& session,
                               std::string_view meaning) {
  outbound::Request shown;
  shown.method = request.method_text;
  shown.url = origin_ + request.target;
  for (const char* name : {"Host", "Origin", "Content-Type", "Sec-Fetch-Site"}) {
    if (const auto value = request.headers.find(name)) {
      shown.headers.emplace_back(name, std::string(*value));
    }
  }
  session.log.request(Lane::browser, Lane::client, std::string(meaning), shown);
}

Task<http::Response> Site::act(const http::Request& request, std::string_view wish, Action action) {
  if (!from_our_own_page(request)) co_return render_error(403);
  Visit visit = visit_of(request);
  visit->notice.reset();
  log_browser_request(request, *visit, wish);
  co_return co_await (this->*action)(visit);
}

Task<http::Response> Site::try_out(const http::Request& request, std::string_view wish,
                                   Experiment experiment) {
  if (!from_our_own_page(request)) co_return render_error(403);
  Visit visit = visit_of(request);
  log_browser_request(request, *visit, wish);
  // Who signed in, by whichever way, needs no preparation any more.
  bool ready = visit->tokens.has_value();
  if (!ready) ready = co_await prepare(visit);
  if (ready) visit->notice = co_await experiment(client_, *visit);
  co_return back_to_page(*visit);
}

// Once for each visit, and again after a failure: the server may have started later than we did.
Task<bool> Site::prepare(Visit visit) {
  if (visit->prepared) co_return true;
  const auto ready = co_await client_.prepare(visit->log);
  visit->prepared = ready.has_value();
  if (!ready) visit->notice = trouble(ready.error());
  co_return visit->prepared;
}

Task<http::Response> Site::home(const http::Request& request) {
  const Visit visit = find_visit(request);
  // Without a script, loading the page again is how it asks for the device.
  if (visit) co_await advance_device(visit);
  // No form-action in this page's policy: pressing "Sign in" ends at Claviger, by redirect.
  co_return http::html_response(200, pages_.home(client_.settings(), visit.get(), clock_.now()),
                                http::Surface::page_to_client);
}

http::Response Site::send_to_claviger(Session& session, const std::string& url,
                                      std::string meaning) {
  http::Response response;
  response.status = 303;
  response.surface = http::Surface::none;
  response.headers.add("Location", url);
  response.cookies.push_back(cookie_of(session));
  outbound::Response shown{303, {{"Location", url}}};
  session.log.response(Lane::client, Lane::browser, std::move(meaning), shown);
  return response;
}

Task<http::Response> Site::sign_in(Visit visit) {
  // A request that was never answered may mean that the server has forgotten this client.
  if (!visit->pending.empty()) visit->prepared = false;
  const bool ready = co_await prepare(visit);
  if (!ready) co_return back_to_page(*visit);
  visit->add_pending(client_.begin());
  const std::string url = visit->pending.back().url;
  http::Response response = send_to_claviger(
      *visit, url, "Go to Claviger with this request. State and challenge bind it to you.");
  visit->log.note(Lane::browser, Lane::server, "Sign in, consent",
                  "You are with Claviger alone. This client never sees your password.");
  co_return response;
}

Task<http::Response> Site::break_redirect(Visit visit) {
  const bool ready = co_await prepare(visit);
  if (!ready) co_return back_to_page(*visit);
  const AuthorizationRequest request = client_.begin();
  const std::string url = client_.authorization_url(request, origin_ + "/elsewhere");
  http::Response response =
      send_to_claviger(*visit, url, "Experiment: ask for the answer at another address.");
  visit->log.note(Lane::browser, Lane::server, "Claviger’s own error page",
                  "Nothing comes back here: an address that isn’t registered gets no answer.");
  visit->notice =
      Notice{Notice::Tone::good, "Claviger kept the browser to itself",
             "The redirect_uri was not the registered one, so nothing was sent there, not even an "
             "error. Otherwise anybody could have your codes delivered to an address of theirs."};
  co_return response;
}

Task<http::Response> Site::callback(const http::Request& request) {
  Visit visit = visit_of(request);
  visit->notice.reset();
  log_browser_request(request, *visit, "Claviger sent the browser back, with its answer.");
  co_await take_response(request, visit);
  // Whoever knew the browser's cookie before this moment shall not share what it now stands for.
  sessions_.rename(*visit);
  http::Response response = back_to_page(*visit);
  outbound::Response shown{303, {{"Location", "/"}}};
  visit->log.response(Lane::client, Lane::browser,
                      "Back to the page: the code leaves the address bar.", shown);
  co_return response;
}

Task<void> Site::take_response(const http::Request& request, Visit visit) {
  const auto parameters = Form::parse(request.query);
  const auto state = parameters ? parameters->get("state") : std::nullopt;
  // Taken out before anything is awaited: an answer counts once (RFC9700-4.7).
  const auto pending = state ? visit->take_pending(*state) : std::nullopt;
  if (!pending) {
    visit->notice = Notice{Notice::Tone::bad, "This answer belongs to no request of this browser",
                           "Its state is not one that we gave out here. Somebody may have sent you "
                           "a link, or the page was loaded twice. Nothing was done."};
    co_return;
  }
  if (pending->expires <= clock_.now()) {
    visit->notice = Notice{Notice::Tone::bad, "This answer came too late",
                           "The request that it answers was begun too long ago and is forgotten. "
                           "The code in it was not used. Please sign in again."};
    co_return;
  }
  const auto code = client_.read_response(*parameters);
  if (!code) {
    visit->notice = trouble(code.error());
    if (code.error().error == "access_denied") visit->notice->tone = Notice::Tone::plain;
    co_return;
  }
  const Redemption redemption{*code, pending->code_verifier};
  const bool taken = co_await take_tokens(visit, redemption, pending->nonce);
  if (!taken) co_return;
  visit->notice = Notice{Notice::Tone::good, "You are signed in",
                         "The messages tell how. Now call the API, or break something."};
}

// An answer to a request with a nonce is one of OpenID Connect.
Task<bool> Site::take_tokens(Visit visit, Redemption redemption, std::string nonce) {
  std::optional<Tokens> tokens;
  std::optional<Identity> identity;
  std::optional<Problem> problem;
  if (nonce.empty()) {
    auto came = co_await client_.redeem(visit->log, redemption);
    if (came) tokens = std::move(*came);
    if (!came) problem = came.error();
  } else {
    auto came = co_await openid_.redeem(visit->log, redemption, std::move(nonce));
    if (came) tokens = std::move(came->tokens);
    if (came) identity = std::move(came->identity);
    if (!came) problem = came.error();
  }
  if (problem) {
    visit->notice = trouble(*problem);
    co_return false;
  }
  visit->forget_person();
  visit->spent = std::move(redemption);
  visit->identity = std::move(identity);
  visit->replace_tokens(std::move(*tokens));
  co_return true;
}

Task<http::Response> Site::call_api(Visit visit) {
  if (!visit->tokens) co_return back_to_page(*visit);
  visit->profile.clear();
  const auto data = co_await client_.call_api(visit->log, visit->tokens->access_token);
  if (data) {
    visit->profile = fields_of(*data);
  } else {
    visit->notice = trouble(data.error());
  }
  co_return back_to_page(*visit);
}

Task<http::Response> Site::refresh(Visit visit) {
  if (!visit->tokens) co_return back_to_page(*visit);
  const Tokens old = *visit->tokens;
  std::optional<Problem> problem;
  if (visit->identity) {
    auto fresh = co_await openid_.refresh(visit->log, old, *visit->identity);
    if (!fresh) problem = fresh.error();
    // Signed out meanwhile, or in another tab: then the answer is nobody's.
    if (fresh && visit->identity) visit->identity = std::move(fresh->identity);
    if (fresh && visit->identity) visit->replace_tokens(std::move(fresh->tokens));
  } else {
    auto fresh = co_await client_.refresh(visit->log, old.refresh_token, old.credentials);
    if (!fresh) problem = fresh.error();
    if (fresh && visit->tokens) visit->replace_tokens(std::move(*fresh));
  }
  if (problem) {
    visit->revoked = visit->revoked || problem->error == "invalid_grant";
    visit->notice = trouble(*problem);
  } else {
    visit->notice = Notice{Notice::Tone::good, "Fresh tokens", "The old refresh token is used up."};
  }
  co_return back_to_page(*visit);
}

Task<http::Response> Site::sign_out(Visit visit) {
  sessions_.forget(visit->id);
  const Visit fresh = sessions_.create();
  fresh->notice = Notice{Notice::Tone::plain, "Signed out here",
                         "This client has forgotten your tokens and the messages. Claviger may "
                         "still know you: the link below signs you out there."};
  co_return back_to_page(*fresh);
}

Task<http::Response> Site::clear(Visit visit) {
  visit->log.clear();
  co_return back_to_page(*visit);
}

http::Response Site::render_error(unsigned status) {
  std::string_view text = "That did not work.";
  if (status == 403) text = "This request came from another site, so nothing was done.";
  if (status == 404) text = "There is no such page here.";
  if (status == 503) text = "This is too much at once. Please try again in a moment.";
  if (status == 421) text = "This app answers to one address only, since its cookie does too.";
  return http::html_response(status, pages_.error(status, text, origin_ + "/"),
                             http::Surface::page);
}

}  // namespace claviger::demo
