#include "store/postgres/session.hpp"

#include <fmt/format.h>

namespace claviger::store::postgres {

Session::Session(const std::string& url) {
  const ConnectionSettings settings(url);
  conn_.reset(PQconnectdbParams(settings.names(), settings.values(), 1));
  if (PQstatus(conn_.get()) != CONNECTION_OK) throw Unavailable(complaint());
  PQsetNoticeProcessor(conn_.get(), [](void*, const char*) {}, nullptr);
}

void Session::judge() {
  const auto sentence = judge_server(row(fmt::format("SELECT {}", kServerColumns)));
  if (!sentence.empty()) throw std::runtime_error("PostgreSQL: " + sentence);
}

Result Session::run(const std::string& script) {
  Result result(PQexec(conn_.get(), script.c_str()));
  if (!result || refusal_of(*result)) throw Unavailable(complaint());
  return result;
}

std::optional<std::int64_t> Session::number(const char* query) {
  const auto result = run(query);
  if (PQntuples(result.get()) != 1 || PQgetisnull(result.get(), 0, 0) == 1) return {};
  return std::stoll(PQgetvalue(result.get(), 0, 0));
}

std::vector<std::string> Session::row(const std::string& query) {
  const auto result = run(query);
  std::vector<std::string> columns;
  for (int i = 0; i < PQnfields(result.get()); ++i) {
    columns.emplace_back(PQgetvalue(result.get(), 0, i));
  }
  return columns;
}

std::string Session::complaint() const {
  std::string text = PQerrorMessage(conn_.get());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return "PostgreSQL: " + text;
}

}  // namespace claviger::store::postgres
