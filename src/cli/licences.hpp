// Everything that the binary is linked with or made of besides this project's own sources.
// THIRD_PARTY.md is the same table; a test compares them.
#pragma once
#include <span>
#include <string_view>

namespace claviger::cli {

struct Licence {
  std::string_view name;
  std::string_view version;  // of Debian 12
  std::string_view licence;  // SPDX
  std::string_view copyright;
  std::string_view package;  // whose /usr/share/doc/<package>/copyright has the full text
};

std::span<const Licence> all_licences();

}  // namespace claviger::cli
