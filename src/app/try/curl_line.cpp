#include "app/try/curl_line.hpp"

#include <algorithm>
#include <array>

#include "base/base64url.hpp"
#include "base/form.hpp"

namespace claviger::app {
namespace {

constexpr std::array<std::string_view, 6> kSecretFields{
    "code", "code_verifier", "refresh_token", "client_secret", "device_code", "subject_token"};
constexpr std::string_view kBasic = "Basic ";
constexpr std::string_view kBearer = "Bearer ";

// One word of a shell, whatever is in it.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string upper(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string credentials(std::string_view basic) {
  const auto pair = base64_decode(basic).value_or("");
  return " -u " + quoted(pair.substr(0, pair.find(':'))) + ":\"$CLIENT_SECRET\"";
}

std::string header_words(const std::pair<std::string, std::string>& header) {
  const auto& [name, value] = header;
  if (name == "Content-Type" && value == "application/x-www-form-urlencoded") return {};
  if (name != "Authorization") return " -H " + quoted(name + ": " + value);
  if (value.starts_with(kBasic)) return credentials(std::string_view(value).substr(kBasic.size()));
  return value.starts_with(kBearer) ? " -H \"Authorization: Bearer $ACCESS_TOKEN\"" : "";
}

std::string form_words(std::string_view body) {
  std::string out;
  const auto form = Form::parse(body);
  if (!form) return out;
  for (const auto& [name, value] : form->fields()) {
    const bool secret = std::ranges::find(kSecretFields, name) != kSecretFields.end();
    out += " --data-urlencode ";
    out += secret ? "\"" + name + "=$" + upper(name) + "\"" : quoted(name + "=" + value);
  }
  return out;
}

}  // namespace

std::string curl_line(const outbound::Request& request, const std::string& ca_file) {
  std::string out = "curl -s " + quoted(request.url);
  if (!ca_file.empty()) out += " --cacert " + quoted(ca_file);
  bool form = false;
  for (const auto& header : request.headers) {
    form = form || header.second == "application/x-www-form-urlencoded";
    out += header_words(header);
  }
  if (request.body.empty()) return out;
  return out + (form ? form_words(request.body) : " -d " + quoted(request.body));
}

}  // namespace claviger::app
