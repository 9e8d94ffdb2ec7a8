#include "endpoints/document.hpp"

namespace claviger::endpoints {

namespace {

std::string problem_of(const std::expected<outbound::Response, outbound::FetchError>& fetched,
                       std::size_t most) {
  if (!fetched) return std::string(outbound::to_string(fetched.error()));
  if (fetched->status != 200) return "status " + std::to_string(fetched->status);
  return fetched->body.size() > most ? "too_large" : "";
}

}  // namespace

Task<std::expected<outbound::Response, std::string>> fetch_document(const Deps& deps,
                                                                    DocumentOrder order) {
  outbound::Request request;
  request.url = std::move(order.url);
  request.headers.emplace_back("Accept", order.accept);
  request.max_bytes = order.most;
  auto fetched = co_await deps.fetch(std::move(request));
  auto problem = problem_of(fetched, order.most);
  if (problem.empty()) co_return std::move(*fetched);
  const bool blocked = !fetched && fetched.error() == outbound::FetchError::address_refused;
  deps.log.write(LogLevel::warning, blocked ? "ssrf.blocked" : "document.unavailable",
                 {{"client_id", order.client_id}, {"problem", problem}});
  co_return std::unexpected(std::move(problem));
}

}  // namespace claviger::endpoints
