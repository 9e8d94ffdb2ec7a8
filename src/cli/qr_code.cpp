#include "cli/qr_code.hpp"

#include <qrcodegen/qrcodegen.hpp>

namespace claviger::cli {
namespace {

constexpr std::size_t kLongestText = 200;
constexpr int kQuietZone = 2;  // the standard asks for four; cameras are content with two

}  // namespace

std::optional<std::string> draw_qr_code(const std::string& text, bool color) {
  using qrcodegen::QrCode;
  if (text.empty() || text.size() > kLongestText) return std::nullopt;
  const auto code = QrCode::encodeText(text.c_str(), QrCode::Ecc::LOW);
  const int end = code.getSize() + kQuietZone;
  std::string out;
  for (int y = -kQuietZone; y < end; y += 2) {
    out += color ? "\033[97;40m" : "";
    for (int x = -kQuietZone; x < end; ++x) {
      // Beyond the edge everything is light; light is what is drawn.
      const bool upper = !code.getModule(x, y);
      const bool lower = y + 1 < end && !code.getModule(x, y + 1);
      out += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    out += color ? "\033[0m\n" : "\n";
  }
  return out;
}

}  // namespace claviger::cli
