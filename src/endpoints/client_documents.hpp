// What a registration makes us fetch: the document of a sector, and a logo. Through the guarded
// fetcher alone (DC-08, DC-10).
#pragma once
#include <optional>

#include "endpoints/deps.hpp"
#include "store/client_logos.hpp"

namespace claviger::endpoints {

// Fine when there is no sector_identifier_uri (OIDCDR-5).
Task<Result<void>> check_sector(const Deps& deps, Client client);

// PNG, JPEG or WebP of at most 100 KiB, by their first bytes: what the address calls them says
// nothing. Nothing when there is none, or it can't be had; that spoils no registration.
Task<std::optional<store::ClientLogo>> fetch_logo(const Deps& deps, Client client);

}  // namespace claviger::endpoints
