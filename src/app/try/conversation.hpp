// What a flow says to the server and hears from it: over HTTP alone, as any client's would be. Each
// message is noted, for people who want to repeat it.
#pragma once
#include <boost/json.hpp>
#include <expected>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "base/secret.hpp"
#include "cli/try.hpp"
#include "outbound/fetcher.hpp"

namespace claviger::app {

template <class T>
using Tried = std::expected<T, cli::TryRefusal>;

struct TryAnswer {
  int status = 0;
  boost::json::object body;
  std::string request_id;
};

// The client that a flow plays.
struct TryClient {
  std::string client_id;
  Secret secret;  // empty: a public one
  std::string management_uri;
  Secret management_token;  // of a client that was registered for this
  bool made_by_operator = false;
};

class Conversation {
 public:
  struct Way {
    std::string issuer;
    bool loopback = false;  // then http and this machine's addresses are allowed
    std::string ca_file;
  };
  explicit Conversation(Way way);

  // Reads the server's metadata (OIDCD-4, RFC8414-3).
  Tried<void> discover();
  // `what` completes "could not ...".
  Tried<TryAnswer> send(std::string_view what, outbound::Request request);
  // Anything but `status` is a refusal.
  Tried<TryAnswer> ask(std::string_view what, outbound::Request request, int status);
  // With the client's name, and its secret by HTTP Basic (RFC6749-2.3.1).
  outbound::Request post(const std::string& url, Form form, const TryClient& client) const;
  Tried<TryAnswer> userinfo(const std::string& access_token);
  Tried<TryAnswer> keys();
  // Without a note: the tidying up afterwards is no part of the flow.
  void take_back(const TryClient& client);

  // An endpoint of the metadata, or a refusal that says it has none.
  Tried<std::string> endpoint(std::string_view name) const;
  bool sends_iss() const;
  const std::string& issuer() const { return way_.issuer; }
  boost::json::array notes() const { return notes_; }
  // Of all the answers "not yet" none is worth keeping.
  void forget_last() { notes_.pop_back(); }

 private:
  Way way_;
  outbound::Fetcher fetcher_;
  boost::json::object metadata_;
  boost::json::array notes_;
};

std::unexpected<cli::TryRefusal> refused_by_server(std::string_view what, const TryAnswer& answer);
std::unexpected<cli::TryRefusal> refused_here(std::string problem, std::string next = {});
// The id, if it is one: people copy it into a shell.
std::string request_id_in(std::string_view text);

}  // namespace claviger::app
