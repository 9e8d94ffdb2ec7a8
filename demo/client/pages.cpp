#include "demo/client/pages.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <stdexcept>

#include "base/embedded_file.hpp"
#include "base/form.hpp"

namespace claviger::embedded {
std::span<const EmbeddedFile> demo_templates();
std::span<const EmbeddedFile> demo_assets();
}  // namespace claviger::embedded

namespace claviger::demo {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;

const EmbeddedFile& find_file(std::span<const EmbeddedFile> files, std::string_view name) {
  for (const auto& file : files) {
    if (file.name == name) return file;
  }
  throw std::runtime_error("not compiled in: " + std::string(name));
}

std::string_view media_type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  return "image/svg+xml";
}

std::string_view lane_word(Lane lane) {
  constexpr std::array kWords{"browser", "client", "server"};
  return kWords.at(static_cast<std::size_t>(lane));
}

std::string_view lane_name(Lane lane) {
  constexpr std::array kNames{"Browser", "Demo client", "Claviger"};
  return kNames.at(static_cast<std::size_t>(lane));
}

void set_fields(data& values, const std::string& name, const std::vector<Field>& fields) {
  values.set("has_" + name, !fields.empty());
  values.set(name, field_list(fields));
}

std::string remaining(Time expires, Time now) {
  const auto left = std::chrono::floor<std::chrono::seconds>(expires - now).count();
  if (left <= 0) return "expired";
  if (left < 60) return fmt::format("{} s left", left);
  if (left < 3600) return fmt::format("{} min {} s left", left / 60, left % 60);
  return fmt::format("{} h {} min left", left / 3600, left % 3600 / 60);
}

data token_values(const SeenToken& token, Time now) {
  data values;
  values.set("name", token.name);
  values.set("verified", token.verdict == Verdict::verified);
  values.set("failed", token.verdict == Verdict::failed);
  values.set("sealed", token.verdict == Verdict::sealed);
  values.set("remark", token.remark);
  values.set("header", field_list(token.header));
  values.set("payload", field_list(token.payload));
  values.set("expires", token.expires.has_value());
  values.set("expires_at", token.expires ? time_text(*token.expires) : "");
  values.set("expires_in", token.expires ? remaining(*token.expires, now) : "");
  return values;
}

data message_values(const Message& message, Time now) {
  data values;
  values.set("number", std::to_string(message.number));
  const auto kinds = std::to_array<std::string>({"request", "response", "failure", "note"});
  values.set("kind", kinds.at(static_cast<std::size_t>(message.kind)));
  values.set("note", message.kind == Message::Kind::note);
  values.set("from", std::string(lane_word(message.from)));
  values.set("to", std::string(lane_word(message.to)));
  values.set("from_name", std::string(lane_name(message.from)));
  values.set("to_name", std::string(lane_name(message.to)));
  values.set("refused", message.refused);
  values.set("line", message.line);
  const auto second = std::chrono::floor<std::chrono::seconds>(message.at);
  values.set("at", fmt::format("{:%H:%M:%S} UTC", fmt::gmtime(second)));
  set_text(values, "meaning", message.meaning);
  set_text(values, "url", message.url);
  set_text(values, "text", message.text);
  set_text(values, "curl", message.curl);
  set_fields(values, "query", message.query);
  set_fields(values, "headers", message.headers);
  set_fields(values, "members", message.members);
  data tokens(data::type::list);
  for (const auto& token : message.tokens) tokens.push_back(token_values(token, now));
  values.set("tokens", tokens);
  return values;
}

data notice_values(const Notice& notice, const std::string& server) {
  data values;
  const auto tones = std::to_array<std::string>({"plain", "good", "bad"});
  values.set("tone", tones.at(static_cast<std::size_t>(notice.tone)));
  values.set("title", notice.title);
  set_text(values, "text", notice.text);
  set_text(values, "command", notice.command);
  const Problem problem = notice.problem.value_or(Problem{});
  set_text(values, "status", problem.status == 0 ? "" : std::to_string(problem.status));
  set_text(values, "error", problem.error);
  set_text(values, "description", problem.description);
  set_text(values, "request_id", problem.request_id);
  values.set("explain_url", server + "/explain?request_id=" + percent_encode(problem.request_id));
  return values;
}

