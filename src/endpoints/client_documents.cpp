#include "endpoints/client_documents.hpp"

#include "base/reasons/client_metadata.hpp"
#include "protocol/registration/client_record.hpp"

namespace claviger::endpoints {

namespace {

constexpr std::size_t kLogoBytes = 100 * 1024;

outbound::Request request_for(const std::string& url, const char* accept) {
  outbound::Request request;
  request.url = url;
  request.headers.emplace_back("Accept", accept);
  return request;
}

// Empty: none of the three.
std::string image_type_of(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return "image/png";
  if (bytes.starts_with("\xff\xd8\xff"sv)) return "image/jpeg";
  const bool webp = bytes.starts_with("RIFF"sv) && bytes.size() >= 12;
  if (webp && bytes.substr(8, 4) == "WEBP"sv) return "image/webp";
  return {};
}

}  // namespace

Task<Result<void>> check_sector(const Deps& deps, Client client) {
  const auto& uri = client.metadata.sector_identifier_uri;
  if (uri.empty()) co_return Result<void>();
  const auto request = request_for(uri, "application/json");
  const auto fetched = co_await deps.fetch(request);
  if (!fetched) {
    co_return refused(reason::client_metadata_sector_document, uri,
                      std::string(to_string(fetched.error())));
  }
  if (fetched->status != 200) {
    co_return refused(reason::client_metadata_sector_document, uri,
                      "status " + std::to_string(fetched->status));
  }
  co_return protocol::judge_sector_document(fetched->body, client);
}

Task<std::optional<store::ClientLogo>> fetch_logo(const Deps& deps, Client client) {
  const auto& uri = client.metadata.logo_uri;
  if (uri.empty()) co_return std::nullopt;
  const auto request = request_for(uri, "image/png, image/jpeg, image/webp");
  const auto fetched = co_await deps.fetch(request);
  if (!fetched || fetched->status != 200 || fetched->body.size() > kLogoBytes) {
    co_return std::nullopt;
  }
  auto type = image_type_of(fetched->body);
  if (type.empty()) co_return std::nullopt;
  const auto bytes = as_bytes(fetched->body);
  store::ClientLogo logo;
  logo.content_type = std::move(type);
  logo.image.assign(bytes.begin(), bytes.end());
  logo.fetched_at = deps.clock.now();
  co_return logo;
}

}  // namespace claviger::endpoints
