// The demo client: a small web app that signs people in with Claviger and shows each message of it.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <cstdio>
#include <thread>

#include "crypto/system_random.hpp"
#include "demo/client/pages.hpp"
#include "demo/client/relying_party.hpp"
#include "demo/client/session.hpp"
#include "demo/client/site.hpp"
#include "http/server.hpp"
#include "outbound/fetcher.hpp"

namespace claviger::demo {
namespace {

using Token = boost::asio::use_awaitable_t<Executor>;
using Pause = Token::as_default_on_t<boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>>;

class ErrorStreamLog final : public Log {
 public:
  explicit ErrorStreamLog(const Clock& clock) : clock_(clock) {}
  void write(LogLevel level, std::string_view event,
             std::initializer_list<LogField> fields) override {
    if (level < LogLevel::notice) return;
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    std::string line = fmt::format("{:%H:%M:%S} {}", fmt::gmtime(now), event);
    for (const auto& field : fields) {
      std::string value = field.value;
      for (char& c : value) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
      }
      line += fmt::format(" {}={}", field.name, value);
    }
    fmt::print(stderr, "{}\n", line);
  }

 private:
  const Clock& clock_;
};

bool is_loopback(std::string_view url) {
  return url.starts_with("http://localhost") || url.starts_with("http://127.0.0.1") ||
         url.starts_with("http://[::1]");
}

// "localhost:3000" is both of its addresses, where there are both.
std::vector<http::Listener> listeners(const std::string& listen) {
  const auto colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  const std::string digits = colon == std::string::npos ? "" : listen.substr(colon + 1);
  std::uint16_t number = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number == 0) {
    throw std::runtime_error("--listen wants host:port, like localhost:3000");
  }
  if (host == "localhost") return {{"127.0.0.1", number, ""}, {"::1", number, ""}};
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {{host, number, ""}};
}

int serve(Settings settings) {
  // The quickstart's user is no secret on one's own machine, and unknown anywhere else.
  if (!is_loopback(settings.server)) settings.hint_username.clear();
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  signal(SIGPIPE, SIG_IGN);

  const SystemClock clock;
  crypto::SystemRandom random;
  ErrorStreamLog log(clock);
  outbound::Policy policy;
  policy.allow_loopback = policy.allow_http = is_loopback(settings.server);
  policy.total = std::chrono::seconds(10);
  std::optional<outbound::Fetcher> fetcher(std::in_place, policy);
  RelyingParty client(
      settings, [&](outbound::Request request) { return fetcher->fetch(std::move(request)); },
      clock, random);
  Sessions sessions(clock, random);
  Pages pages;
  const auto wait = [](std::chrono::milliseconds pause) -> Task<void> {
    Pause timer(co_await boost::asio::this_coro::executor, pause);
    co_await timer.async_wait();
  };
  const std::string origin = origin_of(settings.redirect_uri);
  OpenIdClient openid(client, origin, clock, random);
  DeviceClient device(client, clock);
  Site site({client, openid, device, sessions, pages, clock, wait});

  Refusals refusals;
  http::RateLimiter limiter(http::Rates{});
  http::RouterOptions routing;
  routing.hosts = {site.origin().substr(site.origin().find("://") + 3)};
  routing.render_error = [&](const auto&, unsigned status, const Error&, bool) {
    return site.render_error(status);
  };
  http::Router router(routing, clock, random, log, refusals, limiter);
  site.add_routes(router);

  http::ServerOptions options;
  options.listeners = listeners(settings.listen);
  options.threads = 1;  // sessions and pages are nobody else's: no locks
  http::Server server(options, router, clock, log);
  server.listen();
  std::thread serving([&] { server.run(); });
  fmt::print("demo client: http://{}/ (a client of {})\n", settings.listen, settings.server);
  std::fflush(stdout);
  int caught = 0;
  sigwait(&ends, &caught);
  server.stop(std::chrono::seconds(2));
  serving.join();
  fetcher.reset();  // before the server, whose threads it wakes
  return 0;
}

}  // namespace
}  // namespace claviger::demo

int main(int argc, char** argv) {
  claviger::demo::Settings settings;
  std::string secret(settings.client_secret.reveal());
  CLI::App app{"A web app that signs people in with Claviger and shows how",
               "claviger-demo-client"};
  const auto add = [&](const char* name, std::string& value, const char* variable,
                       const char* text) {
    app.add_option(name, value, text)->envname(variable)->capture_default_str();
  };
  add("--server", settings.server, "CLAVIGER_DEMO_SERVER", "issuer that people sign in with");
  add("--listen", settings.listen, "CLAVIGER_DEMO_LISTEN", "host:port of this app");
  add("--client-id", settings.client_id, "CLAVIGER_DEMO_CLIENT_ID", "registered name of this app");
  add("--client-secret", secret, "CLAVIGER_DEMO_CLIENT_SECRET", "its secret");
  add("--redirect-uri", settings.redirect_uri, "CLAVIGER_DEMO_REDIRECT_URI",
      "where Claviger sends the browser back");
  add("--scope", settings.scope, "CLAVIGER_DEMO_SCOPE", "what to ask for");
  CLI11_PARSE(app, argc, argv);
  settings.client_secret = claviger::Secret(secret);
  try {
    return claviger::demo::serve(std::move(settings));
  } catch (const std::exception& error) {
    fmt::print(stderr, "claviger-demo-client: {}\n", error.what());
    return 1;
  }
}
