// What systemd is told, by a socket of the test's own in its place.
#include "app/supervisor.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <cstddef>
#include <cstdlib>

#include "tests/support/temp_folder.hpp"

namespace claviger::test {
namespace {

class Listener {
 public:
  // A name that begins with @ is an abstract one.
  explicit Listener(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(name.begin(), name.end(), address.sun_path);
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = offsetof(sockaddr_un, sun_path) + name.size();
    const bool bound = ::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address),
                              static_cast<socklen_t>(size)) == 0;
    EXPECT_TRUE(bound) << name;
  }
  // Empty: nothing was sent.
  std::string next() {
    char text[512];
    const auto size = ::recv(socket_.get(), text, sizeof(text), MSG_DONTWAIT);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "";
  }

 private:
  http::Descriptor socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

TEST(Supervisor, SaysWhatHappens) {
  const TempFolder folder;
  const auto path = folder.path() + "/notify";
  Listener listener(path);
  app::Supervisor supervisor(path, std::chrono::microseconds(0));
  supervisor.status("opening the database");
  EXPECT_EQ(listener.next(), "STATUS=opening the database");
  supervisor.ready("serving");
  EXPECT_EQ(listener.next(), "READY=1\nSTATUS=serving");
  supervisor.stopping("answering");
  EXPECT_EQ(listener.next(), "STOPPING=1\nSTATUS=answering");
  EXPECT_EQ(listener.next(), "");
}

TEST(Supervisor, KnowsAbstractNames) {
  const auto name = "@claviger-test-" + std::to_string(::getpid());
  Listener listener(name);
  app::Supervisor supervisor(name, std::chrono::microseconds(0));
  supervisor.ready("serving");
  EXPECT_EQ(listener.next(), "READY=1\nSTATUS=serving");
}

TEST(Supervisor, IsNotNeeded) {
  for (const char* name : {"", "relative", "/nobody/listens/there"}) {
    app::Supervisor supervisor(name, std::chrono::microseconds(0));
    supervisor.ready("serving");
    supervisor.alive();
  }
}

class Environment : public testing::Test {
 protected:
  void TearDown() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
  TempFolder folder;
  const std::string path = folder.path() + "/notify";
};

TEST_F(Environment, IsTakenAndNotPassedOn) {
  Listener listener(path);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  app::Supervisor supervisor;
  EXPECT_EQ(supervisor.watchdog(), std::chrono::seconds(30));
  supervisor.ready("serving");
  EXPECT_EQ(listener.next(), "READY=1\nSTATUS=serving");
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
    EXPECT_EQ(std::getenv(name), nullptr) << name;
  }
}

TEST_F(Environment, MayMeanAnotherProcess) {
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(app::Supervisor().watchdog().count(), 0);
}

TEST_F(Environment, MayHoldSocketsThatListen) {
  ::setenv("LISTEN_FDS", "2", 1);
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_EQ(app::Supervisor().sockets(), (std::vector<int>{3, 4}));
  EXPECT_EQ(std::getenv("LISTEN_FDS"), nullptr);
  ::setenv("LISTEN_FDS", "2", 1);
  ::setenv("LISTEN_PID", "1", 1);
  EXPECT_TRUE(app::Supervisor().sockets().empty());
}

// One thread that hangs is enough for the server to be started again.
TEST(SignsOfLife, ComeWhenEveryThreadHasAnswered) {
  const TempFolder folder;
  const auto path = folder.path() + "/notify";
  Listener listener(path);
  boost::asio::io_context one(1);
  boost::asio::io_context other(1);
  const auto keep_one = boost::asio::make_work_guard(one);
  const auto keep_other = boost::asio::make_work_guard(other);
  app::Supervisor supervisor(path, std::chrono::hours(1));
  const app::SignsOfLife signs(supervisor, {one.get_executor(), other.get_executor()});
  one.run_one();
  EXPECT_EQ(listener.next(), "");
  other.run_one();
  EXPECT_EQ(listener.next(), "WATCHDOG=1");
}

TEST(SignsOfLife, ComeAgain) {
  const TempFolder folder;
  const auto path = folder.path() + "/notify";
  Listener listener(path);
  boost::asio::io_context one(1);
  const auto keep_one = boost::asio::make_work_guard(one);
  app::Supervisor supervisor(path, std::chrono::milliseconds(2));
  const app::SignsOfLife signs(supervisor, {one.get_executor()});
  for (int i = 0; i < 3; ++i) {
    one.run_one();
    EXPECT_EQ(listener.next(), "WATCHDOG=1");
  }
}

}  // namespace
}  // namespace claviger::test
