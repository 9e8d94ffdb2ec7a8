// What the sequence diagram shows: every message of one browser's flow, in order, taken apart into
// named values, with the secret ones marked. A cookie of anybody's never gets in.
#pragma once
#include <boost/json.hpp>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "outbound/fetcher.hpp"

namespace claviger::demo {

enum class Lane { browser, client, server };

struct Field {
  std::string name;
  std::string value;
  bool secret = false;  // shown only when asked for
};

enum class Verdict {
  verified,  // a key of the server signed it, and its claims fit
  failed,
  sealed,  // only the server itself can check it
};

struct SeenToken {
  std::string name;  // "access_token"
  std::vector<Field> header;
  std::vector<Field> payload;
  Verdict verdict = Verdict::sealed;
  std::string remark;  // why it failed, or why it can't be checked
  std::optional<Time> expires;
};

struct Message {
  enum class Kind { request, response, failure, note };
  std::size_t number = 0;
  Kind kind = Kind::note;
  Lane from = Lane::browser;
  Lane to = Lane::client;
  Time at{};
  std::string line;     // "POST /token", "200 OK"
  std::string meaning;  // why it is sent, in a sentence
  std::string url;      // without the query, which stands in `query`
  std::vector<Field> query;
  std::vector<Field> headers;
  std::vector<Field> members;  // of a form or a JSON object
  std::string text;            // any other body, cut to a bearable length
  std::string curl;            // the same request on a command line, secrets and all
  std::vector<SeenToken> tokens;
  bool refused = false;
};

class FlowLog {
 public:
  static constexpr std::size_t kCapacity = 120;  // of the latest messages
  explicit FlowLog(const Clock& clock) : clock_(&clock) {}

  void request(Lane from, Lane to, std::string meaning, const outbound::Request& request);
  void response(Lane from, Lane to, std::string meaning, const outbound::Response& response);
  void failure(Lane from, Lane to, std::string meaning, std::string line);
  void note(Lane from, Lane to, std::string line, std::string meaning);
  std::size_t latest() const { return next_number_ - 1; }
  void forget(std::size_t number);                  // one that another like it replaces
  void token(std::size_t number, SeenToken token);  // that the message of this number carried

  const std::deque<Message>& messages() const { return messages_; }
  void clear() { messages_.clear(); }

 private:
  Message& append(Message::Kind kind, Lane from, Lane to, std::string meaning);
  const Clock* clock_;
  std::deque<Message> messages_;
  std::size_t next_number_ = 1;
};

// The members of a JSON object as text, secrets marked by their names.
std::vector<Field> fields_of(const boost::json::object& object);
// "2026-11-22 13:15:00 UTC"
std::string time_text(Time time);

}  // namespace claviger::demo
