// A device without a keyboard (RFC8628): it shows a code, a person enters it elsewhere, and it asks
// again and again until the server says what came of it.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "base/task.hpp"
#include "demo/client/id_token.hpp"
#include "demo/client/registration.hpp"
#include "demo/client/relying_party.hpp"

namespace claviger::demo {

struct DeviceWait {
  enum class State { waiting, approved, ended };
  State state = State::waiting;
  std::string device_code;
  std::string user_code;
  std::string verification_uri;
  std::string verification_uri_complete;  // empty: the server has none
  Time expires{};
  Time next{};  // not to be asked before
  std::chrono::seconds interval{5};
  int asked = 0;
  bool asking = false;               // an answer is on its way
  std::size_t last_message = 0;      // of the log: the latest answer "not yet"
  std::optional<Problem> problem;    // why it ended
  std::vector<Field> access_claims;  // what the device got
  std::vector<Field> person_claims;
};

class DeviceClient {
 public:
  DeviceClient(RelyingParty& party, const Clock& clock);

  // Registers the device, which can keep no secret, and asks for a code.
  Task<Outcome<DeviceWait>> start(FlowLog& log, bool doubted);
  // What became of it: the same, and a time to ask again; or an end.
  Task<DeviceWait> poll(FlowLog& log, DeviceWait wait);

 private:
  Task<DeviceWait> accept(FlowLog& log, DeviceWait wait, Answer answer);

  RelyingParty& party_;
  const Clock& clock_;
  Registration registration_;
};

}  // namespace claviger::demo
