#include "cli/try_screen.hpp"

#include <fmt/format.h>

#include <array>
#include <ostream>

#include "cli/qr_code.hpp"
#include "cli/words.hpp"

namespace claviger::cli {
namespace {

using namespace std::chrono_literals;

// A wait that is over at once is none worth showing.
constexpr auto kPatience = 300ms;
constexpr std::array<std::string_view, 8> kTurning{"⠋", "⠙", "⠸", "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr std::array<std::string_view, 4> kPlainTurning{"|", "/", "-", "\\"};

std::string_view frame(bool unicode, std::chrono::milliseconds since) {
  const auto number = static_cast<std::size_t>(since / 100ms);
  return unicode ? kTurning[number % kTurning.size()]
                 : kPlainTurning[number % kPlainTurning.size()];
}

}  // namespace

void TryScreen::visit(const std::string& url, bool opened) {
  console_.err << (opened ? "Your browser opens. If it doesn't, sign in here:\n\n  "
                          : "Sign in here:\n\n  ")
               << harmless(url) << "\n\n"
               << std::flush;
}

void TryScreen::enter(const DeviceInvitation& invitation) {
  console_.err << fmt::format(
      "Open this address on any device\n\n  {}\n\nand enter the code\n\n"
      "  {}\n\nwithin {}.\n\n",
      harmless(invitation.verification_uri), harmless(invitation.user_code),
      duration_words(invitation.good_for));
  const auto& complete = invitation.verification_uri_complete;
  const bool drawable = console_.err_is_terminal && console_.unicode;
  const auto code = drawable ? draw_qr_code(complete, console_.color) : std::nullopt;
  if (code) console_.err << "Or scan this, and only compare the code:\n\n" << *code << "\n";
  if (!complete.empty() && !code) {
    console_.err << "Or open the address with the code in it:\n\n  " << harmless(complete)
                 << "\n\n";
  }
  console_.err << std::flush;
}

void TryScreen::wait(std::string_view for_what, std::chrono::milliseconds since) {
  if (since < kPatience) return;
  if (!console_.err_is_terminal) {
    if (!told_) console_.err << "waiting for " << for_what << "\n" << std::flush;
    told_ = true;
    return;
  }
  spinning_ = true;
  console_.err << fmt::format("\r{} waiting for {}  {}s\033[K", frame(console_.unicode, since),
                              for_what, since / 1s)
               << std::flush;
}

void TryScreen::waited() {
  if (spinning_) console_.err << "\r\033[K" << std::flush;
  spinning_ = false;
  told_ = false;
}

}  // namespace claviger::cli
