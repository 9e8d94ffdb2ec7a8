#include "endpoints/client_documents.hpp"

#include "base/limits.hpp"
#include "base/reasons/client_metadata.hpp"
#include "endpoints/document.hpp"
#include "protocol/registration/client_record.hpp"

namespace claviger::endpoints {

namespace {

constexpr std::size_t kLogoBytes = 100 * 1024;

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
  DocumentOrder order{uri, "application/json", limits::kSectorDocumentBytes, client.client_id};
  const auto document = co_await fetch_document(deps, std::move(order));
  if (!document) {
    co_return refused(reason::client_metadata_sector_document, uri, document.error());
  }
  co_return protocol::judge_sector_document(document->body, client);
}

Task<std::optional<store::ClientLogo>> fetch_logo(const Deps& deps, Client client) {
  const auto& uri = client.metadata.logo_uri;
  if (uri.empty()) co_return std::nullopt;
  DocumentOrder order{uri, "image/png, image/jpeg, image/webp", kLogoBytes, client.client_id};
  const auto fetched = co_await fetch_document(deps, std::move(order));
  if (!fetched) co_return std::nullopt;
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
