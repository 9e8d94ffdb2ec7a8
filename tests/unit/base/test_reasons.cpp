// What every refusal of every room has to be, and docs/reference/reasons.md, which is written from
// the same rows.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "base/reasons/access_token.hpp"
#include "base/reasons/admin.hpp"
#include "base/reasons/assertion.hpp"
#include "base/reasons/authorize.hpp"
#include "base/reasons/bearer.hpp"
#include "base/reasons/claims_request.hpp"
#include "base/reasons/client_authentication.hpp"
#include "base/reasons/client_metadata.hpp"
#include "base/reasons/code.hpp"
#include "base/reasons/device.hpp"
#include "base/reasons/endpoints.hpp"
#include "base/reasons/exchange.hpp"
#include "base/reasons/gate.hpp"
#include "base/reasons/http.hpp"
#include "base/reasons/id_token.hpp"
#include "base/reasons/login.hpp"
#include "base/reasons/logout.hpp"
#include "base/reasons/next_step.hpp"
#include "base/reasons/redirect_uri.hpp"
#include "base/reasons/refresh_token.hpp"
#include "base/reasons/registration.hpp"
#include "base/reasons/registration_access.hpp"
#include "base/reasons/request_object.hpp"
#include "base/reasons/resource.hpp"
#include "base/reasons/scope.hpp"
#include "base/reasons/signup.hpp"
#include "base/reasons/token.hpp"
#include "base/reasons/user_claims.hpp"

namespace claviger {
namespace {

constexpr const char* kPage = CLAVIGER_SOURCE_DIR "/docs/reference/reasons.md";
constexpr const char* kHeaders = CLAVIGER_SOURCE_DIR "/src/base/reasons";

struct Room {
  std::string_view title;
  std::vector<const Reason*> rows;
};

std::vector<Room> rooms() {
  const auto room = [](std::string_view title, const auto& rows) {
    return Room{title, {rows.begin(), rows.end()}};
  };
  return {
      room("The HTTP layer", reason::kAllHttp),
      room("Pages, forms and the protected call", reason::kAllEndpointReasons),
      room("The authorization request", reason::kAllAuthorize),
      room("What a request waits for", reason::kAllNextStep),
      room("Request objects", reason::kAllRequestObject),
      room("Redirect URIs", reason::kAllRedirectUri),
      room("Scope", reason::kAllScope),
      room("Resource indicators", reason::kAllResource),
      room("The claims parameter", reason::kAllClaimsRequest),
      room("Signing in", reason::kAllLogin),
      room("Signing up", reason::kAllSignUp),
      room("Signing out", reason::kAllLogout),
      room("The token request", reason::kAllToken),
      room("Client authentication", reason::kAllClientAuthentication),
      room("Authorization codes", reason::kAllCode),
      room("Refresh tokens", reason::kAllRefreshToken),
      room("A client's own tokens, and devices", reason::kAllDevice),
      room("Token exchange", reason::kAllExchange),
      room("Assertions about a person", reason::kAllAssertion),
      room("What ended since the grant was made", reason::kAllGate),
      room("Access tokens", reason::kAllAccessToken),
      room("Presenting, introspecting and giving back tokens", reason::kAllBearer),
      room("ID tokens and hints", reason::kAllIdToken),
      room("Registration", reason::kAllRegistration),
      room("What a client registers", reason::kAllClientMetadata),
      room("Who may register and manage clients", reason::kAllRegistrationAccess),
      room("What is said about a person", reason::kAllUserClaims),
      room("Administration", reason::kAllAdmin),
  };
}

std::vector<const Reason*> all_reasons() {
  std::vector<const Reason*> all;
  for (const auto& room : rooms()) all.insert(all.end(), room.rows.begin(), room.rows.end());
  return all;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t times_in(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
  return found;
}

// What Markdown would read as more than text in the cell of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '[' || c == ']' || c == '<') out += '\\';
    out += c;
  }
  return out;
}

std::string page() {
  std::string out =
      "# Why something was refused\n\n"
      "Every refusal has a reason. Its id never changes; it stands in the log beside the request "
      "id, and\n`claviger explain REQUEST_ID` tells it with what was expected and what came. "
      "*Error* is the word that goes\non the wire where an answer has one, *what it says* the "
      "`error_description`. Several reasons share one text\nwhere the difference would help an "
      "attacker; *how to mend it* is for whoever may read the log.\n\n"
      "This page is written from `src/base/reasons/`, by `CLAVIGER_WRITE_DOCS=1 "
      "build/release/tests/test_base`.\n";
  for (const auto& room : rooms()) {
    out += "\n## " + std::string(room.title) + "\n\n";
    out += "| reason | error | clause | what it says | how to mend it |\n|---|---|---|---|---|\n";
    for (const auto* row : room.rows) {
      out += "| `" + std::string(row->id) + "` | `" + std::string(to_string(row->code)) + "` | [" +
             std::string(row->clause) + "](" + clause_url(row->clause) + ") | " +
             cell(row->description) + " | " + cell(row->mend) + " |\n";
    }
  }
  return out;
}

// A row that is in no array would be in no test and on no page.
TEST(Reasons, every_row_of_the_headers_is_in_its_array) {
  std::size_t declared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kHeaders)) {
    declared += times_in(read_file(entry.path()), "inline constexpr Reason ");
  }
  EXPECT_EQ(all_reasons().size(), declared);
}

