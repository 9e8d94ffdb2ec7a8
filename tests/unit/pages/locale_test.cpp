#include <gtest/gtest.h>

#include "pages/pages.hpp"

namespace claviger::pages {
namespace {

struct Row {
  std::string name;
  std::string ui_locales;
  std::string accept_language;
  Locale expected;
};

TEST(ChooseLocale, prefers_what_the_person_prefers) {
  const std::vector<Row> rows{
      {"nothing said", "", "", Locale::en},
      {"OIDCC-3.1.2.1: ui_locales first", "de", "en", Locale::de},
      {"OIDCC-3.1.2.1: the first of ui_locales that we have", "fr-CA de en", "", Locale::de},
      {"unknown ui_locales: the header decides", "fr", "de", Locale::de},
      {"RFC9110-12.5.4: highest weight", "", "en;q=0.3, de;q=0.8", Locale::de},
      {"RFC9110-12.5.4: equal weights, first wins", "", "de, en", Locale::de},
      {"RFC9110-12.4.2: zero means not acceptable", "", "de;q=0, fr", Locale::en},
      {"RFC9110-12.4.2: no more than three digits", "", "de;q=0.9999, en;q=0.1", Locale::en},
      {"RFC9110-12.4.2: nothing above one", "", "de;q=1.001, en;q=0.1", Locale::en},
      {"RFC4647-3.4: a region falls back to its language", "", "de-AT", Locale::de},
      {"case doesn't matter", "DE-de", "", Locale::de},
      {"spaces around", "", "fr ,\tde ; q=0.5", Locale::de},
      {"spaces around the weight's separator", "", " de ;q=0.5 ", Locale::de},
      {"a longer word isn't the language", "deu", "den", Locale::en},
      {"any language", "", "*", Locale::en},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(choose_locale(row.ui_locales, row.accept_language), row.expected) << row.name;
  }
}

// XS-05: the set is fixed; a tag is compared, never used as a path, and a long list ends early.
TEST(ChooseLocale, XS_05_unknown_is_the_default) {
  for (const std::string hostile :
       {"../../etc/passwd", "de/../x", "%00", "de\n", "{{person}}", ";;;,,,"}) {
    EXPECT_EQ(choose_locale(hostile, hostile), Locale::en) << hostile;
  }
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "xx,";
  EXPECT_EQ(choose_locale("", many + "de"), Locale::en);
  EXPECT_EQ(choose_locale(std::string(100'000, ' ') + "de", ""), Locale::en);
}

}  // namespace
}  // namespace claviger::pages
