#include <ostream>

#include "cli/handlers.hpp"
#include "cli/output.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

std::string state_text(const json::object& state) {
  return fields({{"engine", text_of(state, "engine")},
                 {"file", text_of(state, "file")},
                 {"exists", text_of(state, "exists")},
                 {"schema", text_of(state, "schema")},
                 {"newest", text_of(state, "newest_schema")},
                 {"up to date", text_of(state, "up_to_date")},
                 {"compatible from", text_of(state, "compatible_from")},
                 {"usable", text_of(state, "usable")}});
}

// Nothing: what went wrong has been printed, and `code` is how the process ends.
template <class Work>
std::optional<json::object> attempt(Invocation& in, const char* next, const Work& work, int& code) {
  try {
    return work();
  } catch (const std::runtime_error& error) {
    code = in.fail(kFailed, error.what(), next);
    return std::nullopt;
  }
}

}  // namespace

int store_status(Invocation& in) {
  int code = kOk;
  const auto look = [&] { return in.hooks().look_at_store(in.loaded()); };
  const auto state = attempt(in, "claviger doctor", look, code);
  return state ? in.answer(*state, state_text(*state)) : code;
}

int store_migrate(Invocation& in) {
  int code = kOk;
  const auto migrate = [&] { return in.hooks().migrate_store(in.loaded()); };
  const auto state = attempt(in, "claviger store status", migrate, code);
  return state ? in.answer(*state, state_text(*state)) : code;
}

int store_copy(Invocation& in) {
  const auto target = in.parsed().value("--to");
  if (!target) {
    return in.fail(kUsage, "where to?",
                   "claviger store copy --to postgresql://user@host/database, or --to FOLDER");
  }
  int code = kOk;
  // A line that is written over; where a line can't be, nothing but the result.
  auto& err = in.console().err;
  const bool shown = in.console().err_is_terminal && !in.as_json();
  const auto progress = [&](const std::string& line) {
    if (shown) err << "\r\x1b[K" << line << std::flush;
  };
  const auto copy = [&] { return in.hooks().copy_store(in.loaded(), *target, progress); };
  const auto result =
      attempt(in, "stop every server, make the target anew, and try again", copy, code);
  if (shown) err << "\r\x1b[K";
  if (!result) return code;
  std::vector<Row> rows;
  for (const auto& item : result->at("tables").as_array()) {
    const auto& one = item.as_object();
    rows.push_back({text_of(one, "table"), text_of(one, "rows"), text_of(one, "sha256")});
  }
  return in.answer(*result, table({"TABLE", "ROWS", "THE SAME ON BOTH SIDES (SHA-256)"}, rows, ""));
}

}  // namespace claviger::cli
