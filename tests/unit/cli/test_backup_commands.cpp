// `claviger backup`, `restore` and `store new-epoch`: how they are asked, and what they say.
#include <gtest/gtest.h>

#include "tests/unit/cli/harness.hpp"

namespace claviger::cli {
namespace {

namespace json = boost::json;
using test::Harness;

const json::object kMade{
    {"file", "/mnt/today"},  {"bytes", 4096},
    {"storage_epoch", 1},    {"milliseconds", 104},
    {"master_key", nullptr}, {"master_key_of_server", "/var/lib/claviger/master.key"}};

TEST(BackupCommands, a_backup_says_loudly_that_the_master_key_is_not_in_it) {
  Harness harness;
  harness.recorded.store_state = kMade;
  const auto ran = harness.run({"backup", "/mnt/today"});
  EXPECT_EQ(ran.code, kOk);
  EXPECT_NE(ran.out.find("master key is NOT in it"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("/var/lib/claviger/master.key"), std::string::npos);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(json::parse(harness.run({"backup", "/mnt/today", "--json"}).out), json::value(kMade));
  harness.recorded.store_state["master_key"] = "/mnt/today.master.key";
  const auto both = harness.run({"backup", "/mnt/today", "--with-master-key"});
  EXPECT_NE(both.out.find("keep them apart"), std::string::npos) << both.out;
  EXPECT_EQ(harness.recorded.store_calls.back(), "back up /mnt/today with key");
}

TEST(BackupCommands, what_a_restore_is_asked_for) {
  Harness harness;
  harness.recorded.store_state = {{"file", "/mnt/today"}, {"live_families", 7}};
  const auto looked = harness.run({"restore", "/mnt/today", "--verify"});
  EXPECT_NE(looked.out.find("This backup is sound."), std::string::npos) << looked.out;
  EXPECT_EQ(harness.recorded.store_calls.back(), "restore /mnt/today verify");
  harness.recorded.store_state["restored_to"] = "/srv/new";
  const auto done = harness.run({"restore", "/mnt/today", "--to", "/srv/new", "--master-key", "/k",
                                 "--revoke-since", "2026-11-22T20:00:00Z"});
  EXPECT_EQ(done.code, kOk);
  EXPECT_EQ(harness.recorded.store_calls.back(),
            "restore /mnt/today to /srv/new key /k since 1795377600");
  EXPECT_NE(done.out.find("7 families"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("--revoke-since"), std::string::npos);
  harness.run({"restore", "/mnt/today", "--revoke-since", "2026-11-22"});
  EXPECT_EQ(harness.recorded.store_calls.back(), "restore /mnt/today since 1795305600");
}

TEST(BackupCommands, moments_that_are_none) {
  for (const char* text :
       {"", "yesterday", "2026-13-01", "2026-11-22T20:00:00", "2026-11-22T25:00:00Z",
        "2026-02-30T00:00:00Z", "2026-11-22x", "2026-11-22T20:00:00Zx"}) {
    Harness harness;
    EXPECT_EQ(harness.run({"restore", "/mnt/today", "--revoke-since", text}).code, kUsage) << text;
    EXPECT_TRUE(harness.recorded.store_calls.empty());
  }
  Harness harness;
  EXPECT_EQ(harness.run({"restore", "/mnt/today", "--verify", "--to", "/srv/new"}).code, kUsage);
}

TEST(BackupCommands, new_epoch_and_what_goes_wrong) {
  Harness harness;
  harness.recorded.store_state = {{"storage_epoch", 2}, {"since", "2026-11-22T20:00:00Z"}};
  const auto raised = harness.run({"store", "new-epoch"});
  EXPECT_EQ(raised.out, "storage epoch  2\nsince          2026-11-22T20:00:00Z\n");
  harness.recorded.store_fault = "the disk is full";
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"store", "new-epoch"}, {"backup", "/x"}, {"restore", "/x"}}) {
    const auto ran = harness.run(words);
    EXPECT_EQ(ran.code, kFailed);
    EXPECT_NE(ran.err.find("error: the disk is full"), std::string::npos);
    EXPECT_NE(ran.err.find("next:"), std::string::npos);
  }
}

}  // namespace
}  // namespace claviger::cli
