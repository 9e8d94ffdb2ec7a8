#include "cli/invocation.hpp"

#include <ostream>

#include "cli/output.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

constexpr std::int64_t kPage = 1000;

void put(json::object& object, std::string_view name, std::string_view value) {
  if (!value.empty()) object[name] = value;
}

}  // namespace

int fail(Console& console, bool as_json, int exit_code, std::string_view problem,
         std::string_view next) {
  if (as_json) {
    json::object object{{"error", problem}};
    put(object, "next", next);
    console.err << pretty(object);
    return exit_code;
  }
  console.err << (console.color ? "\033[31merror:\033[0m " : "error: ") << harmless(problem)
              << "\n";
  if (!next.empty()) console.err << "  next: " << harmless(next) << "\n";
  return exit_code;
}

int Invocation::fail(int exit_code, std::string_view problem, std::string_view next) {
  return cli::fail(console_, as_json(), exit_code, problem, next);
}

int Invocation::answer(const json::value& value, const std::string& text) {
  console_.out << (as_json() ? pretty(value) : text);
  return kOk;
}

int Invocation::print(const Error& error) {
  const auto& reason = *error.reason;
  if (as_json()) {
    json::object object{{"error", reason.description}, {"reason", reason.id}};
    put(object, "expected", error.expected);
    put(object, "came", error.came);
    put(object, "clause", reason.clause);
    put(object, "next", reason.mend);
    console_.err << pretty(object);
    return kFailed;
  }
  fail(kFailed, reason.description, "");
  console_.err << fields({{"  reason:", std::string(reason.id)},
                          {"  expected:", error.expected},
                          {"  came:", error.came},
                          {"  clause:", std::string(reason.clause)},
                          {"  next:", std::string(reason.mend)}});
  return kFailed;
}

std::expected<json::object, int> Invocation::call(const std::string& operation,
                                                  const json::object& arguments) {
  try {
    if (!transport_) transport_ = hooks_.connect(*loaded_);
    auto result = transport_->call(operation, arguments);
    if (result) return std::move(*result);
    return std::unexpected(print(result.error()));
  } catch (const std::exception& broken) {
    return std::unexpected(
        fail(kUnavailable, broken.what(), "claviger doctor looks for what is wrong"));
  }
}

std::expected<json::array, int> Invocation::call_all(const std::string& operation,
                                                     std::string_view name) {
  json::array all;
  std::string after;
  for (;;) {
    json::object arguments{{"limit", kPage}};
    if (!after.empty()) arguments["after"] = after;
    auto page = call(operation, arguments);
    if (!page) return std::unexpected(page.error());
    auto* items = (*page)[name].if_array();
    if (items != nullptr) {
      for (auto& item : *items) all.push_back(std::move(item));
    }
    after = text_of(*page, "next");
    if (after.empty()) return all;
  }
}

}  // namespace claviger::cli
