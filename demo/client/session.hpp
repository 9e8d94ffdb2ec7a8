// One browser's visit: what the client knows about it, under a random id in a cookie of our own.
// In memory, and bounded: the visit that nobody came back to for the longest time goes first.
#pragma once
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"
#include "demo/client/device.hpp"
#include "demo/client/exchange.hpp"
#include "demo/client/flow_log.hpp"
#include "demo/client/openid.hpp"
#include "demo/client/relying_party.hpp"

namespace claviger::demo {

struct Notice {
  enum class Tone { plain, good, bad };
  Tone tone = Tone::plain;
  std::string title;
  std::string text;
  std::optional<Problem> problem;  // the server's own words
  std::string command;             // what an operator could type about it
};

// Something that an open page is told at once.
struct Happening {
  std::size_t number = 0;
  std::string kind;  // "logout", "device"
  std::string title;
  std::string text;
};

struct Session {
  explicit Session(const Clock& clock) : log(clock) {}

  std::string id;
  FlowLog log;
  bool prepared = false;
  std::vector<AuthorizationRequest> pending;  // one for each tab that is away at the server
  std::optional<Tokens> tokens;
  std::optional<Redemption> spent;         // the code that was used, kept to show what a second
                                           // use leads to
  std::vector<std::string> spent_refresh;  // likewise, oldest first
  std::vector<Field> profile;              // what /api told
  std::optional<Identity> identity;        // of a sign-in with OpenID Connect
  boost::json::object userinfo;            // what UserInfo told
  std::vector<std::string> departed;       // sids of sign-ins that are over, latest last
  std::string leaving;                     // the state of a logout that was begun
  std::optional<DeviceWait> device;
  std::optional<Exchanged> exchanged;
  std::vector<Happening> happenings;  // latest last
  std::size_t happened = 0;           // how many there were
  int watchers = 0;                   // open pages that wait for the next
  bool revoked = false;               // an experiment made the server revoke the tokens
  std::optional<Notice> notice;

  // Takes the pending request of this state out, so that it can be answered once only.
  std::optional<AuthorizationRequest> take_pending(std::string_view state);
  void add_pending(AuthorizationRequest request);
  void replace_tokens(Tokens fresh);
  void forget_person();
  void happen(std::string kind, std::string title, std::string text);
  // Is, or was, this sign-in of the server's this visit's?
  bool knows(const Departure& departure) const;
};

class Sessions {
 public:
  static constexpr std::size_t kCapacity = 1000;
  Sessions(const Clock& clock, Random& random, std::size_t capacity = kCapacity)
      : clock_(clock), random_(random), capacity_(capacity) {}

  // Nothing when the id is not one of ours (any more).
  std::shared_ptr<Session> find(std::string_view id);
  std::shared_ptr<Session> create();
  // A new id for the same visit: whoever planted the old one does not get to share the sign-in.
  void rename(Session& session);
  void forget(std::string_view id);
  // The visits that a logout is about.
  std::vector<std::shared_ptr<Session>> about(const Departure& departure) const;
  std::size_t size() const { return by_id_.size(); }

 private:
  using Order = std::list<std::shared_ptr<Session>>;  // latest first
  std::string new_id();

  const Clock& clock_;
  Random& random_;
  std::size_t capacity_;
  Order order_;
  std::unordered_map<std::string, Order::iterator> by_id_;
};

}  // namespace claviger::demo
