#include "protocol/authorize/redirect_uri.hpp"

#include <algorithm>
#include <array>
#include <boost/url.hpp>

#include "base/form.hpp"
#include "base/limits.hpp"
#include "base/reasons/redirect_uri.hpp"
#include "base/text.hpp"
#include "protocol/authorize/loopback.hpp"

namespace claviger::protocol {
namespace {

using boost::urls::url_view;

// What browsers run or show instead of handing it to an application: no operator can allow it.
constexpr std::array<std::string_view, 12> kNeverPrivate{
    "http", "https", "javascript", "data", "vbscript", "file",
    "blob", "about", "filesystem", "ftp",  "ws",       "wss"};

bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

// Characters that could be part of a URI at all (RU-05). Asked of registered and of requested ones.
bool has_uri_characters(std::string_view uri) {
  constexpr std::string_view kNowhere = "\\\"<>^`{|}";
  return !uri.empty() && uri.size() <= limits::kRedirectUriBytes &&
         std::ranges::all_of(uri, is_visible) &&
         uri.find_first_of(kNowhere) == std::string_view::npos;
}

// From behind "//" to the path. Textual on purpose: browsers and parsers agree on no more than
// this.
std::string_view authority_of(std::string_view uri) {
  const auto slashes = uri.find("//");
  if (slashes == std::string_view::npos || uri.find_first_of("/?#") < slashes) return {};
  const auto rest = uri.substr(slashes + 2);
  return rest.substr(0, rest.find_first_of("/?#"));
}

bool has_plain_host(const url_view& url) {
  const std::string_view host = url.encoded_host();
  if (host.empty()) return false;
  if (url.has_port() && url.port_number() == 0) return false;
  if (url.host_type() == boost::urls::host_type::ipv6) return true;
  constexpr std::string_view kName =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  // A dot at the end is the same host to a resolver and another one to a browser's cookies.
  return host.find_first_not_of(kName) == std::string_view::npos && host.back() != '.';
}

bool has_plain_path(std::string_view path) {
  const auto decoded = form_decode(path);
  if (!decoded || has_control_character(*decoded)) return false;
  std::string_view rest = *decoded;
  while (!rest.empty()) {
    const auto segment = rest.substr(0, rest.find('/'));
    // "..;" too: some servers drop what follows the semicolon (RU-05).
    const auto name = segment.substr(0, segment.find(';'));
    if (name == "." || name == "..") return false;
    rest.remove_prefix(std::min(segment.size() + 1, rest.size()));
  }
  return true;
}

Result<void> judge_private_scheme(std::string_view uri, std::string_view scheme, bool public_client,
                                  const Policy& policy) {
  const bool dotted = scheme.find('.') != std::string_view::npos;
  const bool listed =
      std::ranges::find(policy.private_schemes, scheme) != policy.private_schemes.end();
  const bool never = std::ranges::find(kNeverPrivate, scheme) != kNeverPrivate.end();
  if (never || !(dotted || listed))
    return refused(reason::redirect_scheme, {}, std::string(scheme));
  if (!public_client) return refused(reason::redirect_private_scheme);
  if (uri.size() == scheme.size() + 1) return refused(reason::redirect_not_absolute);
  return {};
}

bool matches(std::string_view registered, std::string_view requested, bool port_may_differ) {
  if (registered == requested) return true;
  if (!port_may_differ) return false;
  const auto known = parse_loopback_uri(registered);
  const auto asked = parse_loopback_uri(requested);
  return known && asked && known->same_but_port(*asked);
}

std::string shown(const std::vector<std::string>& uris) {
  std::string text;
  for (const auto& uri : uris) text += (text.empty() ? "" : " ") + uri;
  return excerpt(text);
}

}  // namespace

Result<void> judge_redirect_uri_for_registration(std::string_view uri, bool public_client,
                                                 const Policy& policy) {
  const auto refuse_as = [&](const Reason& reason) { return refused(reason, {}, excerpt(uri)); };
  if (!has_uri_characters(uri)) return refuse_as(reason::redirect_bad_character);
  if (uri.find('*') != std::string_view::npos) return refuse_as(reason::redirect_wildcard);
  if (uri.find('#') != std::string_view::npos) return refuse_as(reason::redirect_fragment);
  const auto parsed = boost::urls::parse_uri(uri);
  if (!parsed) return refuse_as(reason::redirect_not_absolute);
  const bool at_sign = authority_of(uri).find('@') != std::string_view::npos;
  if (at_sign || parsed->has_userinfo()) return refuse_as(reason::redirect_userinfo);
  if (!has_plain_path(parsed->encoded_path())) return refuse_as(reason::redirect_path);
  // Compared with its case: JavaScript: and HTTPS: are not on the list (RU-15).
  const std::string_view scheme = parsed->scheme();
  if (scheme != "https" && scheme != "http") {
    return judge_private_scheme(uri, scheme, public_client, policy);
  }
  if (!has_plain_host(*parsed)) return refuse_as(reason::redirect_host);
  if (scheme == "http" && !parse_loopback_uri(uri)) return refuse_as(reason::redirect_plain_http);
  return {};
}

Result<RedirectTarget> match_redirect_uri(const Client& client, std::string_view requested) {
  const auto& registered = client.redirect_uris;
  if (registered.empty()) return refused(reason::redirect_none_registered);
  if (requested.empty()) {
    if (registered.size() != 1) return refused(reason::redirect_missing, shown(registered));
    return RedirectTarget(registered.front());
  }
  const bool at_sign = authority_of(requested).find('@') != std::string_view::npos;
  if (!has_uri_characters(requested) || at_sign) {
    return refused(reason::redirect_malformed, shown(registered), excerpt(requested));
  }
  const bool port_may_differ = client.is_public();
  for (const auto& uri : registered) {
    if (matches(uri, requested, port_may_differ)) return RedirectTarget(std::string(requested));
  }
  return refused(reason::redirect_mismatch, shown(registered), excerpt(requested));
}

std::string host_for_display(std::string_view uri) {
  const auto parsed = boost::urls::parse_uri(uri);
  if (!parsed) return {};
  const std::string_view scheme = parsed->scheme();
  if (scheme != "https" && scheme != "http") return std::string(scheme);
  return std::string(std::string_view(parsed->encoded_host_and_port()));
}

bool is_loopback_uri(std::string_view uri) {
  const auto parsed = boost::urls::parse_uri(uri);
  if (!parsed) return false;
  const std::string_view scheme = parsed->scheme();
  const std::string_view host = parsed->encoded_host();
  return (scheme == "http" || scheme == "https") &&
         std::ranges::find(kLoopbackHosts, host) != kLoopbackHosts.end();
}

bool is_native_use(const Client& client, std::string_view uri) {
  if (!client.is_public()) return false;
  if (client.application_type == ApplicationType::native) return true;
  if (!uri.starts_with("https://") && !uri.starts_with("http://")) return true;
  return std::ranges::find(client.redirect_uris, uri) == client.redirect_uris.end();
}

}  // namespace claviger::protocol
