#include "app/exposition.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>

#include "admin/version.hpp"
#include "app/process_figures.hpp"
#include "app/spdlog_log.hpp"

namespace claviger::app {

namespace {

constexpr std::chrono::seconds kCountAgainAfter{60};

// What the figures are taken from.
struct Sources {
  const Metrics& metrics;
  const endpoints::Deps& deps;
  const ProcessFigures process;
  Time now;
  Time started;
  std::optional<std::int64_t> sessions;
};

using Labels = std::vector<prometheus::ClientMetric::Label>;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }
double seconds(Time time) { return seconds(time.time_since_epoch()); }

// One metric while it is written down.
class Family {
 public:
  explicit Family(const MetricDescription& described) {
    made_.name = described.name;
    made_.help = described.help;
    made_.type = described.type == "counter"     ? prometheus::MetricType::Counter
                 : described.type == "histogram" ? prometheus::MetricType::Histogram
                                                 : prometheus::MetricType::Gauge;
  }

  void add(double value, Labels labels = {}) {
    auto& metric = made_.metric.emplace_back();
    metric.label = std::move(labels);
    metric.counter.value = metric.gauge.value = value;
  }
  void add(const Counter& counter, Labels labels = {}) {
    add(static_cast<double>(counter.value()), std::move(labels));
  }
  void add(const Gauge& gauge) { add(static_cast<double>(gauge.value())); }
  // A label's value that nothing was counted of would only be noise.
  void add_if_any(const Counter& counter, Labels labels) {
    if (counter.value() > 0) add(counter, std::move(labels));
  }
  void add(const Histogram& histogram, Labels labels = {}) {
    auto& metric = made_.metric.emplace_back();
    metric.label = std::move(labels);
    auto& made = metric.histogram;
    for (const double bound : histogram.bounds()) {
      made.sample_count += histogram.count(made.bucket.size());
      made.bucket.push_back({made.sample_count, bound});
    }
    made.sample_count += histogram.count(histogram.bounds().size());
    made.bucket.push_back({made.sample_count, std::numeric_limits<double>::infinity()});
    made.sample_sum = histogram.sum();
  }
  prometheus::MetricFamily take() { return std::move(made_); }

