// Every verb of the store as a table: what must be there, a call that does something, and the same
// call again (or its like for somebody unknown) that must change nothing. A test holds the table
// against the headers, so that a new verb can't be forgotten.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tests/support/store_fixture.hpp"

namespace claviger::test {

// The rows that calls refer to; the same in every call.
struct VerbScene {
  store::Store* store = nullptr;
  Random* random = nullptr;
  Transaction transaction;
  Code code;
  store::RedeemPlan redeem;
  Session session;
  DeviceCode device;
  store::InitialAccessToken token;

  void arrange();  // adds all of them
};

struct Verb {
  std::string name;                         // "Codes::redeem"
  std::function<void(VerbScene&)> prepare;  // beyond the scene; may be empty
  std::function<void(VerbScene&)> winner;
  std::function<void(VerbScene&)> loser;  // empty: it has none, every call does its work
};

const std::vector<Verb>& all_verbs();

}  // namespace claviger::test
