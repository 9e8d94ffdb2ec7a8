// What a client registered beyond the columns of its row, as a JSON object in one of them.
#pragma once
#include <string>
#include <string_view>

#include "model/client.hpp"

namespace claviger::store {

// Members that have their default are left out, so that a row says what was registered.
std::string metadata_to_text(const ClientMetadata& metadata);
// Members that this release does not know are a later release's, and are passed over. Throws
// std::logic_error when a known one is of another type.
ClientMetadata text_to_metadata(std::string_view text);

}  // namespace claviger::store
