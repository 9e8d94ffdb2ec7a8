#include "base/json_writer.hpp"

#include <charconv>

namespace claviger {
namespace {

// No way out of the loop: so the compiler looks at 16 bytes at once. One by one it was 10,600
// instructions for a token and the answer with it.
bool has_escaped(std::string_view text) {
  bool found = false;
  for (const char c : text) {
    found |= (static_cast<std::uint8_t>(c) < 0x20) | (c == '"') | (c == '\\');
  }
  return found;
}

// What has to be escaped is left to who knows how.
void append_text(std::string& out, std::string_view text) {
  if (has_escaped(text)) {
    out += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
    return;
  }
  out.push_back('"');
  out += text;
  out.push_back('"');
}

}  // namespace

void JsonWriter::name(std::string_view name) {
  if (out_.size() > 1) out_.push_back(',');
  append_text(out_, name);
  out_.push_back(':');
}

JsonWriter& JsonWriter::text(std::string_view name, std::string_view value) {
  this->name(name);
  append_text(out_, value);
  return *this;
}

JsonWriter& JsonWriter::texts(std::string_view name, std::span<const std::string> values) {
  this->name(name);
  out_.push_back('[');
  for (const auto& value : values) {
    if (&value != values.data()) out_.push_back(',');
    append_text(out_, value);
  }
  out_.push_back(']');
  return *this;
}

JsonWriter& JsonWriter::number(std::string_view name, std::int64_t value) {
  this->name(name);
  char digits[24];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
  out_.append(digits, end);
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view name, const boost::json::value& value) {
  this->name(name);
  out_ += boost::json::serialize(value);
  return *this;
}

std::string JsonWriter::finish() && {
  out_.push_back('}');
  return std::move(out_);
}

}  // namespace claviger
