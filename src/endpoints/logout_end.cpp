#include "endpoints/logout_end.hpp"

#include <set>
#include <vector>

#include "endpoints/answers.hpp"
#include "protocol/logout/front_channel.hpp"
#include "protocol/tokens/subject.hpp"

namespace claviger::endpoints {

namespace {

// Each is a page that the browser loads, and a word in a header of ours.
constexpr std::size_t kMaxFrames = 64;

Task<std::vector<protocol::LogoutFrame>> find_frames(const Deps& deps, Id session) {
  std::vector<protocol::LogoutFrame> frames;
  const auto joined = co_await deps.store.sessions.clients(session);
  for (const auto& client_id : joined) {
    if (frames.size() == kMaxFrames) break;
    const auto client = co_await deps.store.clients.find(client_id);
    if (!client) continue;
    const auto sid = protocol::sid_for(session, client_id, deps.sid_key);
    auto frame = protocol::front_channel_frame(*client, sid, deps.policy);
    if (frame) frames.push_back(std::move(*frame));
  }
  co_return frames;
}

std::vector<std::string> origins_of(const std::vector<protocol::LogoutFrame>& frames) {
  std::set<std::string> origins;
  for (const auto& frame : frames) origins.insert(frame.origin);
  return {origins.begin(), origins.end()};
}

http::Response frames_page(const Deps& deps, const http::Request& request,
                           const std::vector<protocol::LogoutFrame>& frames, const WayOn& on) {
  pages::LogoutFramesView view;
  for (const auto& frame : frames) view.frames.push_back(frame.url);
  view.next = on.target ? on.target->with_query(on.parameters) : on.path.text();
  auto response = http::html_response(200, deps.pages.logout_frames(view, locale_of(request)),
                                      http::Surface::page_with_frames);
  response.frame_origins = origins_of(frames);
  response.client_id = on.client_id;
  return response;
}

}  // namespace

http::Response go_on(const WayOn& on) {
  const auto location =
      on.target ? http::Location(*on.target, on.parameters) : http::Location(on.path);
  auto response = http::redirect(location);
  response.client_id = on.client_id;
  return response;
}

Task<http::Response> end_session(const Deps& deps, const http::Request& request, Id session,
                                 WayOn on) {
  const Time now = deps.clock.now();
  co_await deps.store.sessions.end(session, now);
  deps.logout_due();
  const auto frames = co_await find_frames(deps, session);
  auto response = frames.empty() ? go_on(on) : frames_page(deps, request, frames, on);
  add_signed_out_cookies(deps, response);
  response.clear_site_data = true;
  co_return response;
}

}  // namespace claviger::endpoints
