// What every fault test starts from: a home, and at its end a look for secrets in the log and in
// the files of the data folder (PW-13, SQ-03, I8).
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/chaos/canary.hpp"
#include "tests/chaos/server_process.hpp"
#include "tests/chaos/visitor.hpp"
#include "tests/support/fault_report.hpp"

namespace claviger::test {

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Chaos : public testing::Test {
 protected:
  void TearDown() override {
    look_into_log();
    look_into_files();
  }

  void look_into_log() { EXPECT_EQ(canary.count_in(home.log()), 0u) << "a secret is in the log"; }
  void look_into_files() {
    if (!std::filesystem::exists(home.data())) return;
    for (const auto& entry : std::filesystem::directory_iterator(home.data())) {
      const auto name = entry.path().filename().string();
      if (!name.starts_with("claviger.db") || name.ends_with("-shm")) continue;
      EXPECT_EQ(canary.count_in(bytes_of(entry.path())), 0u) << "a secret is in " << name;
    }
  }
  void learn(Visitor& visitor) {
    canary.learn(visitor.secrets());
    visitor.forget_secrets();
  }

  ServerHome home;
  Canary canary;
};

inline unsigned status_of(const std::optional<Answer>& answer) {
  return answer ? answer->status : 0;
}
inline std::string error_of(const std::optional<Answer>& answer) {
  return answer ? answer->member("error") : "no answer";
}

}  // namespace claviger::test
