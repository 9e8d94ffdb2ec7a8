#include "base/reason.hpp"

#include <array>
#include <utility>

namespace claviger {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kOpenIdDocuments{{
    {"OIDCC", "openid-connect-core"},
    {"OIDCD", "openid-connect-discovery"},
    {"OIDCDR", "openid-connect-registration"},
    {"OIDCM", "oauth-v2-multiple-response-types"},
    {"OIDCFP", "oauth-v2-form-post-response-mode"},
    {"OIDCRL", "openid-connect-rpinitiated"},
    {"OIDCFC", "openid-connect-frontchannel"},
    {"OIDCBC", "openid-connect-backchannel"},
    {"OIDCSM", "openid-connect-session"},
}};

}  // namespace

std::string clause_url(std::string_view clause) {
  const auto dash = clause.find('-');
  const auto document = clause.substr(0, dash);
  const auto section = dash == std::string_view::npos ? "" : std::string(clause.substr(dash + 1));
  const bool appendix = !section.empty() && (section[0] < '0' || section[0] > '9');
  const std::string kind = appendix ? "#appendix-" : "#section-";
  const std::string anchor = section.empty() ? "" : kind + section;
  if (document.starts_with("RFC")) {
    return "https://www.rfc-editor.org/rfc/rfc" + std::string(document.substr(3)) + anchor;
  }
  if (document == "OAUTH21") {
    return "https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1" + anchor;
  }
  for (const auto& [name, file] : kOpenIdDocuments) {
    if (document == name) return "https://openid.net/specs/" + std::string(file) + "-1_0.html";
  }
  return {};
}

}  // namespace claviger
