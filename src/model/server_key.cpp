#include "model/server_key.hpp"

#include <cstdlib>

namespace claviger {

std::string_view to_string(KeyPurpose purpose) {
  switch (purpose) {
    case KeyPurpose::signing:
      return "signing";
    case KeyPurpose::refresh_mac:
      return "refresh_mac";
    case KeyPurpose::secret_hash:
      return "secret_hash";
  }
  std::abort();
}

}  // namespace claviger
