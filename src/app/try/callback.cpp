#include "app/try/callback.hpp"

#include <fmt/format.h>

#include "crypto/digest.hpp"

namespace claviger::app {
namespace {

constexpr std::string_view kPath = "/callback";

http::Response page(unsigned status, std::string_view title, std::string_view text) {
  return http::html_response(
      status,
      fmt::format("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{}</title>"
                  "<h1>{}</h1><p>{}</p>",
                  title, title, text),
      http::Surface::page);
}

http::Response not_ours(unsigned status) {
  return page(status, "Nothing is here",
              "This address waits for the answer to one sign-in, and this was none.");
}

http::ServerOptions on_loopback(std::uint16_t port) {
  http::ServerOptions options;
  options.listeners = {{"127.0.0.1", port, ""}};
  options.threads = 1;
  return options;
}

}  // namespace

Callback::Callback(std::uint16_t port, std::string state)
    : state_(std::move(state)),
      router_(make_router()),
      server_(on_loopback(port), router_, clock_, log_) {
  http::Route route;
  route.path = kPath;
  route.html = true;
  route.handler = [this](const http::Request& request) -> Task<http::Response> {
    co_return take(request);
  };
  router_.add(std::move(route));
  server_.listen();
  serving_ = std::thread([this] { server_.run(); });
}

Callback::~Callback() {
  server_.stop(std::chrono::seconds(1));
  serving_.join();
}

http::Router Callback::make_router() {
  http::RouterOptions options;
  options.render_error = [](const http::Request&, unsigned status, const Error&, bool) {
    return not_ours(status);
  };
  return {std::move(options), clock_, random_, log_, refusals_, limiter_};
}

std::string Callback::redirect_uri() const {
  return fmt::format("http://127.0.0.1:{}{}", server_.port(), kPath);
}

http::Response Callback::take(const http::Request& request) {
  auto form = Form::parse(request.query);
  const auto state = form ? form->get("state").value_or("") : std::string_view();
  if (!form || form->first_repeated() ||
      !crypto::constant_time_equal(as_bytes(state), as_bytes(state_))) {
    return not_ours(400);
  }
  {
    const std::lock_guard lock(mutex_);
    if (!answer_) answer_ = std::move(*form);
  }
  arrived_.notify_one();
  return page(200, "Go on in the terminal", "claviger has its answer. This page can be closed.");
}

std::optional<Form> Callback::wait_for(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, patience, [this] { return answer_.has_value(); });
  return answer_;
}

}  // namespace claviger::app
