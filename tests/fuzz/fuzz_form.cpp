// What was read is text, and says the same after it was written and read again.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.hpp"
#include "base/form.hpp"
#include "base/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claviger;
  const auto form = Form::parse(as_text(ByteView(data, size)), 16);
  if (!form) return 0;
  if (form->fields().size() > 16) std::abort();
  for (const auto& [name, value] : form->fields()) {
    if (!is_utf8(name) || has_control_character(name) || !is_utf8(value)) std::abort();
    if (value.find('\0') != std::string::npos) std::abort();
    if (form->get(name).has_value() == form->all(name).empty()) std::abort();
  }
  const auto twice = form->first_repeated();
  if (twice && !form->repeated(*twice)) std::abort();
  Form whole;  // a pair "=" has neither name nor value, and is kept as such
  for (const auto& [name, value] : form->fields()) whole.add(name, value);
  const auto back = Form::parse(whole.encode(), 16);
  if (!back || back->fields() != form->fields()) std::abort();
  return 0;
}
