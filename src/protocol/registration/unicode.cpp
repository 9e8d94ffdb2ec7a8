#include "protocol/registration/unicode.hpp"

#include <string.h>  // explicit_bzero
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <stdexcept>

#include "base/text.hpp"

namespace claviger::protocol {
namespace {

using icu::Normalizer2;
using icu::UnicodeString;

// ICU carries its tables in the library: a failure means that the installation is broken.
void require(UErrorCode status) {
  if (U_FAILURE(status))
    throw std::runtime_error("ICU failed: " + std::string(u_errorName(status)));
}

const Normalizer2& nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const auto* instance = Normalizer2::getNFCInstance(status);
  require(status);
  return *instance;
}

const Normalizer2& nfkc() {
  UErrorCode status = U_ZERO_ERROR;
  const auto* instance = Normalizer2::getNFKCInstance(status);
  require(status);
  return *instance;
}

UnicodeString decode(std::string_view text) {
  return UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

std::string encode(const UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

UnicodeString normalise(const Normalizer2& form, const UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  UnicodeString out = form.normalize(text, status);
  require(status);
  return out;
}

bool is_hidden(UChar32 c) {
  const auto type = u_charType(c);
  return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_LINE_SEPARATOR ||
         type == U_PARAGRAPH_SEPARATOR || type == U_SURROGATE ||
         u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

// A buffer that held a password.
struct WipedText {
  std::u16string units;
  explicit WipedText(std::size_t size) : units(size, u'\0') {}
  WipedText(const WipedText&) = delete;
  WipedText& operator=(const WipedText&) = delete;
  ~WipedText() { explicit_bzero(units.data(), units.size() * sizeof(char16_t)); }
  std::int32_t capacity() const { return static_cast<std::int32_t>(units.size()); }
};

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> to_nfc(std::string_view text) {
  if (!is_utf8(text)) return {};
  return encode(normalise(nfc(), decode(text)));
}

std::optional<std::string> to_nfkc(std::string_view text) {
  if (!is_utf8(text)) return {};
  return encode(normalise(nfkc(), decode(text)));
}

std::optional<std::string> to_folded(std::string_view text) {
  if (!is_utf8(text)) return {};
  UnicodeString folded = normalise(nfc(), decode(text));
  folded.foldCase(U_FOLD_CASE_DEFAULT);
  return encode(normalise(nfc(), folded));
}

std::optional<Secret> to_nfc(const Secret& text) {
  const auto bytes = text.reveal();
  if (!is_utf8(bytes)) return {};
  if (is_ascii(bytes)) return text;
  constexpr std::size_t kLongestGrowth = 3;  // of NFC, in UTF-16 and in UTF-8 (UAX 15)
  UErrorCode status = U_ZERO_ERROR;
  std::int32_t length = 0;
  WipedText decoded(bytes.size());
  u_strFromUTF8(decoded.units.data(), decoded.capacity(), &length, bytes.data(),
                static_cast<std::int32_t>(bytes.size()), &status);
  require(status);
  const auto* form = unorm2_getNFCInstance(&status);
  require(status);
  WipedText normal(decoded.units.size() * kLongestGrowth);
  length = unorm2_normalize(form, decoded.units.data(), length, normal.units.data(),
                            normal.capacity(), &status);
  require(status);
  std::string encoded(static_cast<std::size_t>(length) * 3, '\0');
  std::int32_t encoded_length = 0;
  u_strToUTF8(encoded.data(), static_cast<std::int32_t>(encoded.size()), &encoded_length,
              normal.units.data(), length, &status);
  require(status);
  Secret result(std::string_view(encoded).substr(0, static_cast<std::size_t>(encoded_length)));
  explicit_bzero(encoded.data(), encoded.size());
  return result;
}

bool is_displayable(std::string_view text) {
  if (!is_utf8(text)) return false;
  const UnicodeString decoded = decode(text);
  bool visible = false;
  for (std::int32_t i = 0; i < decoded.length(); i = decoded.moveIndex32(i, 1)) {
    const UChar32 c = decoded.char32At(i);
    if (is_hidden(c)) return false;
    visible |= u_isUWhiteSpace(c) == 0;
  }
  return visible;
}

bool has_space(std::string_view text) {
  const UnicodeString decoded = decode(text);
  for (std::int32_t i = 0; i < decoded.length(); i = decoded.moveIndex32(i, 1)) {
    if (u_isUWhiteSpace(decoded.char32At(i)) != 0) return true;
  }
  return false;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(decode(text).countChar32());
}

}  // namespace claviger::protocol
