// Writes every page in every language beside its style sheet, to be looked at in a browser:
// build/<preset>/pages-preview/*.html.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "example_views.hpp"

namespace claviger::pages {
namespace {

void write(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

TEST(Preview, every_page_is_written) {
  const std::filesystem::path folder{CLAVIGER_BINARY_DIR "/pages-preview"};
  std::filesystem::remove_all(folder);
  for (const auto& asset : assets()) write(folder.string() + std::string(asset.path), asset.body);

  const Pages pages;
  for (const auto& example : examples::all()) {
    for (const auto locale : {Locale::en, Locale::de}) {
      auto html = example.render(pages, locale);
      // Relative, so that the page opens from a folder.
      constexpr std::string_view kAsset = "=\"/assets/";
      for (auto at = html.find(kAsset); at != std::string::npos; at = html.find(kAsset, at)) {
        html.erase(at + 2, 1);
      }
      const auto path = folder / (example.name + "." + std::string(tag(locale)) + ".html");
      write(path, html);
      EXPECT_EQ(std::filesystem::file_size(path), html.size());
    }
  }
}

}  // namespace
}  // namespace claviger::pages
