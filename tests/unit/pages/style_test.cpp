// The style sheet keeps the contrast that WCAG 2.2 AA asks for, in both colour schemes, and loads
// nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

#include "pages/pages.hpp"
#include "pages/sources.hpp"

namespace claviger::pages {
namespace {

std::string_view sheet() {
  for (const auto& asset : assets()) {
    if (asset.path.ends_with(".css")) return asset.body;
  }
  return {};
}

// Relative luminance as WCAG 2.2 defines it, of the `nth` "--name: #rrggbb;" of the sheet.
double luminance(const std::string& name, int nth) {
  std::size_t at = 0;
  for (int i = 0; i <= nth; ++i) at = sheet().find("--" + name + ": #", at + 1);
  EXPECT_NE(at, std::string_view::npos) << name;
  const auto digits = std::string(sheet().substr(at + name.size() + 5, 6));
  const auto channel = [&](std::size_t from) {
    const double c = std::stoi(digits.substr(from, 2), nullptr, 16) / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
}

double contrast(const std::string& one, const std::string& other, int scheme) {
  const double a = luminance(one, scheme);
  const double b = luminance(other, scheme);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

TEST(Style, keeps_contrast_in_both_schemes) {
  for (const int scheme : {0, 1}) {
    for (const auto* ink : {"ink", "ink-soft", "accent", "accent-strong", "alarm"}) {
      EXPECT_GE(contrast(ink, "paper", scheme), 4.5) << ink << scheme;
    }
    EXPECT_GE(contrast("ink", "tint", scheme), 4.5) << scheme;
    EXPECT_GE(contrast("on-accent", "accent", scheme), 4.5) << scheme;
    EXPECT_GE(contrast("on-accent", "accent-strong", scheme), 4.5) << scheme;
    EXPECT_GE(contrast("edge", "paper", scheme), 3.0) << scheme;  // borders of fields and buttons
  }
}

TEST(Style, loads_nothing_and_stays_small) {
  ASSERT_FALSE(sheet().empty());
  EXPECT_EQ(sheet().find("url("), std::string_view::npos);
  EXPECT_EQ(sheet().find("@import"), std::string_view::npos);
  EXPECT_LT(sheet().size(), 10'000u);
}

TEST(Assets, have_the_hash_in_their_path_and_a_type) {
  ASSERT_GE(assets().size(), 2u);
  for (const auto& asset : assets()) {
    EXPECT_TRUE(asset.path.starts_with("/assets/")) << asset.path;
    EXPECT_FALSE(asset.body.empty());
    EXPECT_TRUE(asset.content_type.ends_with("; charset=utf-8")) << asset.path;
    const auto dot = asset.path.find('.');
    EXPECT_EQ(asset.path.find('.', dot + 1) - dot - 1, 12u) << asset.path;
  }
}

TEST(Catalogue, holds_no_message_that_no_page_uses) {
  std::set<std::string> used;
  for (const auto& [name, source] : template_sources()) {
    for (auto& msgid : find_messages(source)) used.insert(std::move(msgid));
  }
  std::ifstream file(CLAVIGER_SOURCE_DIR "/web/locale/de.po");
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("msgid \"") || line == "msgid \"\"") continue;
    const auto msgid = line.substr(7, line.size() - 8);
    EXPECT_TRUE(used.contains(msgid)) << msgid;
    ++count;
  }
  EXPECT_EQ(count, used.size());
}

}  // namespace
}  // namespace claviger::pages
