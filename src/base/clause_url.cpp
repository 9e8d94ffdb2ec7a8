#include "base/reason.hpp"

namespace claviger {

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
  if (document == "OIDCC") return "https://openid.net/specs/openid-connect-core-1_0.html";
  if (document == "OIDCD") return "https://openid.net/specs/openid-connect-discovery-1_0.html";
  if (document == "OIDCDR") return "https://openid.net/specs/openid-connect-registration-1_0.html";
  if (document == "OIDCRL") return "https://openid.net/specs/openid-connect-rpinitiated-1_0.html";
  if (document == "OIDCFC") return "https://openid.net/specs/openid-connect-frontchannel-1_0.html";
  if (document == "OIDCBC") return "https://openid.net/specs/openid-connect-backchannel-1_0.html";
  if (document == "OIDCSM") return "https://openid.net/specs/openid-connect-session-1_0.html";
  return {};
}

}  // namespace claviger
