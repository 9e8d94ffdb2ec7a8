// GET /metrics: what is counted, under which names, and what may never stand there.
#include <fstream>
#include <set>

#include "tests/support/browser.hpp"
#include "tests/support/exposition_reader.hpp"

namespace claviger::test {
namespace {

class Metrics : public testing::Test {
 protected:
  http::Response ask(std::string path) {
    http::Request request;
    request.target = request.path = std::move(path);
    request.peer = request.client_ip = "127.0.0.1";
    request.peer_is_loopback = true;
    return run_task(site.node().metrics_router().serve(std::move(request)));
  }
  std::string text() { return ask("/metrics").body; }
  ExpositionReader scrape() { return ExpositionReader(text()); }
  double count(std::string_view name, const std::map<std::string, std::string>& labels = {}) {
    return scrape().find(name, labels).value_or(0);
  }

  Site site;
};

// "claviger_x_bucket" belongs to the histogram "claviger_x".
std::string family_of(const ExpositionReader& read, const std::string& name) {
  for (const std::string_view suffix : {"_bucket", "_sum", "_count"}) {
    if (!name.ends_with(suffix)) continue;
    const auto family = name.substr(0, name.size() - suffix.size());
    const auto found = read.types.find(family);
    if (found != read.types.end() && found->second == "histogram") return family;
  }
  return name;
}

std::set<std::string> words(std::string_view list) {
  std::set<std::string> all;
  std::string word;
  for (const char c : list) {
    if (c != ',' && c != ' ') {
      word += c;
    } else if (!word.empty()) {
      all.insert(std::exchange(word, ""));
    }
  }
  if (!word.empty()) all.insert(word);
  return all;
}

TEST_F(Metrics, IsWhatPrometheusReads) {
  site.register_demo();
  fresh_tokens(site);
  const auto response = ask("/metrics");
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  const ExpositionReader read(response.body);
  EXPECT_TRUE(read.complaints.empty()) << read.complaints.front();
  EXPECT_GT(read.samples.size(), 100u);
  for (const auto& sample : read.samples) {
    EXPECT_TRUE(read.types.contains(family_of(read, sample.name))) << sample.name;
  }
}

TEST_F(Metrics, NamesTypesAndLabelsAreTheDescribedOnes) {
  site.register_demo();
  fresh_tokens(site);
  site.post("/token", Form{});
  const auto read = scrape();
  std::map<std::string, std::set<std::string>> labels;
  for (const auto& each : app::all_metrics()) {
    const std::string name(each.name);
    EXPECT_EQ(read.types.at(name), each.type);
    EXPECT_EQ(read.helps.at(name), each.help);
    // What is counted ends so, and nothing else does.
    EXPECT_EQ(name.ends_with("_total"), each.type == "counter") << name;
    labels[name] = words(each.labels);
  }
  EXPECT_EQ(read.types.size(), app::all_metrics().size());
  for (const auto& sample : read.samples) {
    std::set<std::string> names;
    for (const auto& [name, value] : sample.labels) names.insert(name);
    if (sample.name.ends_with("_bucket")) names.erase("le");
    EXPECT_EQ(names, labels.at(family_of(read, sample.name))) << sample.name;
  }
}

TEST_F(Metrics, BucketsAddUp) {
  for (int i = 0; i < 7; ++i) {
    auto request = Site::make_get("/jwks");
    request.arrived = site.clock.now() - std::chrono::milliseconds(1 << (2 * i));
    site.send(std::move(request));
  }
  const auto read = scrape();
  const std::map<std::string, std::string> jwks{{"route", "/jwks"}};
  double last = 0;
  int above = 0;
  for (const auto& sample : read.samples) {
    if (sample.name != "claviger_http_request_duration_seconds_bucket") continue;
    if (sample.labels.at("route") != "/jwks") continue;
    EXPECT_GE(sample.value, last);
    above += sample.value > last ? 1 : 0;
    last = sample.value;
  }
  EXPECT_EQ(last, 7);  // that of +Inf
  EXPECT_GE(above, 5);
  EXPECT_EQ(read.find("claviger_http_request_duration_seconds_count", jwks), 7);
  EXPECT_NEAR(*read.find("claviger_http_request_duration_seconds_sum", jwks), 5.461, 0.001);
}

TEST_F(Metrics, CountsAWholeSignIn) {
  site.register_demo();
  const auto tokens = fresh_tokens(site);
  EXPECT_EQ(count("claviger_logins_total", {{"method", "password"}, {"result", "success"}}), 1);
  const std::map<std::string, std::string> by_code{{"grant", "authorization_code"}};
  EXPECT_EQ(count("claviger_tokens_issued_total", by_code), 2);  // no ID token: openid not asked
  site.clock.advance(std::chrono::seconds(1));
  ASSERT_EQ(site.post("/token", refresh_form(tokens.refresh)).status, 200u);
  EXPECT_EQ(count("claviger_tokens_issued_total",
                  {{"grant", "refresh_token"}, {"token", "access_token"}}),
            1);
  EXPECT_EQ(count("claviger_tokens_issued_total", by_code), 2);
  EXPECT_EQ(count("claviger_http_requests_total",
                  {{"route", "/token"}, {"method", "POST"}, {"code", "200"}}),
            2);
  EXPECT_EQ(count("claviger_active_sessions"), 1);
  EXPECT_GE(count("claviger_password_hash_seconds_count"), 2);  // registered, and signed in
  EXPECT_EQ(count("claviger_password_hashes_waiting"), 0);
}

TEST_F(Metrics, CountsRefusals) {
  site.register_demo();
  site.post("/token", code_form("nonsense"));
  EXPECT_EQ(
      count("claviger_oauth_errors_total", {{"endpoint", "/token"}, {"error", "invalid_grant"}}),
      1);
  Browser browser(site);
  const auto to = location_of(browser.get(authorize_url(authorize_request())));
  browser.post("/login", login_form(parameter(to, "txn"), "wrong-password"));
  EXPECT_EQ(count("claviger_logins_total", {{"result", "failure"}}), 1);
  EXPECT_EQ(count("claviger_logins_total", {{"result", "success"}}), 0);
}

TEST_F(Metrics, CountsAStolenRefreshToken) {
  site.register_demo();
  const auto first = fresh_tokens(site);
  auto live = first.refresh;
  for (int i = 0; i < 2; ++i) {
    site.clock.advance(std::chrono::seconds(20));
    live = tokens_of(site.post("/token", refresh_form(live))).refresh;
  }
  EXPECT_EQ(count("claviger_refresh_reuse_detected_total"), 0);
  EXPECT_EQ(site.post("/token", refresh_form(first.refresh)).status, 400u);
  EXPECT_EQ(count("claviger_refresh_reuse_detected_total"), 1);
}

// Whoever may choose a label's value may fill the memory of whoever keeps the series.
TEST_F(Metrics, AStrangerMakesNoSeries) {
  site.get("/");
  site.get("/no/such/path");
  auto request = Site::make_get("/jwks");
  request.method = http::Method::other;
  request.method_text = "BREW";
  site.send(std::move(request));
  const auto before = scrape().samples.size();
  for (int i = 0; i < 50; ++i) {
    site.get("/no/such/path" + std::to_string(i));
    auto odd = Site::make_get("/jwks");
    odd.method = http::Method::other;
    odd.method_text = "BREW" + std::to_string(i);
    site.send(std::move(odd));
  }
  EXPECT_EQ(scrape().samples.size(), before);
  EXPECT_EQ(count("claviger_http_requests_total", {{"route", "(none)"}, {"code", "404"}}), 51);
  EXPECT_EQ(count("claviger_http_requests_total", {{"route", "/jwks"}, {"code", "405"}}), 51);
}

TEST_F(Metrics, TellsNoSecretAndNoName) {
  site.register_demo();
  Browser browser(site);
  const auto url = sign_in(browser, with(authorize_request(), "scope", "openid email"));
  const auto code = parameter(url, "code");
  const auto response = site.post("/token", code_form(code));
  const auto tokens = tokens_of(response);
  ASSERT_FALSE(tokens.access.empty());
  site.api(tokens.access);
  const auto all = text();
  ASSERT_NE(all.find("id_token"), std::string::npos);
  for (const auto& text : {code, tokens.access, tokens.refresh, text_of(response, "id_token"),
                           std::string("demo-client"), std::string(kPassword), std::string("\"ada"),
                           std::string("Lovelace"), browser.cookies.at("claviger_2003")}) {
    EXPECT_EQ(all.find(text), std::string::npos) << text.substr(0, 12);
  }
}

// A database that is away takes nothing else with it.
TEST_F(Metrics, AreThereWithoutTheDatabase) {
  site.store_fails_in = 0;
  const auto read = scrape();
  EXPECT_TRUE(read.complaints.empty());
  EXPECT_FALSE(read.find("claviger_active_sessions"));
  EXPECT_EQ(read.find("claviger_build_info"), 1);
}

TEST_F(Metrics, SayHowTheNodeStands) {
  auto& readiness = *site.node().deps().readiness;
  readiness.went_well("sweep", site.clock.now());
  readiness.failed("keys", site.clock.now(), "no connection");
  readiness.clock_offset = 1'500'000;
  const auto read = scrape();
  EXPECT_EQ(read.find("claviger_jobs_last_success_timestamp_seconds", {{"job", "sweep"}}),
            static_cast<double>(to_micros(site.clock.now())) / 1e6);
  EXPECT_EQ(read.find("claviger_jobs_failing", {{"job", "keys"}}), 1);
  EXPECT_EQ(read.find("claviger_jobs_failing", {{"job", "sweep"}}), 0);
  EXPECT_EQ(read.find("claviger_clock_offset_seconds"), 1.5);
  EXPECT_EQ(read.find("claviger_draining"), 0);
  EXPECT_GT(read.find("process_resident_memory_bytes").value_or(0), 1e6);
}

TEST_F(Metrics, KnowHowOldTheSigningKeysAre) {
  const auto before = scrape();
  site.clock.advance(std::chrono::hours(5));
  const auto after = scrape();
  int keys = 0;
  for (const auto& sample : after.samples) {
    if (sample.name != "claviger_signing_key_age_seconds") continue;
    ++keys;
    EXPECT_EQ(sample.value - before.find(sample.name, sample.labels).value_or(0), 5 * 3600);
  }
  EXPECT_EQ(keys, 2);  // ES256 and RS256
}

// What isn't in a router can't be reached through it.
TEST_F(Metrics, HaveARouterOfTheirOwn) {
  EXPECT_EQ(site.get("/metrics").status, 404u);
  EXPECT_EQ(site.get("/startupz").status, 404u);
  for (const char* path : {"/", "/jwks", "/authorize", "/v1/status", "/explain"}) {
    EXPECT_EQ(ask(path).status, 404u) << path;
  }
  for (const char* path : {"/livez", "/readyz", "/startupz", "/healthz", "/health"}) {
    EXPECT_EQ(ask(path).status, 200u) << path;
  }
}

// A page that is read when something is wrong must be right.
TEST_F(Metrics, AreAllOnThePageAboutThem) {
  std::ifstream file(CLAVIGER_SOURCE_DIR "/docs/how-to/monitor.md");
  const std::string page((std::istreambuf_iterator<char>(file)), {});
  std::size_t rows = 0;
  for (const std::string_view begin : {"\n| `claviger_", "\n| `process_"}) {
    for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at + 1)) ++rows;
  }
  EXPECT_EQ(rows, app::all_metrics().size()) << "the page has other rows";
  for (const auto& each : app::all_metrics()) {
    const auto row = fmt::format("\n| `{}` | {} | {} | {} |\n", each.name, each.type,
                                 each.labels.empty() ? "" : each.labels, each.help);
    EXPECT_NE(page.find(row), std::string::npos) << "should have the row" << row;
  }
}

// What is written about a metric that isn't there any more never fires.
TEST_F(Metrics, AreTheOnlyOnesThatAreWrittenAbout) {
  const auto known = scrape();
  for (const char* name : {"/docs/how-to/monitor.md", "/config/grafana-dashboard.json"}) {
    std::ifstream file(std::string(CLAVIGER_SOURCE_DIR) + name);
    const std::string page((std::istreambuf_iterator<char>(file)), {});
    ASSERT_FALSE(page.empty()) << name;
    std::size_t found = 0;
    for (const std::string_view begin : {"claviger_", "process_"}) {
      for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at + 1)) {
        const auto end = page.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at);
        const auto word = page.substr(at, end - at);
        EXPECT_TRUE(known.types.contains(family_of(known, word))) << name << ": " << word;
        ++found;
      }
    }
    EXPECT_GT(found, 20u) << name;
  }
}

}  // namespace
}  // namespace claviger::test
