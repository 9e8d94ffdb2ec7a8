// Fills a database with grants for ./dev bench P9, as the fault test of a million grants does:
// SQLite's itself, for PostgreSQL by printing what psql is to run.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "tests/chaos/many_grants.hpp"

namespace {

std::uint64_t number(const char* text) { return std::strtoull(text, nullptr, 10); }

}  // namespace

int main(int argc, char** argv) {
  const std::string_view store = argc > 1 ? argv[1] : "";
  try {
    if (store == "sqlite" && argc == 5) {
      claviger::test::ManyGrants(argv[2], false).add(number(argv[3]), number(argv[4]));
      return 0;
    }
    if (store == "postgres" && argc == 4) {
      std::puts(claviger::test::many_grants_in_postgres(number(argv[2]), number(argv[3])).c_str());
      return 0;
    }
    std::fputs("usage: claviger-grants sqlite FILE FROM COUNT | postgres FROM COUNT\n", stderr);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "claviger-grants: %s\n", failure.what());
  }
  return 1;
}
