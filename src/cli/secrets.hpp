// Secrets on their way in and out: never from the argument list, which every process can read;
// shown once, to a terminal or into a file of the owner's alone.
#pragma once
#include <boost/json.hpp>
#include <expected>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "cli/invocation.hpp"

namespace claviger::cli {

// From standard input with `option` (--password-stdin), else from the terminal, twice. The error is
// the exit code; what went wrong has been printed.
std::expected<Secret, int> read_new_password(Invocation& in);
// The first line of standard input.
Secret read_secret_line(Console& console);
// The positional argument, or standard input when it is missing or "-".
std::expected<std::string, int> read_token(Invocation& in);

// Where a secret that the server makes will go. Opened before anything is done, so that no secret
// is made that nobody can read.
class SecretSink {
 public:
  static std::expected<SecretSink, int> open(Invocation& in);
  SecretSink(SecretSink&& other) noexcept;
  SecretSink& operator=(SecretSink&&) = delete;
  ~SecretSink();  // an unused file is removed

  // Takes the secret, the member of that name, out of the answer where it goes into a file, and
  // names the file in its place.
  int deliver(Invocation& in, boost::json::object answer,
              std::string_view member = "client_secret");

 private:
  SecretSink() = default;
  std::string path_;  // empty: standard output
  int file_ = -1;
};

}  // namespace claviger::cli
