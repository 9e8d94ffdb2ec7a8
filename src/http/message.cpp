#include "http/message.hpp"

#include "base/text.hpp"

namespace claviger::http {

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      break;
  }
  return "OTHER";
}

Method parse_method(std::string_view text) {
  for (const auto method : {Method::get, Method::head, Method::post, Method::put, Method::patch,
                            Method::delete_, Method::options})
    if (to_string(method) == text) return method;
  return Method::other;
}

namespace {

// Calls `each` with every name and value of one Cookie field (RFC6265-5.4).
template <class Each>
void for_each_cookie(std::string_view field, Each each) {
  while (!field.empty()) {
    const auto end = field.find(';');
    const auto pair = trim(field.substr(0, end));
    field = end == std::string_view::npos ? std::string_view() : field.substr(end + 1);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos)
      each(trim(pair.substr(0, equals)), trim(pair.substr(equals + 1)));
  }
}

}  // namespace

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  std::optional<std::string_view> found;
  std::size_t times = 0;
  for (const auto& [field, value] : headers) {
    if (!iequals_ascii(field, "Cookie") || !value.contains(name)) continue;
    for_each_cookie(value, [&](std::string_view cookie_name, std::string_view cookie_value) {
      if (cookie_name != name) return;
      found = cookie_value;
      ++times;
    });
  }
  // A sibling domain can plant a second cookie of the same name; which one is ours can't be told.
  if (times != 1 || has_control_character(*found)) return std::nullopt;
  return found;
}

std::string Request::media_type() const {
  const auto value = headers.find("Content-Type");
  if (!value) return {};
  return to_lower_ascii(trim(value->substr(0, value->find(';'))));
}

Response json_response(unsigned status, const boost::json::object& body) {
  Response response;
  response.status = status;
  response.surface = Surface::data;
  response.content_type = "application/json";
  response.body = boost::json::serialize(body);
  return response;
}

Response html_response(unsigned status, std::string html, Surface surface) {
  Response response;
  response.status = status;
  response.surface = surface;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(html);
  return response;
}

Response text_response(unsigned status, std::string text) {
  Response response;
  response.status = status;
  response.surface = Surface::data;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

Response redirect(Location location) {
  Response response;
  response.status = 303;
  response.surface = Surface::none;
  response.location = std::move(location);
  return response;
}

}  // namespace claviger::http
