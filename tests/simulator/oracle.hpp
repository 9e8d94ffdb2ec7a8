// What must hold of a history: what was acknowledged, what was refused, and what nobody knows,
// held against a model of one-time things, refresh token families and revocations.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulator/cluster.hpp"
#include "tests/simulator/once.hpp"

namespace claviger::simulator {

// What somebody asked for: an answer is about this and nothing else (I4).
struct Expected {
  std::string sub;
  std::string email;
  std::string client_id;
  std::string scope;
  std::string nonce;
  std::string session;
};

// Something that ends what was granted. `surely`: when it was acknowledged.
struct Ending {
  Tick began = 0;
  Tick surely = kNever;
};

// The answer of the token endpoint.
struct TokenSet {
  std::string access;
  std::string refresh;
  std::string id;
  std::string scope;
};
std::optional<TokenSet> tokens_of(const http::Response& response);

// The number that a refresh token of ours has in its family; 0: it is none.
std::int64_t number_of(const std::string& refresh_token);

struct Presentation {
  std::int64_t number = 0;
  Servings servings;
};
struct Use {
  std::string token;
  Servings servings;
};

// A code or a device code, and whoever tried to redeem it.
struct OnceStory {
  std::string label;
  Expected expected;
  Time issued_at{};
  Duration lifetime{0};
  bool replay_ends = false;  // whoever shows it again ends what came of it
  // Refusals that say: somebody has taken it; and those that say nothing at all.
  std::set<std::string> taken_reasons;
  std::set<std::string> open_reasons;
  Servings redemptions = std::make_shared<std::vector<Serving>>();
  Servings approval;  // of a device code: the person says yes
};

// One grant, and everything that was done with its tokens.
struct GrantStory {
  std::string label;
  std::shared_ptr<OnceStory> from;
  Expected expected;
  bool is_public = false;
  std::vector<Presentation> presentations;
  std::vector<Use> uses;
  std::vector<Servings> revocations;  // of the whole grant
  std::map<std::string, std::vector<Servings>> token_revocations;
  TokenSet latest;                                // what its client holds
  std::vector<std::string> known_refresh_tokens;  // and held before
};

class Oracle {
 public:
  Oracle(const Storage& storage, Schedule& schedule) : storage_(storage), schedule_(schedule) {}

  std::shared_ptr<OnceStory> begin_once(OnceStory story);
  // Of the answer that reached the client.
  std::shared_ptr<GrantStory> begin_grant(const std::shared_ptr<OnceStory>& from,
                                          const TokenSet& tokens);
  Ending& begin_ending_of_person(const std::string& sub);
  Servings ending_of_session(const std::string& sub, const std::string& session);
  void allow(const std::string& sub, const std::string& client_id);
  void note_response(const http::Request& request, const http::Response& response,
                     const std::string& cause);
  // The right password was refused.
  void note_locked_out(const std::string& sub);
  // Of somebody who was told that they are registered; empty: gone with a failover.
  std::string sub_of(const std::string& username);
  // A client's server is told that a session ended.
  void note_call(const outbound::Request& request);
  // Somebody tries to guess a password from one address.
  Servings guesses = std::make_shared<std::vector<Serving>>();

  void judge();
  void fail(const std::string& what);
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  using Endings = std::vector<Ending>;

  void judge_once_story(const OnceStory& story);
  void judge_content(const Expected& expected, const std::string& label,
                     const http::Response& response);
  void judge_grant(const GrantStory& story, Endings endings);
  void judge_refreshes(const GrantStory& story, const Endings& endings);
  void judge_uses(const GrantStory& story, const Endings& endings);
  void judge_guesses();
  void judge_rows();
  Endings endings_of(const OnceStory& story) const;
  bool may_be_lost(Tick began, Tick ended) const;
  void forget_lost(Endings& endings) const;
  void add_failover(const GrantStory& story, Endings& endings) const;
  void add_refresh_endings(const GrantStory& story, Endings& endings) const;
  bool may_end_family(const GrantStory& story, const Presentation& shown,
                      const Serving& serving) const;
  std::optional<std::string> why_refused(const OnceStory& story, const Serving& serving) const;

  const Storage& storage_;
  Schedule& schedule_;
  std::vector<std::shared_ptr<OnceStory>> once_;
  std::vector<std::shared_ptr<GrantStory>> grants_;
  std::map<std::string, std::deque<Ending>> of_person_;
  std::map<std::string, std::vector<Servings>> of_session_;
  std::set<std::string> signed_out_;
  std::set<std::pair<std::string, std::string>> allowed_;
  std::vector<std::string> violations_;
};

}  // namespace claviger::simulator
