// A document behind an address that a client named, the one way to have it (CA-18, DC-08, DC-10,
// PJ-01): through the guarded fetcher, bounded, and with 200 alone for an answer.
#pragma once
#include <cstddef>
#include <expected>
#include <string>

#include "endpoints/deps.hpp"

namespace claviger::endpoints {

struct DocumentOrder {
  std::string url;
  const char* accept = "";
  std::size_t most = 0;   // bytes of its body
  std::string client_id;  // for the log; may be empty
};

// Nothing but the answer's head and body, or why there is none, in words for the log and for
// `explain`.
Task<std::expected<outbound::Response, std::string>> fetch_document(const Deps& deps,
                                                                    DocumentOrder order);

}  // namespace claviger::endpoints
