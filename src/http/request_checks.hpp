// What a request must be before its handler sees it: pure questions about one request and one row
// of the route table.
#pragma once
#include <optional>

#include "http/message.hpp"
#include "http/router.hpp"

namespace claviger::http {

struct HttpRefusal {
  unsigned status = 400;
  Error error;
};

// 421 unless Host names us: the first step of attacks that make a server speak for another name
// (RFC9110-15.5.20).
std::optional<HttpRefusal> judge_host(const Request& request,
                                      const std::vector<std::string>& hosts);
// Fetch metadata: a page is opened by a person, not loaded by a foreign site; a form of ours is not
// posted by one.
std::optional<HttpRefusal> judge_fetch_metadata(const Request& request, const Route& route);
// Size, coding, media type and charset of the body.
std::optional<HttpRefusal> judge_body(const Request& request, const Route& route);

}  // namespace claviger::http
