// SQ-13: which databases may be named, and how they must prove who they are.
#include <gtest/gtest.h>

#include "config/addresses.hpp"
#include "config/load.hpp"

namespace claviger::config {
namespace {

std::vector<Complaint> complaints_about(const std::string& url) {
  Settings settings;
  settings.store.url = Secret(url);
  return judge(settings, {});
}

TEST(StoreUrl, SQ_13_sockets_loopback_and_proven_servers_are_fine) {
  for (const char* url :
       {"", "postgresql:///claviger", "postgresql:///claviger?host=/run/postgresql",
        "postgresql://claviger@/claviger?host=/run/postgresql&options=-cx%3Dy",
        "postgresql://claviger:word@localhost:5432/claviger",
        "postgresql://claviger@127.0.0.1/claviger?sslmode=disable",
        "postgresql://claviger@[::1]/claviger", "postgresql://claviger@db.example.com/claviger",
        "postgres://claviger@db.example.com/claviger?sslmode=verify-full",
        "postgresql://u@db.example.com/c?sslrootcert=/etc/claviger/ca.pem",
        "postgresql:///c?host=/a,/b,localhost&target_session_attrs=primary&sslmode=disable",
        "postgresql://u@one,two.example/c?target_session_attrs=read-write",
        "postgresql://u@/c?host=one,two&port=5432,5433&target_session_attrs=read-write"}) {
    EXPECT_TRUE(complaints_about(url).empty()) << url;
  }
}

TEST(StoreUrl, SQ_13_a_server_elsewhere_proves_its_name) {
  for (const char* mode : {"disable", "allow", "prefer", "require", "verify-ca", "nonsense"}) {
    const auto all = complaints_about(
        std::string("postgresql://claviger:word@db.example.com/c?sslmode=") + mode);
    ASSERT_EQ(all.size(), 1U) << mode;
    EXPECT_EQ(all[0].where, "default of store.url");
    EXPECT_EQ(all[0].message, std::string("[store] url: sslmode=") + mode +
                                  " does not make the server prove its name");
  }
  // The host that counts is the parameter, and the last one of several.
  for (const char* url :
       {"postgresql://localhost/c?host=db.example.com&sslmode=require",
        "postgresql:///c?host=/run/postgresql&host=db.example.com&sslmode=require",
        "postgresql://db.example.com/c?sslmode=verify-full&sslmode=require",
        "postgresql:///c?host=/a,b&target_session_attrs=primary&sslmode=require"}) {
    EXPECT_EQ(complaints_about(url).size(), 1U) << url;
  }
}

TEST(StoreUrl, what_is_not_understood_is_not_taken_and_not_quoted) {
  for (const char* url : {"claviger-password", "mysql://root:claviger-password@localhost/c",
                          "postgresql://a b/c", "postgresql://u:claviger-password@one,two/c",
                          "postgresql://u:claviger-password@one,two/c?target_session_attrs=any",
                          "postgresql://u:claviger-password@localhost/c?hostaddr=10.0.0.1",
                          "postgresql://u@localhost/c?service=claviger-password",
                          "postgresql://u:claviger-password@localhost/c#fragment",
                          "host=localhost password=claviger-password"}) {
    const auto all = complaints_about(url);
    ASSERT_EQ(all.size(), 1U) << url;
    EXPECT_EQ(all[0].message.find("claviger-password"), std::string::npos) << all[0].message;
    EXPECT_FALSE(all[0].help.empty());
  }
}

}  // namespace
}  // namespace claviger::config
