// What the pages show on which a person decides something: who asks, and what is asked.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace claviger::pages {

// The application that asks, as the person sees it.
struct ClientView {
  std::string name;           // #client-name; a text, escaped
  std::string redirect_host;  // where the person will be sent: "localhost:3000", or the scheme of a
                              // native app
  bool on_this_device = false;  // a loopback redirect: "an app on this device"
  bool unverified = false;      // nobody but a stranger vouches for it
  std::string logo_url;         // #client-logo: a path of ours; empty: initials
  std::string policy_uri;       // #client-policy
  std::string tos_uri;          // #client-tos
};

struct LoginView {
  std::string txn;
  ClientView client;                // without a name: no app asks, a device is to be connected
  std::string username;             // login_hint or what was typed before
  bool failed = false;              // one generic message for every cause (PW-01)
  std::optional<int> wait_seconds;  // throttled
  bool reauthenticate = false;      // prompt=login or max_age: "please confirm it's you"
  bool can_sign_up = false;         // a link to /signup
};

struct SignUpView {
  std::string txn;
  ClientView client;
  std::string username, email, firstname, lastname;  // what was typed before
  std::string problem;  // empty, or the reason id of what was wrong: one sentence of ours for each
};

// prompt=select_account, or a session that the client didn't mean: go on as this person, or as
// somebody else. The form posts `action` continue or switch.
struct AccountView {
  std::string txn;
  ClientView client;
  std::string person;
};

struct ScopeView {
  std::string name;  // "email"
};

struct ConsentView {
  std::string txn;
  ClientView client;
  std::string person;  // who is signed in
  std::vector<ScopeView> scopes;
};

// Where a person types the code that a device shows (RFC8628-3.3). The form posts csrf and
// user_code to /device.
struct DeviceEntryView {
  std::string csrf;
  std::string user_code;  // as typed, or of verification_uri_complete
  bool failed = false;
  std::optional<int> wait_seconds;
};

// Who asks, from where and since when, before anything is allowed (DV-02). The form posts csrf,
// user_code and `action` approve or deny to /device.
struct DeviceConfirmView {
  std::string txn_code;  // hidden field user_code: the user code again
  std::string csrf;
  std::string user_code;  // "WDJB-MJHT", to be compared with the device
  ClientView client;
  std::string requester;  // network address of the device
  int minutes_ago = 0;
  std::string person;
  std::vector<ScopeView> scopes;
};

}  // namespace claviger::pages
