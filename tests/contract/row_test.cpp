// What a finder may ask of a row: a column of another type than it says is our mistake, and what
// was taken is taken once.
#include <gtest/gtest.h>

#include "store/sql/statement.hpp"

namespace claviger::store::sql::test {
namespace {

const Id kId = Id::from_bytes(Bytes(16, 0x5a)).value();

Row a_row() {
  return Row({value_of("a text longer than fifteen bytes"), value_of(kId), value_of(7), nullptr});
}

TEST(Row, gives_each_column_as_what_it_is) {
  const auto row = a_row();
  EXPECT_EQ(row.text(0), "a text longer than fifteen bytes");
  EXPECT_EQ(row.id(1), kId);
  EXPECT_EQ(row.blob(1), Bytes(16, 0x5a));
  EXPECT_EQ(row.integer(2), 7);
  EXPECT_TRUE(row.is_null(3));
  EXPECT_THROW(row.text(1), std::logic_error);
  EXPECT_THROW(row.id(0), std::logic_error);
  EXPECT_THROW(row.digest(1), std::logic_error);
  EXPECT_THROW(row.text(4), std::logic_error);
}

TEST(Row, is_left_without_a_text_that_was_taken) {
  auto row = a_row();
  EXPECT_EQ(row.take_text(0), "a text longer than fifteen bytes");
  EXPECT_EQ(row.text(0), "");
  EXPECT_THROW(row.take_text(2), std::logic_error);
}

TEST(Lists, come_back_as_they_were_written) {
  for (const auto& list : {std::vector<std::string>{}, {"https://a.example"}, {"a", "", "\"[]"}})
    EXPECT_EQ(text_to_list(list_to_text(list)), list);
  EXPECT_EQ(list_to_text({}), "[]");
}

}  // namespace
}  // namespace claviger::store::sql::test