 private:
  prometheus::MetricFamily made_;
};

void each_route(const Metrics& metrics, const auto& look) {
  look(metrics.http.unmatched);
  for (const auto& route : metrics.http.routes()) look(route);
}

void requests(const Sources& from, Family& into) {
  each_route(from.metrics, [&](const http::RouteMetrics& route) {
    for (std::size_t method = 0; method < http::kMethods; ++method) {
      for (std::size_t place = 0; place < http::kStatuses.size(); ++place) {
        const auto status = http::kStatuses[place];
        const auto word = http::to_string(static_cast<http::Method>(method));
        into.add_if_any(route.requests(method, place),
                        {{"route", route.name()},
                         {"method", std::string(word)},
                         {"code", status == 0 ? "other" : std::to_string(status)}});
      }
    }
  });
}

void request_seconds(const Sources& from, Family& into) {
  each_route(from.metrics, [&](const http::RouteMetrics& route) {
    if (route.is_used()) into.add(route.seconds(), {{"route", route.name()}});
  });
}

void oauth_errors(const Sources& from, Family& into) {
  each_route(from.metrics, [&](const http::RouteMetrics& route) {
    for (std::size_t code = 0; code < http::kErrorCodes; ++code) {
      const auto word = to_string(static_cast<ErrorCode>(code));
      into.add_if_any(route.errors(code),
                      {{"endpoint", route.name()}, {"error", std::string(word)}});
    }
  });
}

// "urn:ietf:params:oauth:grant-type:device_code" is "device_code".
std::string short_name(GrantType type) {
  const auto text = to_string(type);
  return std::string(text.substr(text.rfind(':') + 1));
}

void tokens(const Sources& from, Family& into) {
  for (const auto grant : kAllGrantTypes) {
    const auto& counted = from.metrics.endpoints.tokens[static_cast<std::size_t>(grant)];
    for (std::size_t kind = 0; kind < counted.size(); ++kind) {
      into.add(counted[kind],
               {{"grant", short_name(grant)}, {"token", endpoints::kTokenKinds[kind]}});
    }
  }
}

void logins(const Sources& from, Family& into) {
  const auto& counted = from.metrics.endpoints.logins;
  for (std::size_t result = 0; result < counted.size(); ++result) {
    into.add(counted[result],
             {{"method", "password"}, {"result", endpoints::kLoginResults[result]}});
  }
}

void key_ages(const Sources& from, Family& into) {
  const auto ring = from.deps.keys.current();
  if (!ring) return;
  for (const auto& each : ring->signing_keys()) {
    const bool signs =
        each.retires_at == Time{} && ring->signing_key(each.key.alg(), from.now) == &each.key;
    if (signs) into.add(seconds(from.now - each.active_from), {{"kid", each.key.kid()}});
  }
}

void last_success(const Sources& from, Family& into) {
  for (const auto& chore : from.deps.readiness->chores()) {
    if (chore.last_success != Time{}) into.add(seconds(chore.last_success), {{"job", chore.name}});
  }
}

void failing_jobs(const Sources& from, Family& into) {
  for (const auto& chore : from.deps.readiness->chores()) {
    into.add(chore.cause.empty() ? 0 : 1, {{"job", chore.name}});
  }
}

void own_jobs(const Sources& from, Family& into) {
  for (const auto& chore : from.deps.readiness->chores()) {
    into.add(chore.is_ours ? 1 : 0, {{"job", chore.name}});
  }
}

void query_seconds(const Sources& from, Family& into) {
  into.add(from.metrics.store.read_seconds, {{"op", "read"}});
  into.add(from.metrics.store.commit_seconds, {{"op", "commit"}});
}

void active_sessions(const Sources& from, Family& into) {
  if (from.sessions) into.add(static_cast<double>(*from.sessions));
}

void build_info(const Sources&, Family& into) { into.add(1, {{"version", std::string(kVersion)}}); }

struct Row {
  MetricDescription described;
  void (*write)(const Sources& from, Family& into);
};

// One figure without labels.
#define FIGURE(expression) [](const Sources& from, Family& into) { into.add(expression); }

constexpr std::array kRows{
    Row{{"claviger_http_requests_total", "counter", "route, method, code",
         "Requests by the path of the site map, method and status. Route (none): no such path, or "
         "nothing that could be read."},
        requests},
    Row{{"claviger_http_request_duration_seconds", "histogram", "route",
         "From the end of the request's head to its answer."},
        request_seconds},
    Row{{"claviger_http_connections", "gauge", "", "Open connections."},
        FIGURE(from.metrics.http.connections)},
    Row{{"claviger_http_connections_accepted_total", "counter", "", "Connections taken in."},
        FIGURE(from.metrics.http.connections_accepted)},
    Row{{"claviger_http_connections_turned_away_total", "counter", "",
         "Connections answered 503 unread, because there were too many."},
        FIGURE(from.metrics.http.connections_turned_away)},
    Row{{"claviger_http_connections_evicted_total", "counter", "",
         "Idle connections closed to make room for others."},
        FIGURE(from.metrics.http.connections_evicted)},
    Row{{"claviger_http_accept_failures_total", "counter", "",
         "Times that no connection could be taken in, for want of descriptors say."},
        FIGURE(from.metrics.http.accept_failures)},
    Row{{"claviger_http_handlers_abandoned_total", "counter", "",
         "Requests answered 503 because their work took too long."},
        FIGURE(from.metrics.http.handlers_abandoned)},
    Row{{"claviger_http_requests_shed_total", "counter", "",
         "Requests answered 503 without work, because they had waited for too long when they were "
         "read."},
        FIGURE(from.metrics.http.requests_shed)},
    Row{{"claviger_http_requests_crowded_out_total", "counter", "",
         "Requests answered 503 because too many of their class were being answered."},
        FIGURE(from.metrics.http.requests_crowded_out)},
    Row{{"claviger_oauth_errors_total", "counter", "endpoint, error",
         "Refusals by the path of the site map and the error that was told."},
        oauth_errors},
    Row{{"claviger_tokens_issued_total", "counter", "grant, token",
         "Tokens by what they were issued for. Grant implicit: at the authorization endpoint."},
        tokens},
    Row{{"claviger_refresh_reuse_detected_total", "counter", "",
         "Refresh tokens that came again long after they were replaced; each ended its grant."},
        FIGURE(from.metrics.endpoints.refresh_reuse)},
    Row{{"claviger_logins_total", "counter", "method, result",
         "Sign-ins. Throttled: not even tried; busy: the hashing queue was full."},
        logins},
    Row{{"claviger_password_hash_seconds", "histogram", "",
         "What one password hash takes on its thread."},
        FIGURE(from.metrics.endpoints.hash_seconds)},
    Row{{"claviger_password_hashes_waiting", "gauge", "", "Passwords that wait to be hashed."},
        FIGURE(from.metrics.endpoints.hashes_waiting)},
    Row{{"claviger_active_sessions", "gauge", "",
         "People who are signed in, by all nodes of the database; counted once a minute."},
        active_sessions},
    Row{{"claviger_db_query_seconds", "histogram", "op",
         "One read, or one transaction with all the writes that it holds."},
        query_seconds},
    Row{{"claviger_db_commit_operations", "histogram", "", "Writes that shared one transaction."},
        FIGURE(from.metrics.store.batch_size)},
    Row{{"claviger_db_writes_waiting", "gauge", "", "Writes that wait for the next transaction."},
        FIGURE(from.metrics.store.writes_waiting)},
    Row{{"claviger_db_writes_shed_total", "counter", "",
         "Requests to the database refused because too many waited."},
        FIGURE(from.metrics.store.writes_shed)},
    Row{{"claviger_db_pool_in_use", "gauge", "",
         "PostgreSQL: connections that read at the moment."},
        FIGURE(from.metrics.store.connections_in_use)},
    Row{{"claviger_db_failures_total", "counter", "",
         "Reads and writes that the database could not serve."},
        FIGURE(from.metrics.store.failures)},
    Row{{"claviger_db_writable", "gauge", "", "0 while nothing can be written, otherwise 1."},
        FIGURE(from.deps.store.driver().writable() ? 1.0 : 0.0)},
    Row{{"claviger_signing_key_age_seconds", "gauge", "kid",
         "For how long the keys that sign at the moment have done so."},
        key_ages},
    Row{{"claviger_jobs_last_success_timestamp_seconds", "gauge", "job",
         "When a job in the background last came to its end."},
        last_success},
    Row{{"claviger_jobs_failing", "gauge", "job",
         "1 when the job's last round on this node failed, otherwise 0."},
        failing_jobs},
    Row{{"claviger_jobs_held", "gauge", "job", "1 when this node does the job at the moment."},
        own_jobs},
    Row{{"claviger_nodes", "gauge", "", "Nodes that live and share the database, this one too."},
        FIGURE(static_cast<double>(from.deps.readiness->live_nodes))},
    Row{{"claviger_clock_offset_seconds", "gauge", "",
         "This node's clock minus the database's; 0 where the database has none of its own."},
        FIGURE(seconds(Duration(from.deps.readiness->clock_offset)))},
    Row{{"claviger_clock_spread_seconds", "gauge", "",
         "The greatest difference between the clocks of two nodes."},
        FIGURE(seconds(Duration(from.deps.readiness->clock_spread)))},
    Row{{"claviger_clock_jump_seconds", "gauge", "",
         "By how much the clock was set; while it is not 0, nothing is removed for its age."},
        FIGURE(seconds(Duration(from.deps.readiness->clock_jump)))},
    Row{{"claviger_draining", "gauge", "", "1 while the server is on its way out."},
        FIGURE(from.deps.readiness->draining ? 1.0 : 0.0)},
    Row{{"claviger_log_lines_dropped_total", "counter", "",
         "Lines that the log could not take because nobody read it."},
        FIGURE(static_cast<double>(dropped_lines(from.deps.log)))},
    Row{{"claviger_build_info", "gauge", "version", "Always 1."}, build_info},
    Row{{"process_cpu_seconds_total", "counter", "", "Processor time, user and system."},
        FIGURE(from.process.cpu_seconds)},
    Row{{"process_resident_memory_bytes", "gauge", "", "Memory in use."},
        FIGURE(from.process.resident_bytes)},
    Row{{"process_virtual_memory_bytes", "gauge", "", "Address space in use."},
        FIGURE(from.process.virtual_bytes)},
    Row{{"process_threads", "gauge", "", "Threads."}, FIGURE(from.process.threads)},
    Row{{"process_open_fds", "gauge", "", "Open file descriptors."},
        FIGURE(from.process.open_files)},
    Row{{"process_max_fds", "gauge", "", "How many there may be."},
        FIGURE(from.process.most_open_files)},
    Row{{"process_start_time_seconds", "gauge", "", "When the server started."},
        FIGURE(seconds(from.started))},
};
#undef FIGURE

}  // namespace

