// What an authorization request asks to be answered with, and by which way (OIDCM-3, OIDCM-5).
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace claviger {

struct ResponseType {
  bool code = false;
  bool id_token = false;
  bool token = false;

  // Something besides a code comes from the authorization endpoint: implicit or hybrid.
  bool is_front_channel() const { return id_token || token; }
  bool operator==(const ResponseType&) const = default;
};
inline constexpr ResponseType kCodeOnly{.code = true};

enum class ResponseMode { query, fragment, form_post };

// The words in any order, each once; "" and unknown words are nothing. `none` is not known here.
std::optional<ResponseType> parse_response_type(std::string_view words);
// The words in the order of the registered names: "code id_token token".
std::string to_string(ResponseType type);
std::optional<ResponseMode> parse_response_mode(std::string_view word);
std::string_view to_string(ResponseMode mode);
// Fragment for whatever carries a token, else query (OIDCM-3, OIDCM-5).
ResponseMode default_response_mode(ResponseType type);

}  // namespace claviger
