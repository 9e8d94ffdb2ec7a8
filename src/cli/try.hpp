// `claviger try`: what a flow is asked for, what it tells on its way, and how it ends. The flows
// themselves speak HTTP and are app/try's.
#pragma once
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace claviger::cli {

enum class TryFlow { code, device, client_credentials, refresh, exchange };

struct TryRequest {
  TryFlow flow = TryFlow::code;
  std::string issuer;     // empty: the configured one
  std::string client_id;  // empty: a client of its own, registered for this
  Secret client_secret;
  std::vector<std::string> scopes;
  std::vector<std::string> resources;
  Secret token;            // to refresh or to exchange; empty: a person signs in first
  std::uint16_t port = 0;  // of the redirect URI; 0: any free one
  bool open_browser = true;
  bool keep_client = false;  // the tokens are shown, and so must go on working
};

struct DeviceInvitation {
  std::string user_code;
  std::string verification_uri;
  std::string verification_uri_complete;  // empty: there is none
  std::chrono::seconds good_for{};
};

// Told while a flow goes on, so that a person knows what to do now.
class TryWatcher {
 public:
  virtual ~TryWatcher() = default;
  virtual void visit(const std::string& url, bool opened) = 0;
  virtual void enter(const DeviceInvitation& invitation) = 0;
  // Several times a second.
  virtual void wait(std::string_view for_what, std::chrono::milliseconds since) = 0;
  virtual void waited() = 0;
};

// Why there are no tokens. Of a refusal of the server's: its OAuth error and request id.
struct TryRefusal {
  int exit_code = 1;
  std::string problem;
  std::string error;
  std::string description;
  std::string request_id;
  std::string next;  // where there is no request id to explain
};

// {flow, issuer, at, client, token_response, tokens: [{name, purpose, value, header, claims,
// verified, remark}], userinfo?, requests: [{what, method, url, status, request_id, curl}]}
using TryOutcome = std::expected<boost::json::object, TryRefusal>;

}  // namespace claviger::cli
