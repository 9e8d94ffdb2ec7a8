// Cookie fields: the value that is found stands in the field under that name, once; a second cookie
// of the name takes it away (SE-09). Set-Cookie: what may be sent is one field.
#include <cstdint>
#include <cstdlib>

#include "base/text.hpp"
#include "http/message.hpp"
#include "http/response_writer.hpp"

namespace {

using namespace claviger;

void demand(bool truth) {
  if (!truth) std::abort();
}

void judge_reading(std::string_view field) {
  http::Request request;
  request.headers.add("Cookie", std::string(field));
  const auto value = request.cookie("sid");
  if (!value) return;
  demand(value->find(';') == std::string_view::npos && !has_control_character(*value));
  const std::string kept(*value);
  request.headers.add("Cookie", "a=1; sid=" + kept);
  demand(!request.cookie("sid"));
  http::Request again;
  again.headers.add("Cookie", "sid=" + kept);
  demand(again.cookie("sid") == kept);
}

void judge_writing(std::string_view value) {
  http::Response response;
  response.cookies.push_back({.name = "sid", .value = std::string(value)});
  if (!http::is_sendable(response)) return;
  const auto line = http::set_cookie_value(response.cookies[0]);
  demand(!has_control_character(line));
  demand(line.find(';') == 4 + value.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  judge_reading(bytes);
  judge_writing(bytes);
  return 0;
}
