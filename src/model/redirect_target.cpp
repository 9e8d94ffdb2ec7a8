#include "model/redirect_target.hpp"

#include "base/form.hpp"

namespace claviger {
namespace {

std::string pair_of(std::string_view name, std::string_view value) {
  return percent_encode(name) + '=' + percent_encode(value);
}

}  // namespace

std::string RedirectTarget::with_query(const Parameters& parameters) const {
  std::string out = uri_;
  const auto question = out.find('?');
  // "?" alone and a closing "&" already separate; another "&" would add an empty parameter.
  bool separated = question != std::string::npos && (out.ends_with('?') || out.ends_with('&'));
  char separator = question == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : parameters) {
    if (!separated) out.push_back(separator);
    separated = false;
    separator = '&';
    out += pair_of(name, value);
  }
  return out;
}

std::string RedirectTarget::with_fragment(const Parameters& parameters) const {
  std::string out = uri_;
  char separator = '#';
  for (const auto& [name, value] : parameters) {
    out.push_back(separator);
    separator = '&';
    out += pair_of(name, value);
  }
  return out;
}

OwnPath OwnPath::with(std::string_view name, std::string_view value) const {
  OwnPath out = *this;
  out.text_.push_back(text_.find('?') == std::string::npos ? '?' : '&');
  out.text_ += pair_of(name, value);
  return out;
}

}  // namespace claviger
