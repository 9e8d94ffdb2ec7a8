#include <chrono>
#include <cstdio>
#include <ostream>

#include "cli/handlers.hpp"
#include "cli/output.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

// 2026-11-22T20:00:00Z, or the day alone.
std::optional<Time> parse_moment(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  int read = 0;
  const auto whole = static_cast<int>(text.size());
  const int fields = std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%2uZ%n", &year, &month, &day,
                                 &hour, &minute, &second, &read);
  const bool moment = fields == 6 && read == whole;
  const bool day_alone = fields == 3 && text.size() == std::string_view("2026-11-22").size();
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!(moment || day_alone) || !date.ok() || hour > 23 || minute > 59 || second > 59) return {};
  return Time{std::chrono::sys_days(date)} + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second);
}

// A line that is written over; where a line can't be, nothing but the result.
class Line {
 public:
  explicit Line(Invocation& in)
      : err_(in.console().err), shown_(in.console().err_is_terminal && !in.as_json()) {}
  ~Line() {
    if (shown_) err_ << "\r\x1b[K";
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  std::function<void(const std::string&)> progress() {
    return [this](const std::string& line) {
      if (shown_) err_ << "\r\x1b[K" << line << std::flush;
    };
  }

 private:
  std::ostream& err_;
  const bool shown_;
};

std::string backup_text(const json::object& made) {
  auto text = fields({{"file", text_of(made, "file")},
                      {"bytes", text_of(made, "bytes")},
                      {"storage epoch", text_of(made, "storage_epoch")},
                      {"milliseconds", text_of(made, "milliseconds")}});
  if (made.at("master_key").is_string()) {
    return text + fields({{"master key", text_of(made, "master_key")}}) +
           "\nWhoever has both files has everything: keep them apart.\n";
  }
  return text + "\nThe master key is NOT in it, and without " +
         text_of(made, "master_key_of_server") +
         "\nthis backup opens nothing. Keep a copy of that file, once, in another place.\n";
}

std::string restore_text(const json::object& done) {
  auto text = fields({{"file", text_of(done, "file")},
                      {"taken at", text_of(done, "taken_at")},
                      {"bytes", text_of(done, "bytes")},
                      {"schema", text_of(done, "schema")},
                      {"storage epoch", text_of(done, "storage_epoch")},
                      {"clients", text_of(done, "clients")},
                      {"users", text_of(done, "users")},
                      {"grants", text_of(done, "grants")},
                      {"refresh families", text_of(done, "refresh_families")},
                      {"sealed keys", text_of(done, "sealed_keys")},
                      {"master key", text_of(done, "master_key")},
                      {"restored to", text_of(done, "restored_to")},
                      {"revoked", text_of(done, "revoked")}});
  if (!done.contains("restored_to")) return text + "\nThis backup is sound.\n";
  return text + "\n" + text_of(done, "live_families") +
         " families of refresh tokens live in it. Those of them that were revoked after the "
         "backup\n"
         "was taken live again: nothing in it knows. --revoke-since TIME ends what was in use.\n"
         "Codes and whatever else may be used once are refused when they are of before.\n";
}

}  // namespace

int store_new_epoch(Invocation& in) {
  try {
    const auto epoch = in.hooks().raise_epoch(in.loaded());
    return in.answer(epoch, fields({{"storage epoch", text_of(epoch, "storage_epoch")},
                                    {"since", text_of(epoch, "since")}}));
  } catch (const std::runtime_error& error) {
    return in.fail(kFailed, error.what(), "claviger doctor");
  }
}

int backup(Invocation& in) {
  const BackupRequest request{in.positional(), in.parsed().has("--with-master-key")};
  std::optional<json::object> made;
  try {
    Line line(in);
    made = in.hooks().back_up(in.loaded(), request, line.progress());
  } catch (const std::runtime_error& error) {
    return in.fail(kFailed, error.what(), "docs/how-to/backup.md");
  }
  return in.answer(*made, backup_text(*made));
}

int restore(Invocation& in) {
  const auto& parsed = in.parsed();
  RestoreRequest request;
  request.file = in.positional();
  request.folder = parsed.value("--to");
  request.master_key = parsed.value("--master-key");
  request.verify_only = parsed.has("--verify");
  if (const auto since = parsed.value("--revoke-since")) {
    request.revoke_since = parse_moment(*since);
    if (!request.revoke_since) {
      return in.fail(kUsage, "--revoke-since takes a moment in UTC",
                     "such as 2026-11-22T20:00:00Z");
    }
  }
  if (request.verify_only && (request.folder || request.revoke_since)) {
    return in.fail(kUsage, "--verify only looks", "leave out --to and --revoke-since");
  }
  std::optional<json::object> done;
  try {
    Line line(in);
    done = in.hooks().restore(in.loaded(), request, line.progress());
  } catch (const std::runtime_error& error) {
    return in.fail(kFailed, error.what(), "docs/how-to/backup.md");
  }
  return in.answer(*done, restore_text(*done));
}

}  // namespace claviger::cli
