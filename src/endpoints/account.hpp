// GET and POST /account: as whom to go on, when a client asks for a choice (OIDCC-3.1.2.1,
// prompt=select_account).
#pragma once
#include <string>

#include "endpoints/browser.hpp"
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_account_page(const Deps& deps, const http::Request& request);
Task<http::Response> serve_account(const Deps& deps, const http::Request& request);

// How pages call a person: first and last name, else the user name.
std::string name_of(const User& user);

// "Not you?": the session ends as by a sign-out, and the request goes on with nobody signed in.
Task<http::Response> switch_person(const Deps& deps, const http::Request& request,
                                   Transaction transaction, SignedIn person);

}  // namespace claviger::endpoints
