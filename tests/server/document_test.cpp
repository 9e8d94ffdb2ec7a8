// What lies behind an address that a client named: bounded before it is read, 200 alone for an
// answer, and an internal address told apart in the log (CA-18, DC-10, CM-04, CM-05).
#include "endpoints/document.hpp"
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

class Document : public testing::Test {
 protected:
  Document() {
    site.fetch = [this](outbound::Request request) -> endpoints::Fetched {
      asked = std::move(request);
      co_return answer;
    };
    site.reopen();
  }
  std::expected<outbound::Response, std::string> fetch() {
    const endpoints::DocumentOrder order{"https://app.example/keys", "application/json", 10, "app"};
    return run_task(endpoints::fetch_document(site.node().deps(), order));
  }
  std::string last_event() const { return site.log.entries().back().event; }

  std::expected<outbound::Response, outbound::FetchError> answer =
      outbound::Response{200, {}, "0123456789"};
  outbound::Request asked;
  Site site;
};

TEST_F(Document, CM_05_the_bound_is_handed_to_whoever_reads) {
  ASSERT_TRUE(fetch().has_value());
  EXPECT_EQ(asked.url, "https://app.example/keys");
  EXPECT_EQ(asked.max_bytes, 10u);
  EXPECT_EQ(asked.headers.at(0).second, "application/json");
}

TEST_F(Document, CM_05_what_is_larger_is_no_document) {
  answer->body += "x";
  EXPECT_EQ(fetch().error(), "too_large");
}

TEST_F(Document, CM_04_only_200_is_an_answer) {
  for (const int status : {201, 204, 302, 404, 500}) {
    answer->status = status;
    EXPECT_EQ(fetch().error(), "status " + std::to_string(status));
    EXPECT_EQ(last_event(), "document.unavailable");
  }
}

TEST_F(Document, CA_18_DC_10_an_internal_address_is_told_apart) {
  answer = std::unexpected(outbound::FetchError::address_refused);
  EXPECT_EQ(fetch().error(), "address_refused");
  EXPECT_EQ(last_event(), "ssrf.blocked");
  answer = std::unexpected(outbound::FetchError::timed_out);
  EXPECT_FALSE(fetch().has_value());
  EXPECT_EQ(last_event(), "document.unavailable");
}

}  // namespace
}  // namespace claviger::test
