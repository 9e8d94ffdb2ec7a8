#include "store/postgres/wire.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <limits>

namespace claviger::store::postgres {
namespace {

constexpr int kBinary = 1;

std::size_t width_of(Oid type) {
  switch (type) {
    case kInt8:
      return 8;
    case kInt4:
      return 4;
    case kInt2:
      return 2;
    default:
      return 0;
  }
}

// Most significant byte first.
std::int64_t read_number(const char* bytes, std::size_t width) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < width; ++i) {
    bits = (bits << 8) | static_cast<unsigned char>(bytes[i]);
  }
  const unsigned unused = 64 - 8 * static_cast<unsigned>(width);
  return static_cast<std::int64_t>(bits << unused) >> unused;
}

sql::Value column_value(const PGresult& result, int row, int column) {
  if (PQgetisnull(&result, row, column) == 1) return nullptr;
  const char* const bytes = PQgetvalue(&result, row, column);
  const auto size = static_cast<std::size_t>(PQgetlength(&result, row, column));
  const Oid type = PQftype(&result, column);
  if (type == kBytea) return sql::Value(std::in_place_type<sql::Blob>, bytes, bytes + size);
  if (type == kText) return std::string(bytes, size);
  if (const auto width = width_of(type); width > 0 && width == size) {
    return read_number(bytes, width);
  }
  throw std::logic_error(fmt::format("a column is of type {}, which no table of ours has", type));
}

// How many rows a statement changed; a SELECT's tag counts those it found.
std::int64_t changed_rows(const PGresult& result) {
  auto* const tagged = const_cast<PGresult*>(&result);  // libpq only reads it
  if (std::string_view(PQcmdStatus(tagged)).starts_with("SELECT")) return 0;
  const std::string_view count = PQcmdTuples(tagged);
  std::int64_t changed = 0;
  std::from_chars(count.data(), count.data() + count.size(), changed);
  return changed;
}

std::size_t size_of(const sql::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return text->size();
  if (const auto* bytes = std::get_if<sql::Blob>(&value)) return bytes->size();
  return 0;
}

[[noreturn]] void wrong_type(Oid type) {
  throw std::logic_error(fmt::format("a parameter of type {} was given another value", type));
}

}  // namespace

Oid type_of(const sql::Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return kInt8;
  if (std::holds_alternative<std::string>(value)) return kText;
  if (std::holds_alternative<sql::Blob>(value)) return kBytea;
  return 0;
}

void check_types(const std::vector<sql::Value>& values, const std::vector<Oid>& types) {
  if (values.size() != types.size()) {
    throw std::logic_error("the statement takes another number of parameters");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Oid type = type_of(values[i]);
    if (type != 0 && type != types[i]) wrong_type(types[i]);
    if (size_of(values[i]) > std::numeric_limits<int>::max()) {
      throw std::logic_error("a value is too long");
    }
  }
}

void Parameters::fill(const std::vector<sql::Value>& values, const std::vector<Oid>& types) {
  check_types(values, types);
  numbers_.clear();
  numbers_.reserve(values.size());  // pointed into: must not move
  values_.clear();
  lengths_.clear();
  for (const auto& value : values) add(value);
  formats_.resize(values_.size(), kBinary);
}

void Parameters::add(const char* bytes, std::size_t size) {
  values_.push_back(bytes);
  lengths_.push_back(static_cast<int>(size));
}

void Parameters::add(const sql::Value& value) {
  if (std::holds_alternative<std::nullptr_t>(value)) return add(nullptr, 0);
  if (const auto* text = std::get_if<std::string>(&value)) return add(text->data(), text->size());
  if (const auto* bytes = std::get_if<sql::Blob>(&value)) {
    // A null pointer would bind NULL instead of no bytes.
    const char* const first = bytes->empty() ? "" : as_text(*bytes).data();
    return add(first, bytes->size());
  }
  auto bits = static_cast<std::uint64_t>(std::get<std::int64_t>(value));
  auto& number = numbers_.emplace_back();
  for (std::size_t i = number.size(); i-- > 0; bits >>= 8) {
    number[i] = static_cast<char>(bits & 0xff);
  }
  add(number.data(), number.size());
}

sql::StatementResult rows_of(const PGresult& result) {
  sql::StatementResult read;
  const int rows = PQntuples(&result);
  const int columns = PQnfields(&result);
  read.rows.reserve(static_cast<std::size_t>(rows));
  for (int row = 0; row < rows; ++row) {
    std::vector<sql::Value> values;
    values.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
      values.push_back(column_value(result, row, column));
    }
    read.rows.emplace_back(std::move(values));
  }
  read.changed = changed_rows(result);
  return read;
}

}  // namespace claviger::store::postgres
