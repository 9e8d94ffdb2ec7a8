// The login page for somebody who wants to connect a device: no client waits for the answer, so no
// transaction is stored. What binds the form to this browser is its cookie alone.
#pragma once
#include <string>
#include <string_view>

#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

// To /login, and from there back to /device with what was typed.
http::Response to_device_sign_in(std::string_view typed);

// Is it this page that /login is asked for, by its parameter `txn`?
bool is_device_sign_in(std::optional<std::string_view> txn);
Task<http::Response> serve_device_sign_in_page(const Deps& deps, const http::Request& request,
                                               const Form& query);
Task<http::Response> serve_device_sign_in(const Deps& deps, const http::Request& request,
                                          const Form& form);

}  // namespace claviger::endpoints
