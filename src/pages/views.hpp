// What each page shows, as plain values: here the pages that tell something or only pass the
// browser on, in decision_views.hpp those on which a person decides.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pages/decision_views.hpp"

namespace claviger::pages {

struct DeviceDoneView {
  bool approved = false;
  std::string client_name;
};

// The response as a form that sends itself (OIDCFP-2): #form-post, a button without JavaScript.
struct FormPostView {
  std::string action;  // the matched redirect URI; render throws when it is not http or https
  std::vector<std::pair<std::string, std::string>> fields;
};

// Clients are told in frames, then the browser goes on (OIDCFC-3).
struct LogoutFramesView {
  std::vector<std::string> frames;
  std::string next;  // where to go on: a path of ours or the matched post-logout URI
};

struct ErrorView {
  std::string code;         // #error-code: "invalid_redirect_uri"
  std::string description;  // #error-description: fixed text
  std::string request_id;
  std::string explain_url;  // empty unless the issuer is loopback
  std::string client_name;  // empty when unknown: "Go back to <app> and try again"
};

// The particulars of one refusal, for a developer on a loopback issuer.
struct ExplainView {
  std::string request_id, when, endpoint, client_id, reason, code, description, expected, came,
      clause, clause_url, mend;
  std::uint64_t count = 1;
};

struct LogoutView {
  std::string csrf;
  std::string person;
  std::string txn;  // of the stored logout request; empty: asked for by nobody but the person
  std::string client_name;  // who asked; empty: unknown
};

struct LoggedOutView {
  std::string client_name;
  std::string return_to;  // a link back; empty: none
};

// The front door of a loopback server: what it is, its links, the demo user (only from the
// quickstart).
struct HomeView {
  std::string issuer;
  std::string demo_client_url;  // empty: not shown
  std::string person;           // empty: nobody is signed in
  bool loopback = false;
};

}  // namespace claviger::pages
