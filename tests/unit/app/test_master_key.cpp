// The file that opens everything sealed: made once, and never open to others.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/master_key.hpp"
#include "crypto/system_random.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace claviger::app {
namespace {

class MasterKey : public testing::Test {
 protected:
  ~MasterKey() override { ::unsetenv("CREDENTIALS_DIRECTORY"); }
  std::string refusal(bool database_exists = true) {
    try {
      open_master_key(path, database_exists, random);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }
  void key_with(mode_t mode) {
    std::ofstream(path) << std::string(32, 'k');
    ::chmod(path.c_str(), mode);
  }

  test::TempFolder folder;
  const std::string path = folder.path() + "/master.key";
  crypto::SystemRandom random;
};

TEST_F(MasterKey, SQ_04_is_made_for_its_owner_alone_when_there_is_no_database) {
  EXPECT_NE(refusal(true).find("restore this file"), std::string::npos);
  EXPECT_EQ(refusal(false), "");
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777u, 0600u);
}

TEST_F(MasterKey, SQ_04_open_to_others_is_refused) {
  for (const mode_t mode : {0640u, 0604u, 0660u}) {
    key_with(mode);
    EXPECT_NE(refusal().find("chmod 600"), std::string::npos) << mode;
  }
}

// An access list for the service stands in the mode as bits of the group.
TEST_F(MasterKey, SQ_04_a_credential_of_systemd_has_bits_of_the_group) {
  ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  key_with(0440);
  EXPECT_EQ(refusal(), "");
  key_with(0444);
  EXPECT_NE(refusal(), "");
  ::setenv("CREDENTIALS_DIRECTORY", (folder.path() + "/master").c_str(), 1);
  key_with(0440);
  EXPECT_NE(refusal(), "");
}

}  // namespace
}  // namespace claviger::app
