// What was accepted is shallow, free of NUL, and reads the same once written.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace {

void inspect(const boost::json::value& value, int depth) {
  if (depth > 16) std::abort();
  if (const auto* text = value.if_string()) {
    if (text->find('\0') != boost::json::string::npos) std::abort();
    if (!claviger::is_utf8({text->data(), text->size()})) std::abort();
  } else if (const auto* array = value.if_array()) {
    for (const auto& item : *array) inspect(item, depth + 1);
  } else if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      inspect(member.value(), depth + 1);
      const auto seconds = claviger::json_seconds(*object, member.key());
      if (seconds && (*seconds < 0 || *seconds >= (std::int64_t{1} << 53))) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claviger;
  const auto value = parse_json(as_text(ByteView(data, size)));
  if (!value) return 0;
  inspect(*value, 0);
  const auto written = boost::json::serialize(*value);
  // A fraction may change in its last bit on the way; everything else may not.
  if (written.find('E') != std::string::npos) return 0;
  const auto back = parse_json(written, 16 * 64 * 1024);
  if (!back || *back != *value) std::abort();
  return 0;
}
