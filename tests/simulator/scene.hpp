// What every history begins with: people who are signed in, applications that they use.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "crypto/digest.hpp"
#include "crypto/key.hpp"
#include "crypto/password_hash.hpp"
#include "tests/simulator/shared_database.hpp"

namespace claviger::simulator {

inline constexpr const char* kShop = "shop";      // has a secret
inline constexpr const char* kApp = "app";        // has none
inline constexpr const char* kBank = "bank";      // nobody has allowed it anything yet
inline constexpr const char* kTv = "tv";          // has no browser
inline constexpr const char* kSigner = "signer";  // authenticates by assertions
inline constexpr const char* kCallbackUri = "https://client.example/cb";
inline constexpr const char* kSecret = "a-secret-of-32-characters-and-so";
inline constexpr const char* kPasswordOfAll = "correct-horse-7";

inline constexpr const char* kNeverThere = "eve";  // whose password others try to guess

// RFC7636-B's own example.
inline constexpr const char* kCodeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr const char* kCodeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
// What is simulated is the way of a password, not its price.
inline constexpr crypto::PasswordCost kCheapHash{1, 8192};

crypto::SealingKey master_key();
std::string authorize_target(std::string_view client, std::string_view scope,
                             std::string_view nonce, std::string_view state);

struct Person {
  std::string sub;
  std::string username;
  std::string email;
  std::map<std::string, std::string> cookies;  // of a browser in which they are signed in
};

struct Scene {
  Scene();
  config::Settings settings;
  SharedDatabase database;
  std::vector<Person> people;
  crypto::PrivateKey signer;
};

// Made once for each process.
Scene& scene();

}  // namespace claviger::simulator