void set_state(data& values, const Session* session, Time now) {
  const bool holds = session != nullptr && session->tokens.has_value();
  const bool revoked = holds && session->revoked;
  const bool away = session != nullptr && !session->pending.empty();
  values.set("signed_in", holds);
  values.set("offers_sign_in", !holds || revoked);
  values.set("is_revoked", revoked);
  values.set("is_live", holds && !revoked);
  values.set("is_away", !holds && away);
  values.set("is_out", !holds && !away);
  values.set("expires_at", holds ? time_text(session->tokens->expires) : "");
  values.set("expires_in", holds ? remaining(session->tokens->expires, now) : "");
}

}  // namespace

// Text and whether there is any: a section of a template asks for the second.
void set_text(data& values, const std::string& name, std::string_view text) {
  values.set("has_" + name, !text.empty());
  values.set(name, std::string(text));
}

data field_list(const std::vector<Field>& fields) {
  data items(data::type::list);
  for (const auto& field : fields) {
    data item;
    item.set("name", field.name);
    item.set("value", field.value);
    item.set("secret", field.secret);
    items.push_back(item);
  }
  return items;
}

Pages::Pages()
    : home_(std::string(source("home.mustache"))), error_(std::string(source("error.mustache"))) {
  for (const auto* page : {&home_, &error_}) {
    if (!page->is_valid()) throw std::runtime_error("template: " + page->error_message());
  }
  for (const auto& file : embedded::demo_assets()) {
    const auto dot = file.name.rfind('.');
    assets_.push_back({fmt::format("/assets/{}.{}{}", file.name.substr(0, dot),
                                   file.sha256.substr(0, 12), file.name.substr(dot)),
                       media_type_of(file.name), file.content});
  }
}

std::string_view Pages::source(std::string_view name) const {
  return find_file(embedded::demo_templates(), name).content;
}

Pages::Data Pages::part(std::string_view name) const {
  std::string text(source(name));
  return kainjow::mustache::partial([text] { return text; });
}

std::string Pages::asset_path(std::string_view name) const {
  for (const auto& asset : assets_) {
    if (asset.path.starts_with("/assets/" + std::string(name) + ".")) return asset.path;
  }
  throw std::runtime_error("no such asset: " + std::string(name));
}

std::string Pages::render(kainjow::mustache::mustache& page, Data values) {
  values.set("stylesheet", asset_path("demo"));
  values.set("icon", asset_path("icon"));
  values.set("live_script", asset_path("live"));
  values.set("head", part("head.mustache"));
  std::string html = page.render(values);
  if (!page.is_valid()) throw std::runtime_error("template: " + page.error_message());
  return html;
}

std::string Pages::home(const Settings& settings, const Session* session, Time now) {
  data values;
  values.set("server", settings.server);
  values.set("hint", !settings.hint_username.empty());
  values.set("hint_username", settings.hint_username);
  values.set("hint_password", settings.hint_password);
  values.set("message", part("message.mustache"));
  values.set("fields", part("fields.mustache"));
  for (const char* panel : {"identity", "device", "experiments"}) {
    values.set(std::string(panel) + "_panel", part(std::string(panel) + ".mustache"));
  }
  set_state(values, session, now);
  set_panels(values, session);
  set_fields(values, "profile", session ? session->profile : std::vector<Field>{});
  const bool noticed = session != nullptr && session->notice.has_value();
  values.set("notice", noticed ? notice_values(*session->notice, settings.server) : data(false));
  data messages(data::type::list);
  if (session != nullptr) {
    for (const auto& message : session->log.messages()) {
      messages.push_back(message_values(message, now));
    }
  }
  values.set("has_messages", messages.is_non_empty_list());
  values.set("messages", messages);
  return render(home_, std::move(values));
}

std::string Pages::error(unsigned status, std::string_view text, std::string_view home) {
  data values;
  values.set("status", std::to_string(status));
  values.set("text", std::string(text));
  values.set("home", std::string(home));
  return render(error_, std::move(values));
}

}  // namespace claviger::demo
