#include "demo/client/session.hpp"

#include <algorithm>

#include "base/base64url.hpp"

namespace claviger::demo {
namespace {

constexpr std::size_t kMaxPending = 8;
constexpr std::size_t kMaxSpent = 8;
constexpr std::size_t kMaxDeparted = 8;
constexpr std::size_t kMaxHappenings = 16;

template <class T>
void bound(std::vector<T>& items, std::size_t most) {
  if (items.size() > most) items.erase(items.begin());
}

}  // namespace

std::optional<AuthorizationRequest> Session::take_pending(std::string_view state) {
  const auto found = std::ranges::find(pending, state, &AuthorizationRequest::state);
  if (found == pending.end()) return std::nullopt;
  AuthorizationRequest request = std::move(*found);
  pending.erase(found);
  return request;
}

void Session::add_pending(AuthorizationRequest request) {
  pending.push_back(std::move(request));
  bound(pending, kMaxPending);
}

void Session::replace_tokens(Tokens fresh) {
  if (tokens && tokens->refresh_token != fresh.refresh_token) {
    spent_refresh.push_back(std::move(tokens->refresh_token));
    bound(spent_refresh, kMaxSpent);
  }
  tokens = std::move(fresh);
}

void Session::forget_person() {
  if (identity && !identity->sid.empty()) {
    departed.push_back(identity->sid);
    bound(departed, kMaxDeparted);
  }
  identity.reset();
  userinfo.clear();
  exchanged.reset();
  tokens.reset();
  spent.reset();
  spent_refresh.clear();
  profile.clear();
  revoked = false;
}

void Session::happen(std::string kind, std::string title, std::string text) {
  happenings.push_back({++happened, std::move(kind), std::move(title), std::move(text)});
  bound(happenings, kMaxHappenings);
}

bool Session::knows(const Departure& departure) const {
  // OIDCBC-2.7: without a sid, every session of that person is meant.
  if (departure.sid.empty()) return identity && identity->sub == departure.sub;
  return (identity && identity->sid == departure.sid) ||
         std::ranges::find(departed, departure.sid) != departed.end();
}

std::string Sessions::new_id() { return base64url_encode(random_.bytes<32>()); }

std::shared_ptr<Session> Sessions::find(std::string_view id) {
  const auto found = by_id_.find(std::string(id));
  if (found == by_id_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return *found->second;
}

std::shared_ptr<Session> Sessions::create() {
  if (order_.size() >= capacity_) forget(std::string(order_.back()->id));
  order_.push_front(std::make_shared<Session>(clock_));
  order_.front()->id = new_id();
  by_id_.emplace(order_.front()->id, order_.begin());
  return order_.front();
}

void Sessions::rename(Session& session) {
  auto node = by_id_.extract(session.id);
  if (node.empty()) return;  // forgotten meanwhile
  session.id = new_id();
  node.key() = session.id;
  by_id_.insert(std::move(node));
}

std::vector<std::shared_ptr<Session>> Sessions::about(const Departure& departure) const {
  std::vector<std::shared_ptr<Session>> visits;
  for (const auto& visit : order_) {
    if (visit->knows(departure)) visits.push_back(visit);
  }
  return visits;
}

void Sessions::forget(std::string_view id) {
  const auto found = by_id_.find(std::string(id));
  if (found == by_id_.end()) return;
  order_.erase(found->second);
  by_id_.erase(found);
}

}  // namespace claviger::demo
