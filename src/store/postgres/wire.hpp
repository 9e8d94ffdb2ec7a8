// Our values as PostgreSQL sends and takes them: binary, of the few types that the schema has.
#pragma once
#include <libpq-fe.h>

#include <array>
#include <memory>
#include <vector>

#include "store/sql/driver.hpp"

namespace claviger::store::postgres {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

// As pg_type names them; libpq has no header for these that is meant for applications.
inline constexpr Oid kBytea = 17;
inline constexpr Oid kInt8 = 20;
inline constexpr Oid kInt2 = 21;
inline constexpr Oid kInt4 = 23;
inline constexpr Oid kText = 25;

// What a value is sent as; 0, the server finds out, for NULL.
Oid type_of(const sql::Value& value);

// Throws std::logic_error when a value is of another type than the statement takes.
void check_types(const std::vector<sql::Value>& values, const std::vector<Oid>& types);

// The parameters of one execution after the other, in memory that is kept: none is allocated for
// each.
class Parameters {
 public:
  Parameters() = default;
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;

  // Points into `values` until the next call. Checks their types as well.
  void fill(const std::vector<sql::Value>& values, const std::vector<Oid>& types);
  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add(const sql::Value& value);
  void add(const char* bytes, std::size_t size);

  std::vector<std::array<char, 8>> numbers_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

// Throws std::logic_error for a column of a type that the schema does not have.
sql::StatementResult rows_of(const PGresult& result);

}  // namespace claviger::store::postgres
