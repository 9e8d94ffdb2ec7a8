#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "store/postgres/link.hpp"

namespace claviger::store::postgres {
namespace {

constexpr std::int64_t kOldestServer = 150'000;
constexpr const char* kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using ParsedUrl = std::unique_ptr<PQconninfoOption, FreeOptions>;

ParsedUrl parse(const std::string& url) {
  // libpq's own message may quote the URL, and with it a password.
  ParsedUrl parsed(PQconninfoParse(url.c_str(), nullptr));
  if (!parsed) throw LinkLost("[store] url is not an address that PostgreSQL's library can read");
  return parsed;
}

std::string value_in(const ParsedUrl& url, std::string_view keyword) {
  for (const auto* option = url.get(); option->keyword != nullptr; ++option) {
    if (option->keyword == keyword && option->val != nullptr) return option->val;
  }
  return {};
}

// "a,b,c" from its second item on is "b,c,a".
std::string turned(std::string list, unsigned turn) {
  for (auto left = turn % (std::ranges::count(list, ',') + 1); left > 0; --left) {
    const auto comma = list.find(',');
    list = list.substr(comma + 1) + "," + list.substr(0, comma);
  }
  return list;
}

}  // namespace

bool is_on_this_machine(const std::string& host) {
  const auto comma = host.find(',');
  if (comma != std::string::npos) {
    return is_on_this_machine(host.substr(0, comma)) && is_on_this_machine(host.substr(comma + 1));
  }
  if (host.empty() || host.starts_with('/') || host.starts_with('@')) return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return error ? host == "localhost" : address.is_loopback();
}

std::string judge_server(const std::vector<std::string>& columns) {
  const auto& synchronous_commit = columns.at(0);
  if (synchronous_commit != "on" && synchronous_commit != "remote_apply") {
    return fmt::format(
        "synchronous_commit is {} on the server: what it acknowledges could be lost; set it to on",
        synchronous_commit);
  }
  if (columns.at(1) != "on") {
    return "fsync is off on the server: what it acknowledges could be lost; set it to on";
  }
  if (std::stoll(columns.at(2)) < kOldestServer) return "the server is older than PostgreSQL 15";
  if (columns.at(3) == "primary") return {};
  return "the server is a standby, which can't be written to";
}

ConnectionSettings::ConnectionSettings(const std::string& url, unsigned turn) {
  const auto parsed = parse(url);
  // The last of several settings of one name holds.
  texts_.reserve(16);
  add("client_encoding", "UTF8");
  add("application_name", "claviger");
  add("connect_timeout", "5");
  add("tcp_user_timeout", "5000");
  add("keepalives_idle", "10");
  add("dbname", url);
  for (const char* list : {"host", "port"}) {
    const auto items = value_in(parsed, list);
    if (items.find(',') != std::string::npos) add(list, turned(items, turn));
  }
  // SQ-13: without a word about it a server elsewhere must prove its name.
  const auto host = value_in(parsed, "hostaddr");
  const bool local = is_on_this_machine(host.empty() ? value_in(parsed, "host") : host);
  if (value_in(parsed, "sslmode").empty()) add("sslmode", local ? "prefer" : "verify-full");
  if (!local && value_in(parsed, "sslrootcert").empty()) add("sslrootcert", kSystemAuthorities);
  names_.push_back(nullptr);
  values_.push_back(nullptr);
}

void ConnectionSettings::add(const char* name, std::string value) {
  names_.push_back(name);
  values_.push_back(texts_.emplace_back(std::move(value)).c_str());
}

}  // namespace claviger::store::postgres
