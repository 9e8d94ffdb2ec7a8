#include "cli/secrets.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <istream>
#include <ostream>

#include "cli/output.hpp"

namespace claviger::cli {
namespace {

constexpr std::size_t kLongestLine = 64 * 1024;

std::string read_line(std::istream& in) {
  std::string line;
  char c = 0;
  while (line.size() < kLongestLine && in.get(c) && c != '\n') line += c;
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

Secret read_secret_line(Console& console) { return Secret(read_line(console.in)); }

std::expected<Secret, int> read_new_password(Invocation& in) {
  if (in.parsed().has("--password-stdin")) return read_secret_line(in.console());
  const auto first = in.console().ask_secret("New password: ");
  if (!first) {
    return std::unexpected(in.fail(kUsage, "there is no terminal to ask for the password",
                                   "give it on standard input, with --password-stdin"));
  }
  const auto second = in.console().ask_secret("Once more: ");
  if (second && second->reveal() == first->reveal()) return *first;
  return std::unexpected(in.fail(kFailed, "the two passwords differ", "try again"));
}

std::expected<std::string, int> read_token(Invocation& in) {
  const auto& given = in.parsed().positional;
  if (given && *given != "-") return *given;
  if (!given && in.console().in_is_terminal) {
    return std::unexpected(in.fail(kUsage, "no token was given",
                                   fmt::format("claviger {} TOKEN, or the token on standard input",
                                               in.parsed().command->words)));
  }
  auto line = read_line(in.console().in);
  if (!line.empty()) return line;
  return std::unexpected(in.fail(kUsage, "standard input is empty", "pipe the token into it"));
}

std::expected<SecretSink, int> SecretSink::open(Invocation& in) {
  SecretSink sink;
  const auto out = in.parsed().value("--out");
  if (!out && !in.console().out_is_terminal) {
    return std::unexpected(
        in.fail(kUsage, "the secret would go into a pipe or a file that others may read",
                "give --out FILE, or --out - if standard output is the right place"));
  }
  if (!out || *out == "-") return sink;
  sink.file_ = ::open(out->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (sink.file_ < 0) {
    return std::unexpected(in.fail(kFailed,
                                   fmt::format("can't make {}: {}", *out, std::strerror(errno)),
                                   "name a file that does not exist yet"));
  }
  sink.path_ = *out;
  return sink;
}

SecretSink::SecretSink(SecretSink&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

SecretSink::~SecretSink() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(path_.c_str());
}

int SecretSink::deliver(Invocation& in, boost::json::object answer, std::string_view member) {
  const auto secret = text_of(answer, member);
  if (!path_.empty() && !secret.empty()) {
    const std::string line = secret + "\n";
    const bool written =
        ::write(file_, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
        ::fsync(file_) == 0;
    if (!written) {
      return in.fail(kFailed, fmt::format("can't write {}: {}", path_, std::strerror(errno)),
                     "make another: client rotate-secret, or registration-token add");
    }
    ::close(std::exchange(file_, -1));
    answer.erase(member);
    answer["secret_file"] = path_;
  }
  auto text = fields({{"client", text_of(answer, "client_id")},
                      {"name", text_of(answer, "client_name")},
                      {"method", text_of(answer, "token_endpoint_auth_method")},
                      {"redirects to", text_of(answer, "redirect_uris")},
                      {"id", text_of(answer, "id")},
                      {"uses left", text_of(answer, "uses_left")},
                      {"expires", text_of(answer, "expires_at")},
                      {"secret", text_of(answer, member)},
                      {"secret in", text_of(answer, "secret_file")},
                      {"old secret until", text_of(answer, "old_secret_valid_until")}});
  if (answer.contains(member)) text += "The secret is shown this once: keep it now.\n";
  return in.answer(answer, text);
}

}  // namespace claviger::cli
