// Every statement text of this process, with its name on the server and the types of its
// parameters, which the server was asked for once.
#pragma once
#include <libpq-fe.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace claviger::store::postgres {

struct KnownStatement {
  std::size_t number = 0;
  std::string name;  // "s17"
  std::string text;
  bool described = false;
  std::vector<Oid> types;
};

// Used by the driver's thread alone.
class Statements {
 public:
  KnownStatement& of(std::string_view text) {
    // Texts have static storage, so the address finds nearly all of them; a text is up to a
    // kilobyte to hash, three times an execution.
    auto& here = by_address_[text.data()];
    if (here == nullptr || here->text != text) here = &by_text(text);
    return *here;
  }

 private:
  KnownStatement& by_text(std::string_view text) {
    const auto found = known_.find(text);
    if (found != known_.end()) return found->second;
    auto& known = known_[text];
    known.number = known_.size();
    known.name = "s" + std::to_string(known.number);
    known.text = text;
    return known;
  }

  std::unordered_map<std::string_view, KnownStatement> known_;
  std::unordered_map<const char*, KnownStatement*> by_address_;
};

}  // namespace claviger::store::postgres
