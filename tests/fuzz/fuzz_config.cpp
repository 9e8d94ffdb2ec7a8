// Any text as claviger.toml: settings or complaints, never a crash; every complaint can be shown.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "config/load.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto result = claviger::config::load_text(text, "fuzz.toml", {});
  if (result) {
    if (!claviger::config::judge(result->settings, result->origin).empty()) std::abort();
    claviger::config::describe(*result, true);
    return 0;
  }
  if (result.error().empty()) std::abort();
  for (const auto& complaint : result.error()) {
    if (!claviger::is_utf8(claviger::config::to_text(complaint))) std::abort();
  }
  return 0;
}