TEST(Reasons, ids_are_unique_over_all_rooms) {
  std::set<std::string_view> ids;
  for (const auto* row : all_reasons()) EXPECT_TRUE(ids.insert(row->id).second) << row->id;
}

TEST(Reasons, ids_have_a_subject_and_a_fact) {
  for (const auto* row : all_reasons()) {
    const auto dot = row->id.find('.');
    EXPECT_EQ(times_in(row->id, "."), 1u) << row->id;
    EXPECT_TRUE(dot > 0 && dot < row->id.size() - 1) << row->id;
    const auto odd = row->id.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.");
    EXPECT_EQ(odd, std::string_view::npos) << row->id;
  }
}

// RFC6749-5.2, RFC6749-4.1.2.1: the characters that error_description may have.
TEST(Reasons, descriptions_may_go_on_the_wire) {
  const auto may_stand = [](char c) {
    return c == 0x20 || c == 0x21 || (c >= 0x23 && c <= 0x5b) || (c >= 0x5d && c <= 0x7e);
  };
  for (const auto* row : all_reasons()) {
    EXPECT_FALSE(row->description.empty()) << row->id;
    for (const char c : row->description) EXPECT_TRUE(may_stand(c)) << row->id << ": " << c;
  }
}

TEST(Reasons, say_how_to_mend) {
  for (const auto* row : all_reasons()) EXPECT_FALSE(row->mend.empty()) << row->id;
}

// A document that we know, and a section: digits between dots, or a letter before them.
TEST(Reasons, clauses_have_the_known_form_and_can_be_read) {
  const std::regex form(
      R"((RFC\d{4}|OIDC(?:C|D|DR|M|FP|RL|FC|BC|SM)|OAUTH21)-(\d+|[A-Z])(\.\d+)*)");
  for (const auto* row : all_reasons()) {
    EXPECT_TRUE(std::regex_match(std::string(row->clause), form)) << row->id;
    EXPECT_TRUE(clause_url(row->clause).starts_with("https://")) << row->id << " " << row->clause;
  }
}

TEST(Reasons, clause_url_leads_to_the_section) {
  EXPECT_EQ(clause_url("RFC7636-4.6"), "https://www.rfc-editor.org/rfc/rfc7636#section-4.6");
  EXPECT_EQ(clause_url("RFC6749-A.1"), "https://www.rfc-editor.org/rfc/rfc6749#appendix-A.1");
  EXPECT_EQ(clause_url("OIDCDR-2"),
            "https://openid.net/specs/openid-connect-registration-1_0.html");
  EXPECT_EQ(clause_url("OIDCRL-2"), "https://openid.net/specs/openid-connect-rpinitiated-1_0.html");
  EXPECT_EQ(clause_url("a word"), "");
}

TEST(Reasons, page_is_up_to_date) {
  const auto wanted = page();
  if (std::getenv("CLAVIGER_WRITE_DOCS") != nullptr) {
    std::ofstream(kPage, std::ios::binary) << wanted;
  }
  EXPECT_TRUE(read_file(kPage) == wanted)
      << kPage << " is stale: run this with CLAVIGER_WRITE_DOCS=1";
}

}  // namespace
}  // namespace claviger
