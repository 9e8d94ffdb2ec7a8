#include "endpoints/routes.hpp"

#include "base/limits.hpp"
#include "endpoints/account.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/api.hpp"
#include "endpoints/authorize.hpp"
#include "endpoints/consent.hpp"
#include "endpoints/device.hpp"
#include "endpoints/device_authorization.hpp"
#include "endpoints/discovery.hpp"
#include "endpoints/front.hpp"
#include "endpoints/health.hpp"
#include "endpoints/introspection.hpp"
#include "endpoints/login.hpp"
#include "endpoints/logout.hpp"
#include "endpoints/protected_resource.hpp"
#include "endpoints/register.hpp"
#include "endpoints/registration.hpp"
#include "endpoints/revocation.hpp"
#include "endpoints/session_state.hpp"
#include "endpoints/signup.hpp"
#include "endpoints/token.hpp"
#include "endpoints/userinfo.hpp"

namespace claviger::endpoints {

namespace {

using Serve = Task<http::Response> (*)(const Deps&, const http::Request&);

struct Entry {
  http::Method method;
  std::string_view path;
  Serve serve;
  http::Body body;
  std::size_t body_limit;
  http::Cors cors;
  http::Cache cache;
  http::RateClass rate;
  bool html;
  bool cross_site_post;
};

constexpr auto get = http::Method::get;
constexpr auto post = http::Method::post;
constexpr auto put = http::Method::put;
constexpr auto del = http::Method::delete_;
constexpr auto no_body = http::Body::none;
constexpr auto form = http::Body::form;
constexpr auto never = http::Cors::never;
constexpr auto no_store = http::Cache::no_store;
constexpr auto shared = http::Cache::revalidate;
constexpr auto any = http::Cors::any_origin;
constexpr auto bearer = http::Cors::bearer;
constexpr auto any_rate = http::RateClass::none;
constexpr std::size_t form_limit = limits::kFormBytes;

// clang-format off
constexpr Entry kSiteMap[] = {
//  method  path                                      handler                body                        limit       CORS    cache     rate                              page   cross-site POST
    {get,  "/",                                       serve_home,            no_body,                    0,          never,  no_store, any_rate,                         true,  false},
    {get,  "/authorize",                              serve_authorize,       no_body,                    0,          never,  no_store, http::RateClass::authorize,       true,  false},
    {post, "/authorize",                              serve_authorize_post,  form,                       form_limit, never,  no_store, http::RateClass::authorize,       true,  true},
    {get,  "/login",                                  serve_login_page,      no_body,                    0,          never,  no_store, any_rate,                         true,  false},
    {post, "/login",                                  serve_login,           form,                       form_limit, never,  no_store, http::RateClass::login,           true,  false},
    {get,  "/signup",                                 serve_sign_up_page,    no_body,                    0,          never,  no_store, any_rate,                         true,  false},
    {post, "/signup",                                 serve_sign_up,         form,                       form_limit, never,  no_store, http::RateClass::login,           true,  false},
    {get,  "/account",                                serve_account_page,    no_body,                    0,          never,  no_store, any_rate,                         true,  false},
    {post, "/account",                                serve_account,         form,                       form_limit, never,  no_store, any_rate,                         true,  false},
    {get,  "/consent",                                serve_consent_page,    no_body,                    0,          never,  no_store, any_rate,                         true,  false},
    {post, "/consent",                                serve_consent,         form,                       form_limit, never,  no_store, any_rate,                         true,  false},
    {get,  "/logout",                                 serve_logout_page,     no_body,                    0,          never,  no_store, http::RateClass::authorize,       true,  false},
    {post, "/logout",                                 serve_logout,          form,                       form_limit, never,  no_store, http::RateClass::authorize,       true,  true},
    {get,  "/logout/done",                            serve_logged_out,      no_body,                    0,          never,  no_store, any_rate,                         true,  false},
    {get,  "/session/check",                          serve_check_session,   no_body,                    0,          never,  shared,   any_rate,                         false, false},
    {post, "/token",                                  serve_token,           form,                       form_limit, bearer, no_store, http::RateClass::token,           false, false},
    {post, "/device_authorization",                   serve_device_authorization, form,                  form_limit, bearer, no_store, http::RateClass::device,          false, false},
    {get,  "/device",                                 serve_device_page,     no_body,                    0,          never,  no_store, any_rate,                         true,  false},
    {post, "/device",                                 serve_device,          form,                       form_limit, never,  no_store, http::RateClass::login,           true,  false},
    {get,  "/api",                                    serve_api,             no_body,                    0,          bearer, no_store, any_rate,                         false, false},
    {post, "/api",                                    serve_api,             http::Body::ignored,        form_limit, bearer, no_store, any_rate,                         false, false},
    {get,  "/userinfo",                               serve_userinfo,        no_body,                    0,          bearer, no_store, any_rate,                         false, false},
    {post, "/userinfo",                               serve_userinfo_post,   form,                       form_limit, bearer, no_store, any_rate,                         false, false},
    {post, "/introspect",                             serve_introspection,   form,                       form_limit, bearer, no_store, http::RateClass::token,           false, false},
    {post, "/revoke",                                 serve_revocation,      form,                       form_limit, bearer, no_store, http::RateClass::token,           false, false},
    {post, "/register",                               serve_register,        http::Body::json,           form_limit, never,  no_store, http::RateClass::registration,    false, false},
    {get,  "/register",                               serve_registration,    no_body,                    0,          never,  no_store, http::RateClass::token,           false, false},
    {put,  "/register",                               serve_registration_update, http::Body::json,       form_limit, never,  no_store, http::RateClass::token,           false, false},
    {del,  "/register",                               serve_registration_end, no_body,                   0,          never,  no_store, http::RateClass::token,           false, false},
    {get,  "/logo",                                   serve_logo,            no_body,                    0,          never,  shared,   any_rate,                         false, false},
    {post, "/register_client",                        serve_register_client, http::Body::form_or_json,   form_limit, never,  no_store, http::RateClass::registration,    false, false},
    {post, "/register_user",                          serve_register_user,   http::Body::form_or_json,   form_limit, never,  no_store, http::RateClass::registration,    false, false},
    {get,  "/.well-known/openid-configuration",       serve_metadata,        no_body,                    0,          any,    shared,   any_rate,                         false, false},
    {get,  "/.well-known/oauth-authorization-server", serve_metadata,        no_body,                    0,          any,    shared,   any_rate,                         false, false},
    {get,  "/jwks",                                   serve_jwks,            no_body,                    0,          any,    shared,   any_rate,                         false, false},
    {get,  "/livez",                                  serve_livez,           no_body,                    0,          never,  no_store, any_rate,                         false, false},
    {get,  "/readyz",                                 serve_readyz,          no_body,                    0,          never,  no_store, any_rate,                         false, false},
};
// clang-format on

// The store's word for a broken world is not http's: translated here, where both are known.
Task<http::Response> guarded(Serve serve, const Deps& deps, const http::Request& request) {
  try {
    co_return co_await serve(deps, request);
  } catch (const store::Unavailable& unavailable) {
    throw http::TemporarilyUnavailable(unavailable.what());
  }
}

void add(http::Router& router, const Deps& deps, const Entry& entry) {
  http::Route route;
  route.method = entry.method;
  route.path = entry.path;
  route.handler = [serve = entry.serve, &deps](const http::Request& request) {
    return guarded(serve, deps, request);
  };
  route.body = entry.body;
  route.body_limit = entry.body_limit;
  route.cors = entry.cors;
  route.cache = entry.cache;
  route.rate = entry.rate;
  route.html = entry.html;
  route.cross_site_post = entry.cross_site_post;
  router.add(std::move(route));
}

Task<http::Response> serve_asset(const pages::Asset& asset) {
  http::Response response;
  response.surface = http::Surface::asset;
  response.content_type = asset.content_type;
  response.body = asset.body;
  co_return response;
}

}  // namespace

void add_routes(http::Router& router, const Deps& deps) {
  for (const auto& entry : kSiteMap) add(router, deps, entry);
  add_protected_resources(router, deps);
  if (deps.loopback_issuer) {
    add(router, deps,
        {get, "/explain", serve_explain, no_body, 0, never, no_store, any_rate, true, false});
  }
  for (const auto& asset : pages::assets()) {
    http::Route route;
    route.path = asset.path;
    route.name = "/assets";
    route.handler = [&asset](const http::Request&) { return serve_asset(asset); };
    route.cache = http::Cache::immutable;
    router.add(std::move(route));
  }
}

http::Response render_error(const Deps& deps, const http::Request& request, unsigned status,
                            const Error& error, bool html) {
  auto response = html ? error_page(deps, request, error) : failure(request, error);
  response.status = status;
  return response;
}

}  // namespace claviger::endpoints
