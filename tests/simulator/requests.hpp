// Requests as the simulated people and applications send them, and what they see in the answers.
#pragma once
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "base/json.hpp"
#include "http/message.hpp"

namespace claviger::simulator {

using Cookies = std::map<std::string, std::string>;

inline Form form_of(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  Form form;
  for (const auto& [name, value] : fields) form.add(name, value);
  return form;
}

inline http::Request make_get(std::string target) {
  http::Request request;
  request.target = std::move(target);
  const auto question = request.target.find('?');
  request.path = request.target.substr(0, question);
  if (question != std::string::npos) request.query = request.target.substr(question + 1);
  request.headers.add("Host", "localhost:2003");
  request.peer = request.client_ip = "127.0.0.1";
  request.peer_is_loopback = true;
  return request;
}

inline http::Request make_post(std::string target, const Form& form) {
  auto request = make_get(std::move(target));
  request.method = http::Method::post;
  request.method_text = "POST";
  request.body = form.encode();
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  return request;
}

inline void add_cookies(http::Request& request, const Cookies& cookies) {
  std::string header;
  for (const auto& [name, value] : cookies) {
    header += (header.empty() ? "" : "; ") + name + "=" + value;
  }
  if (!header.empty()) request.headers.add("Cookie", header);
}

inline void keep_cookies(const http::Response& response, Cookies& cookies) {
  for (const auto& cookie : response.cookies) {
    if (cookie.max_age && cookie.max_age->count() == 0) {
      cookies.erase(cookie.name);
    } else {
      cookies[cookie.name] = cookie.value;
    }
  }
}

inline boost::json::object json_of(const http::Response& response) {
  auto document = parse_json(response.body);
  return document && document->is_object() ? document->as_object() : boost::json::object{};
}
inline std::string text_of(const boost::json::object& object, std::string_view name) {
  return std::string(json_text(object, name).value_or(""));
}
inline std::string location_of(const http::Response& response) {
  return response.location ? response.location->text() : "";
}
inline std::string reason_of(const http::Response& response) {
  return response.refusal ? std::string(response.refusal->reason->id) : "";
}
// One parameter of a URL's query.
inline std::string parameter(const std::string& url, std::string_view name) {
  const auto question = url.find('?');
  if (question == std::string::npos) return {};
  const auto form = Form::parse(std::string_view(url).substr(question + 1));
  return form ? std::string(form->get(name).value_or("")) : "";
}
// The value of a hidden field of a page.
inline std::string hidden(const http::Response& page, const std::string& name) {
  const std::string before = "name=\"" + name + "\" value=\"";
  const auto at = page.body.find(before);
  if (at == std::string::npos) return {};
  const auto from = at + before.size();
  return page.body.substr(from, page.body.find('"', from) - from);
}

}  // namespace claviger::simulator
