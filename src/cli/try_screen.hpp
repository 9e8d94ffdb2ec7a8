// What a person sees on standard error while a flow goes on; standard output is for the answer.
#pragma once
#include "cli/console.hpp"
#include "cli/try.hpp"

namespace claviger::cli {

class TryScreen final : public TryWatcher {
 public:
  explicit TryScreen(Console& console) : console_(console) {}

  void visit(const std::string& url, bool opened) override;
  void enter(const DeviceInvitation& invitation) override;
  void wait(std::string_view for_what, std::chrono::milliseconds since) override;
  void waited() override;

 private:
  Console& console_;
  bool told_ = false;      // that we wait, where nothing can turn
  bool spinning_ = false;  // a line is on the screen that must go again
};

}  // namespace claviger::cli
