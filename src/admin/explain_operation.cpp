#include "admin/arguments.hpp"
#include "admin/nouns.hpp"
#include "admin/show.hpp"
#include "base/reasons/admin.hpp"

namespace claviger::admin {

// {request_id} -> {request_id, at, endpoint, client_id, status, error, reason, description,
// expected, came, clause, clause_url, mend, count, request_ids}.
Answer explain(const Deps& deps, boost::json::object arguments) {
  Arguments in(std::move(arguments), {"request_id"});
  const auto request_id = in.text("request_id");
  if (in.fault()) co_return std::unexpected(*in.fault());
  if (deps.refusals == nullptr) co_return refused(reason::admin_no_refusals);
  const auto found = deps.refusals->find(request_id);
  if (!found) {
    co_return refused(reason::admin_refusal_unknown, "", request_id.substr(0, 64));
  }
  auto answer = show(*found);
  answer["request_id"] = request_id;  // the slot's own is that of the latest refusal alike
  co_return answer;
}

}  // namespace claviger::admin
