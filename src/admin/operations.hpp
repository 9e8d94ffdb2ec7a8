// What an operator can do, as named operations on JSON values. The command line calls them over the
// unix socket of a running server, or in its own process when none runs; both ways end here.
#pragma once
#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "base/reason.hpp"
#include "base/refusals.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "base/worker.hpp"
#include "crypto/digest.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/password_hash.hpp"
#include "protocol/policy.hpp"
#include "store/store.hpp"

namespace claviger::admin {

class Backups;

struct Deps {
  store::Store& store;
  crypto::Keys& keys;
  const crypto::SealingKey& master;
  Worker& hashing;  // password hashing and key generation
  crypto::PasswordCost password_cost;
  const protocol::Policy& policy;
  std::string signing_alg;  // of access tokens
  std::chrono::seconds publish_ahead{};
  Refusals* refusals = nullptr;      // nothing in a process of its own
  std::shared_ptr<Backups> backups;  // nothing: the database has tools of its own
  const Clock& clock;
  Random& random;
};

// Operations: client.add .edit .list .show .rm .rotate_secret, user.add .set_claims .list .passwd
// .disable .enable, registration_token.add .list .rm, key.list .rotate .revoke, node.list,
// token.inspect .verify .revoke, store.new_epoch, backup.begin .look, explain, status. Arguments
// and answers are JSON objects; the shapes stand beside each operation. Unknown operation or
// argument: invalid_request.
class Operations {
 public:
  explicit Operations(Deps deps) : deps_(std::move(deps)), started_(deps_.clock.now()) {}
  Task<Result<boost::json::object>> call(std::string operation, boost::json::object arguments);
  static const std::vector<std::string_view>& names();
  const Deps& deps() const { return deps_; }

 private:
  Result<boost::json::object> status(boost::json::object arguments) const;
  Deps deps_;
  Time started_;
};

// Loads every server key and opens it under the master key. Throws std::runtime_error naming what
// can't be opened.
Task<std::shared_ptr<const crypto::KeyRing>> load_key_ring(store::Store& store,
                                                           const crypto::SealingKey& master);
// Makes what is missing: a signing key of each of `algs`, an RS256 key beside them (older libraries
// know nothing else: KY-15), a refresh MAC key, a secret-hashing key. Run before serving; generates
// keys inline.
Task<void> ensure_keys(store::Store& store, const crypto::SealingKey& master,
                       std::vector<std::string> algs, const Clock& clock, Random& random);

}  // namespace claviger::admin
