// A file that was compiled into the binary by claviger_embed (cmake/embed.cmake). Whoever uses a
// set of them declares it: namespace claviger::embedded { std::span<const EmbeddedFile> <name>(); }
#pragma once
#include <span>
#include <string_view>

namespace claviger {

struct EmbeddedFile {
  std::string_view name;    // without folders: "login.mustache"
  std::string_view sha256;  // of the content, 64 hexadecimal digits
  std::string_view content;
};

}  // namespace claviger
