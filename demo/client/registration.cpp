#include "demo/client/registration.hpp"

namespace claviger::demo {

Task<bool> Registration::is_known(FlowLog& log) {
  if (management_uri_.empty()) co_return false;
  outbound::Request request;
  request.url = management_uri_;
  request.headers = {{"Authorization", "Bearer " + std::string(management_token_.reveal())}};
  const auto answer =
      co_await party_.send(log, "Ask whether the server still knows this client.", request);
  co_return answer && answer->status == 200;
}

Task<Outcome<Credentials>> Registration::ensure(FlowLog& log, bool doubted) {
  bool known = credentials_.has_value();
  if (known && doubted) known = co_await is_known(log);
  if (known) co_return *credentials_;
  const auto* metadata = party_.metadata();
  if (metadata == nullptr || metadata->registration_endpoint.empty()) {
    co_return refused_by_us("This server lets no client register itself.");
  }
  outbound::Request request;
  request.method = "POST";
  request.url = metadata->registration_endpoint;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = boost::json::serialize(metadata_);
  const auto answer = co_await party_.send(
      log, "Register this client: who it is, and where it may be reached.", std::move(request));
  if (!answer) co_return std::unexpected(answer.error());
  const auto id = text_of(answer->json, "client_id");
  if (answer->status != 201 || id.empty()) {
    co_return refused_by_server("Claviger did not register this client.", *answer);
  }
  management_uri_ = text_of(answer->json, "registration_client_uri");
  management_token_ = Secret(text_of(answer->json, "registration_access_token"));
  // A token of ours goes to nobody else's address.
  if (!management_uri_.starts_with(party_.settings().server + "/")) management_uri_.clear();
  credentials_ = Credentials{id, Secret(text_of(answer->json, "client_secret"))};
  co_return *credentials_;
}

}  // namespace claviger::demo
