#include <fmt/format.h>
#include <algorithm>

#include "store/sql/driver.hpp"

namespace claviger::store::sql {
namespace {

template <class T>
auto& column_as(auto& columns, std::size_t column) {
  if (column < columns.size()) {
    if (auto* value = std::get_if<T>(&columns[column])) return *value;
  }
  throw std::logic_error(fmt::format("column {} of the row is missing or of another type", column));
}

}  // namespace

std::int64_t Row::integer(std::size_t column) const {
  return column_as<std::int64_t>(columns_, column);
}

std::optional<std::int64_t> Row::maybe_integer(std::size_t column) const {
  if (is_null(column)) return {};
  return integer(column);
}

const std::string& Row::text(std::size_t column) const {
  return column_as<std::string>(columns_, column);
}

std::string Row::take_text(std::size_t column) {
  return std::move(column_as<std::string>(columns_, column));
}

std::optional<std::string> Row::maybe_text(std::size_t column) const {
  if (is_null(column)) return {};
  return text(column);
}

Bytes Row::blob(std::size_t column) const {
  const auto& blob = column_as<Blob>(columns_, column);
  return {blob.begin(), blob.end()};
}

bool Row::is_null(std::size_t column) const {
  return column < columns_.size() && std::holds_alternative<std::nullptr_t>(columns_[column]);
}

Id Row::id(std::size_t column) const {
  const auto id = Id::from_bytes(column_as<Blob>(columns_, column));
  if (!id) throw std::logic_error(fmt::format("column {} of the row is not an id", column));
  return *id;
}

std::optional<Id> Row::maybe_id(std::size_t column) const {
  if (is_null(column)) return {};
  return id(column);
}

Digest Row::digest(std::size_t column) const {
  const auto& bytes = column_as<Blob>(columns_, column);
  Digest digest{};
  if (bytes.size() != digest.size()) {
    throw std::logic_error(fmt::format("column {} of the row is not a digest", column));
  }
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

std::optional<Digest> Row::maybe_digest(std::size_t column) const {
  if (is_null(column)) return {};
  return digest(column);
}

}  // namespace claviger::store::sql
