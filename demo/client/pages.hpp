// The one page of this app, and its style sheet: values into Mustache templates that are compiled
// into the binary. No HTML is put together in C++.
#pragma once
#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "demo/client/relying_party.hpp"
#include "demo/client/session.hpp"

namespace claviger::demo {

struct Asset {
  std::string path;  // with a hash of the content, so that a browser may keep it for ever
  std::string_view content_type;
  std::string_view body;
};

using Values = kainjow::mustache::data;

// What several parts of a page are made of.
void set_text(Values& values, const std::string& name, std::string_view text);
Values field_list(const std::vector<Field>& fields);
// The panels of the desk (panels.cpp): who signed in, the device, the exchanged token, what is
// live.
void set_panels(Values& values, const Session* session);

class Pages {
 public:
  Pages();  // throws when a template is not well-formed
  // `session` is null for a browser that was never here.
  std::string home(const Settings& settings, const Session* session, Time now);
  // A page for everything that never reaches a handler: no such page, too large ...
  std::string error(unsigned status, std::string_view text, std::string_view home);
  const std::vector<Asset>& assets() const { return assets_; }

 private:
  using Data = kainjow::mustache::data;
  std::string render(kainjow::mustache::mustache& page, Data values);
  Data part(std::string_view name) const;
  std::string_view source(std::string_view name) const;
  std::string asset_path(std::string_view name) const;

  std::vector<Asset> assets_;
  kainjow::mustache::mustache home_;
  kainjow::mustache::mustache error_;
};

}  // namespace claviger::demo
