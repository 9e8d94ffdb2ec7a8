// The site map: one table from method and path to the file that serves it.
#pragma once
#include "endpoints/deps.hpp"
#include "http/router.hpp"

namespace claviger::endpoints {

// `deps` must outlive the router.
void add_routes(http::Router& router, const Deps& deps);

// How the router words an error that arises before or around a handler.
http::Response render_error(const Deps& deps, const http::Request& request, unsigned status,
                            const Error& error, bool html);

}  // namespace claviger::endpoints
