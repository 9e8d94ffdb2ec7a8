#include "store/postgres/server_facts.hpp"

#include <fmt/format.h>
#include <poll.h>

#include "store/postgres/session.hpp"

namespace claviger::store::postgres {
namespace {

constexpr int kNewsMilliseconds = 2000;

// One question, at the middle of whose way there and back the server looked at its clock.
void compare_clocks(Session& session, const Clock& clock, ServerFacts& facts) {
  const char* const query = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
  session.number(query);  // the first time the server has to plan it
  const auto before = clock.now();
  const auto theirs = from_micros(session.number(query).value_or(0));
  const auto after = clock.now();
  facts.clock_precision = (after - before) / 2;
  facts.clock_ahead = theirs - (before + facts.clock_precision);
}

void count_connections(Session& session, ServerFacts& facts) {
  facts.connections =
      session.number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
          .value_or(0);
  facts.connections_for_us = session
                                 .number(
                                     "SELECT current_setting('max_connections')::bigint - "
                                     "current_setting('superuser_reserved_connections')::bigint")
                                 .value_or(0);
}

void look_at_tables(Session& session, const std::string& url, ServerFacts& facts) {
  try {
    facts.schema = look_at_schema(url);
    if (facts.schema.found == 0) return;
    facts.has_keys = session.number("SELECT 1 FROM server_keys LIMIT 1").has_value();
  } catch (const std::runtime_error& error) {
    facts.schema_fault = error.what();
  }
}

// A pooler in between may give each of them another connection to the server.
bool announces(Session& listener, const std::string& url) {
  try {
    listener.run("LISTEN claviger_doctor");
    Session(url).run("NOTIFY claviger_doctor");
    pollfd news{PQsocket(listener.handle()), POLLIN, 0};
    ::poll(&news, 1, kNewsMilliseconds);
    PQconsumeInput(listener.handle());
    const std::unique_ptr<PGnotify, decltype(&PQfreemem)> heard(PQnotifies(listener.handle()),
                                                                &PQfreemem);
    return heard != nullptr;
  } catch (const Unavailable&) {
    return false;
  }
}

}  // namespace

ServerFacts look_at_server(const std::string& url, const Clock& clock) {
  Session session(url);
  ServerFacts facts;
  facts.version = session.row("SHOW server_version").at(0);
  facts.unsuitable = judge_server(session.row(fmt::format("SELECT {}", kServerColumns)));
  const char* const protocol = PQsslAttribute(session.handle(), "protocol");
  if (PQsslInUse(session.handle()) == 1 && protocol != nullptr) facts.protocol = protocol;
  facts.this_machine = is_on_this_machine(PQhost(session.handle()));
  compare_clocks(session, clock, facts);
  count_connections(session, facts);
  look_at_tables(session, url, facts);
  facts.announces = announces(session, url);
  return facts;
}

}  // namespace claviger::store::postgres
