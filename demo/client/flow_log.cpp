#include "demo/client/flow_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/form.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace claviger::demo {
namespace {

constexpr std::size_t kMaxText = 2000;

bool is_secret(std::string_view name) {
  constexpr std::array<std::string_view, 13> kSecrets{"authorization",
                                                      "access_token",
                                                      "client_secret",
                                                      "code",
                                                      "code_verifier",
                                                      "password",
                                                      "refresh_token",
                                                      "id_token",
                                                      "id_token_hint",
                                                      "logout_token",
                                                      "device_code",
                                                      "subject_token",
                                                      "registration_access_token"};
  return std::ranges::any_of(kSecrets, [&](auto s) { return iequals_ascii(s, name); });
}

bool is_cookie(std::string_view name) {
  return iequals_ascii(name, "cookie") || iequals_ascii(name, "set-cookie");
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 201:
      return "Created";
    case 303:
      return "See Other";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 409:
      return "Conflict";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

std::vector<Field> fields_of_form(std::string_view encoded) {
  std::vector<Field> fields;
  const auto form = Form::parse(encoded);
  if (!form) return fields;
  for (const auto& [name, value] : form->fields()) {
    fields.push_back({name, value, is_secret(name)});
  }
  return fields;
}

std::string cut(std::string_view text) {
  if (text.size() <= kMaxText) return std::string(text);
  while (!text.empty() && !is_utf8(text.substr(0, kMaxText))) text.remove_suffix(1);
  return std::string(text.substr(0, kMaxText)) + " ...";
}

void take_url(Message& message, const std::string& url) {
  const auto mark = url.find('?');
  message.url = url.substr(0, mark);
  if (mark != std::string::npos) message.query = fields_of_form(url.substr(mark + 1));
}

std::string media_type(const std::vector<std::pair<std::string, std::string>>& headers) {
  for (const auto& [name, value] : headers) {
    if (iequals_ascii(name, "content-type")) {
      return to_lower_ascii(value.substr(0, value.find(';')));
    }
  }
  return {};
}

void take_headers(Message& message,
                  const std::vector<std::pair<std::string, std::string>>& headers) {
  for (const auto& [name, value] : headers) {
    if (!is_cookie(name)) message.headers.push_back({name, value, is_secret(name)});
  }
}

void take_body(Message& message, const std::string& type, const std::string& body) {
  if (type == "application/x-www-form-urlencoded") {
    message.members = fields_of_form(body);
    return;
  }
  if (type == "application/json") {
    const auto value = parse_json(body, 1024 * 1024);
    if (value && value->is_object()) {
      message.members = fields_of(value->get_object());
      return;
    }
  }
  if (!is_utf8(body)) {
    message.text = fmt::format("{} bytes", body.size());
  } else {
    message.text = cut(body);
  }
}

std::string shell_quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string curl_command(const outbound::Request& request) {
  std::string command = "curl -i ";
  if (request.method != "GET") command += fmt::format("-X {} ", request.method);
  command += shell_quote(request.url);
  for (const auto& [name, value] : request.headers) {
    if (!is_cookie(name)) command += fmt::format(" \\\n  -H {}", shell_quote(name + ": " + value));
  }
  if (!request.body.empty())
    command += fmt::format(" \\\n  --data-raw {}", shell_quote(request.body));
  return command;
}

}  // namespace

std::vector<Field> fields_of(const boost::json::object& object) {
  std::vector<Field> fields;
  for (const auto& [key, value] : object) {
    const std::string name(key);
    const bool text = value.is_string();
    fields.push_back({name, text ? std::string(value.get_string()) : boost::json::serialize(value),
                      is_secret(name)});
  }
  return fields;
}

std::string time_text(Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(seconds));
}

Message& FlowLog::append(Message::Kind kind, Lane from, Lane to, std::string meaning) {
  if (messages_.size() == kCapacity) messages_.pop_front();
  Message& message = messages_.emplace_back();
  message.number = kind == Message::Kind::note ? 0 : next_number_++;
  message.kind = kind;
  message.from = from;
  message.to = to;
  message.at = clock_->now();
  message.meaning = std::move(meaning);
  return message;
}

void FlowLog::request(Lane from, Lane to, std::string meaning, const outbound::Request& request) {
  Message& message = append(Message::Kind::request, from, to, std::move(meaning));
  take_url(message, request.url);
  take_headers(message, request.headers);
  take_body(message, media_type(request.headers), request.body);
  const auto host = message.url.find("://");
  const auto path = host == std::string::npos ? 0 : message.url.find('/', host + 3);
  message.line = request.method + " " +
                 (path == std::string::npos ? std::string("/") : message.url.substr(path));
  // What the browser sends depends on its cookies, so that no command line could repeat it.
  if (from != Lane::browser) message.curl = curl_command(request);
}

void FlowLog::response(Lane from, Lane to, std::string meaning,
                       const outbound::Response& response) {
  Message& message = append(Message::Kind::response, from, to, std::move(meaning));
  message.line = fmt::format("{} {}", response.status, reason_phrase(response.status));
  message.refused = response.status >= 400;
  take_headers(message, response.headers);
  for (auto& header : message.headers) {
    if (!iequals_ascii(header.name, "location")) continue;
    take_url(message, header.value);
    // The same once more, which would betray what is hidden in the query.
    header.secret = std::ranges::any_of(message.query, &Field::secret);
  }
  take_body(message, media_type(response.headers), response.body);
}

void FlowLog::failure(Lane from, Lane to, std::string meaning, std::string line) {
  Message& message = append(Message::Kind::failure, from, to, std::move(meaning));
  message.line = std::move(line);
  message.refused = true;
}

void FlowLog::note(Lane from, Lane to, std::string line, std::string meaning) {
  append(Message::Kind::note, from, to, std::move(meaning)).line = std::move(line);
}

void FlowLog::forget(std::size_t number) {
  std::erase_if(messages_, [&](const Message& message) {
    return message.number == number && message.kind != Message::Kind::note;
  });
}

void FlowLog::token(std::size_t number, SeenToken token) {
  const auto found = std::ranges::find(messages_, number, &Message::number);
  if (found != messages_.end()) found->tokens.push_back(std::move(token));
}

}  // namespace claviger::demo
