#include "app/transport.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "app/house.hpp"
#include "app/listeners.hpp"
#include "app/run_inline.hpp"
#include "app/spdlog_log.hpp"
#include "base/json.hpp"
#include "outbound/local_call.hpp"

namespace claviger::app {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxAnswer = 16 * 1024 * 1024;

// A refusal that another process worded: its texts, kept here for as long as the Error points to
// them.
class RelayedRefusal {
 public:
  Error relay(const json::object& answer) {
    const auto text = [&](std::string_view name) {
      return std::string(json_text(answer, name).value_or(""));
    };
    id_ = text("reason");
    clause_ = text("clause");
    description_ = text("error_description");
    mend_ = text("detail");
    if (description_.empty()) description_ = "the server refused the operation";
    reason_ = Reason{id_, ErrorCode::invalid_request, clause_, description_, mend_};
    return refuse(reason_, text("expected"), text("came"));
  }

 private:
  std::string id_, clause_, description_, mend_;
  Reason reason_{};
};

class SocketTransport final : public cli::Transport {
 public:
  explicit SocketTransport(std::string path) : path_(std::move(path)) {}

  Result<json::object> call(const std::string& operation, const json::object& arguments) override {
    outbound::LocalTarget target;
    target.unix_socket = path_;
    target.url = "http://localhost/v1/" + operation;
    const auto answer = outbound::call_local(target, json::serialize(arguments));
    if (!answer) {
      throw std::runtime_error(fmt::format("{}: {}", path_, outbound::to_string(answer.error())));
    }
    auto document = parse_json(answer->body, kMaxAnswer);
    if (!document || !document->is_object()) {
      throw std::runtime_error(path_ + ": the server's answer is not a JSON object");
    }
    auto& object = document->as_object();
    if (answer->status == 200) return std::move(object);
    return std::unexpected(refusal_.relay(object));
  }
  bool server_is_running() const override { return true; }

 private:
  std::string path_;
  RelayedRefusal refusal_;
};

class LocalTransport final : public cli::Transport {
 public:
  explicit LocalTransport(const config::Settings& settings)
      : log_(make_log("warning", "text")), house_(settings, *log_) {}

  Result<json::object> call(const std::string& operation, const json::object& arguments) override {
    return run_inline(house_.node().operations().call(operation, arguments));
  }
  bool server_is_running() const override { return false; }

 private:
  std::unique_ptr<Log> log_;
  House house_;
};

bool answers(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  outbound::LocalTarget target;
  target.unix_socket = path;
  target.url = "http://localhost/v1/status";
  target.total = std::chrono::seconds(5);
  return outbound::call_local(target, "{}").has_value();
}

}  // namespace

std::unique_ptr<cli::Transport> connect_to_running(const config::Loaded& loaded) {
  const auto path = admin_socket_path(loaded.settings);
  return answers(path) ? std::make_unique<SocketTransport>(path) : nullptr;
}

std::unique_ptr<cli::Transport> connect(const config::Loaded& loaded) {
  if (auto running = connect_to_running(loaded)) return running;
  return std::make_unique<LocalTransport>(loaded.settings);
}

int probe(const config::Loaded& loaded, const std::string& path) {
  const auto listeners = parse_listeners(loaded.settings.server.listen);
  if (listeners.empty()) return 0;
  std::string address = listeners.front().address;
  if (address == "0.0.0.0") address = "127.0.0.1";
  if (address == "::") address = "::1";
  if (address.find(':') != std::string::npos) address = "[" + address + "]";
  outbound::LocalTarget target;
  // By the issuer's name, whatever address that leads to elsewhere; over TLS its own certificate is
  // the one that must answer.
  const auto& certificate = loaded.settings.server.tls_certificate;
  target.url = fmt::format("{}://{}{}", certificate.empty() ? "http" : "https",
                           config::issuer_host(loaded.settings), path);
  target.connect_to = fmt::format("::{}:{}", address, listeners.front().port);
  target.ca_file = certificate;
  target.total = std::chrono::seconds(5);
  const auto answer = outbound::call_local(target, "");
  return answer ? answer->status : 0;
}

}  // namespace claviger::app
