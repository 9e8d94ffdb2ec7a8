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
  std::string name;  // "s17"
  std::string text;
  bool described = false;
  std::vector<Oid> types;
};

// Used by the driver's thread alone.
class Statements {
 public:
  KnownStatement& of(std::string_view text) {
    const auto found = known_.find(text);
    if (found != known_.end()) return found->second;
    // Statement texts have static storage.
    auto& known = known_[text];
    known.name = "s" + std::to_string(known_.size());
    known.text = text;
    return known;
  }

 private:
  std::unordered_map<std::string_view, KnownStatement> known_;
};

}  // namespace claviger::store::postgres