std::span<const MetricDescription> all_metrics() {
  static constexpr auto kAll = [] {
    std::array<MetricDescription, kRows.size()> all;
    for (std::size_t i = 0; i < kRows.size(); ++i) all[i] = kRows[i].described;
    return all;
  }();
  return kAll;
}

Exposition::Exposition(const Metrics& metrics, const endpoints::Deps& deps)
    : metrics_(metrics), deps_(deps), started_(deps.clock.now()) {}

Task<void> Exposition::count_sessions() {
  const Time now = deps_.clock.now();
  if (sessions_counted_ && now - *sessions_counted_ < kCountAgainAfter) co_return;
  try {
    sessions_ = co_await deps_.store.sessions.count_live(now);
    sessions_counted_ = now;
  } catch (const store::Unavailable&) {
    sessions_.reset();  // the rest is worth all the more now
  }
}

Task<std::string> Exposition::render() {
  co_await count_sessions();
  const Sources from{metrics_, deps_, look_at_process(), deps_.clock.now(), started_, sessions_};
  std::vector<prometheus::MetricFamily> families;
  for (const auto& row : kRows) {
    Family family(row.described);
    row.write(from, family);
    families.push_back(family.take());
  }
  co_return prometheus::TextSerializer().Serialize(families);
}

}  // namespace claviger::app
