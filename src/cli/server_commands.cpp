#include <algorithm>

#include "cli/handlers.hpp"
#include "cli/output.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

// Request ids are of base64url's alphabet; anything else must not get into a line that people copy
// into a shell.
bool is_request_id(std::string_view id) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, fits);
}

int without_server(Invocation& in, const std::string& id) {
  const auto journal = "journalctl -u claviger | grep -- " + id;
  const auto file = "grep -- " + id + " LOGFILE";
  if (in.as_json()) {
    in.answer({{"error", "no server is running"}, {"next", json::array{journal, file}}}, "");
    return kUnavailable;
  }
  return in.fail(kUnavailable,
                 "no server is running, and refusals are kept in its memory; the log has them too",
                 journal + "   or   " + file);
}

}  // namespace

int serve(Invocation& in) {
  const ServeOptions options{.allow_root = in.parsed().has("--allow-root")};
  return in.hooks().serve(in.loaded(), options);
}

int doctor(Invocation& in) {
  const auto findings = in.hooks().doctor(in.loaded(), in.parsed().has("--calibrate"));
  std::vector<Row> rows;
  std::string advice;
  bool all_ok = true;
  for (const auto& item : findings) {
    const auto& finding = item.as_object();
    const bool ok = text_of(finding, "ok") == "true";
    const auto next = text_of(finding, "next");
    all_ok = all_ok && ok;
    rows.push_back({text_of(finding, "check"), ok ? "ok" : "WRONG", text_of(finding, "detail")});
    if (!next.empty()) advice += "  next: " + text_of(finding, "check") + ": " + next + "\n";
  }
  in.answer({{"ok", all_ok}, {"findings", findings}},
            table({"CHECK", "RESULT", "DETAIL"}, rows, "Nothing was checked.") + advice);
  return all_ok ? kOk : kFailed;
}

int explain(Invocation& in) {
  const auto& id = in.positional();
  if (!is_request_id(id)) {
    return in.fail(kUsage, "this is no request id",
                   "it stands in the X-Request-Id header and as request_id in the answer");
  }
  // Asked first: connecting to no server would open the data folder, which knows no refusals.
  if (in.hooks().probe(in.loaded(), "/livez") == 0) return without_server(in, id);
  const auto answer = in.call("explain", {{"request_id", id}});
  if (!answer) return answer.error();
  const auto& found = *answer;
  const auto count = text_of(found, "count");
  auto text = fields({{"request", text_of(found, "request_id")},
                      {"when", text_of(found, "at")},
                      {"what", text_of(found, "endpoint") + ", answered " +
                                   text_of(found, "status") + " " + text_of(found, "error")},
                      {"client", text_of(found, "client_id")},
                      {"reason", text_of(found, "reason")},
                      {"", text_of(found, "description")},
                      {"expected", text_of(found, "expected")},
                      {"came", text_of(found, "came")},
                      {"clause", text_of(found, "clause") + "  " + text_of(found, "clause_url")},
                      {"mend", text_of(found, "mend")}});
  if (count != "1" && !count.empty()) {
    text += fields({{"alike", count + ", the latest: " + text_of(found, "request_ids")}});
  }
  return in.answer(found, text);
}

int healthcheck(Invocation& in) {
  const bool ready = in.parsed().has("--ready");
  const int status = in.hooks().probe(in.loaded(), ready ? "/readyz" : "/livez");
  if (status == 200) {
    return in.answer({{"ok", true}, {"status", status}}, ready ? "ready\n" : "alive\n");
  }
  if (status == 0) {
    return in.fail(kUnavailable, "no server answers", "claviger doctor, or start claviger serve");
  }
  return in.fail(kFailed, "the server answers " + std::to_string(status),
                 ready ? "its log says what it waits for" : "its log says what is wrong");
}

}  // namespace claviger::cli
