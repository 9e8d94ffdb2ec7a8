#include <gtest/gtest.h>

#include "pages/template.hpp"
#include "pages/template_text.hpp"

namespace claviger::pages {
namespace {

TEST(TemplateText, puts_partials_in_place) {
  const Sources sources{{"a", "<{{> b}}>"}, {"b", "{{name}}"}};
  EXPECT_EQ(expand_partials("{{> a}}{{! a remark }}{{>b}}", sources), "<{{name}}>{{name}}");
}

TEST(TemplateText, refuses_unknown_and_endless_partials) {
  EXPECT_THROW(expand_partials("{{> c}}", {{"a", ""}}), std::runtime_error);
  EXPECT_THROW(expand_partials("{{> a}}", {{"a", "{{> b}}"}, {"b", "{{> a}}"}}),
               std::runtime_error);
  EXPECT_THROW(expand_partials("{{> a", {{"a", ""}}), std::runtime_error);
}

// XS-01: there is no way to print without escaping.
TEST(TemplateText, XS_01_refuses_tags_that_do_not_escape) {
  for (const std::string text : {"{{{name}}}", "{{&name}}", "{{=<% %>=}}"}) {
    EXPECT_THROW(expand_partials(text, {}), std::runtime_error) << text;
  }
}

TEST(TemplateText, translates_and_escapes_messages) {
  const auto shout = [](const std::string& msgid) -> std::optional<std::string> {
    return msgid == "Dear {{name}}, go" ? "Los <&> {{name}}!" : "?";
  };
  EXPECT_EQ(translate_messages("<p>[[Dear\n  {{name}},  go]]</p>", shout),
            "<p>Los &lt;&amp;&gt; {{name}}!</p>");
}

TEST(TemplateText, refuses_missing_translations_and_foreign_variables) {
  const auto missing = [](const std::string&) { return std::optional<std::string>{}; };
  EXPECT_THROW(translate_messages("[[Hello]]", missing), std::runtime_error);
  const auto other = [](const std::string&) { return std::optional<std::string>{"{{password}}"}; };
  EXPECT_THROW(translate_messages("[[Hello {{name}}]]", other), std::runtime_error);
  const auto raw = [](const std::string&) { return std::optional<std::string>{"{{{name}}}"}; };
  EXPECT_THROW(translate_messages("[[Hello {{name}}]]", raw), std::runtime_error);
}

TEST(Template, refuses_a_broken_text) {
  EXPECT_THROW(Template("{{#open}} never closed"), std::runtime_error);
}

}  // namespace
}  // namespace claviger::pages
