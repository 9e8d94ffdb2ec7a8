// One JSON object, written straight into a text: what of ours has its members known beforehand
// needs no tree (a token's claims and their encoding: 22,800 -> 10,300 instructions). Byte for byte
// what Boost.JSON writes. The caller names no member twice.
#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace claviger {

class JsonWriter {
 public:
  JsonWriter() { out_.reserve(512); }

  JsonWriter& text(std::string_view name, std::string_view value);
  JsonWriter& texts(std::string_view name, std::span<const std::string> values);
  JsonWriter& number(std::string_view name, std::int64_t value);
  JsonWriter& value(std::string_view name, const boost::json::value& value);
  std::string finish() &&;

 private:
  void name(std::string_view name);

  std::string out_ = "{";
};

}  // namespace claviger
