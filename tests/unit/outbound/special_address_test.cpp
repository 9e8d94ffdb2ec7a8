// Which addresses are never a target (RFC6890, and the attacks FE-11, DC-10, OX-08 that reach for
// them).
#include <gtest/gtest.h>

#include "outbound/fetcher.hpp"

namespace claviger::outbound {
namespace {

struct Row {
  const char* address;
  bool refused;
};

class SpecialAddress : public ::testing::TestWithParam<Row> {};

TEST_P(SpecialAddress, RFC6890_is_judged) {
  EXPECT_EQ(is_refused_address(GetParam().address, false), GetParam().refused)
      << GetParam().address;
}

// The last address outside, the first and the last inside, the first outside again.
INSTANTIATE_TEST_SUITE_P(
    Ipv4, SpecialAddress,
    ::testing::Values(
        Row{"0.0.0.0", true}, Row{"0.255.255.255", true}, Row{"1.0.0.0", false},  //
        Row{"9.255.255.255", false}, Row{"10.0.0.0", true}, Row{"10.255.255.255", true},
        Row{"11.0.0.0", false},  //
        Row{"100.63.255.255", false}, Row{"100.64.0.0", true}, Row{"100.127.255.255", true},
        Row{"100.128.0.0", false},  //
        Row{"126.255.255.255", false}, Row{"127.0.0.0", true}, Row{"127.0.0.1", true},
        Row{"127.255.255.255", true}, Row{"128.0.0.0", false},  //
        Row{"169.253.255.255", false}, Row{"169.254.0.0", true}, Row{"169.254.169.254", true},
        Row{"169.254.255.255", true}, Row{"169.255.0.0", false},  //
        Row{"172.15.255.255", false}, Row{"172.16.0.0", true}, Row{"172.31.255.255", true},
        Row{"172.32.0.0", false},  //
        Row{"191.255.255.255", false}, Row{"192.0.0.0", true}, Row{"192.0.0.255", true},
        Row{"192.0.1.0", false}, Row{"192.0.1.255", false}, Row{"192.0.2.0", true},
        Row{"192.0.2.255", true}, Row{"192.0.3.0", false},  //
        Row{"192.31.195.255", false}, Row{"192.31.196.0", true}, Row{"192.31.197.0", false},
        Row{"192.52.192.255", false}, Row{"192.52.193.0", true}, Row{"192.52.194.0", false},
        Row{"192.88.98.255", false}, Row{"192.88.99.0", true}, Row{"192.88.100.0", false},  //
        Row{"192.167.255.255", false}, Row{"192.168.0.0", true}, Row{"192.168.255.255", true},
        Row{"192.169.0.0", false},  //
        Row{"192.175.47.255", false}, Row{"192.175.48.0", true}, Row{"192.175.49.0", false},
        Row{"198.17.255.255", false}, Row{"198.18.0.0", true}, Row{"198.19.255.255", true},
        Row{"198.20.0.0", false},  //
        Row{"198.51.99.255", false}, Row{"198.51.100.0", true}, Row{"198.51.101.0", false},
        Row{"203.0.112.255", false}, Row{"203.0.113.0", true}, Row{"203.0.114.0", false},  //
        Row{"223.255.255.255", false}, Row{"224.0.0.0", true}, Row{"239.255.255.255", true},
        Row{"240.0.0.0", true}, Row{"255.255.255.255", true}));

INSTANTIATE_TEST_SUITE_P(
    Ipv6, SpecialAddress,
    ::testing::Values(
        Row{"::", true}, Row{"::1", true}, Row{"::2", true},  //
        Row{"::ffff:127.0.0.1", true}, Row{"::ffff:8.8.8.8", true}, Row{"::8.8.8.8", true},
        Row{"100::1", true}, Row{"5f00::1", true},                                   //
        Row{"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true}, Row{"2000::", false},  //
        Row{"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false}, Row{"2001::", true},
        Row{"2001:0:4136:e378:8000:63bf:3fff:fdd2", true}, Row{"2001:10::1", true},
        Row{"2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", true}, Row{"2001:200::", false},  //
        Row{"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", false}, Row{"2001:db8::", true},
        Row{"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true}, Row{"2001:db9::", false},  //
        Row{"2002::", true}, Row{"2002:7f00:1::", true},
        Row{"2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true}, Row{"2003::", false},  //
        Row{"2620:4f:7fff:ffff:ffff:ffff:ffff:ffff", false}, Row{"2620:4f:8000::", true},
        Row{"2620:4f:8001::", false},  //
        Row{"3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false}, Row{"3fff::", true},
        Row{"3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", true}, Row{"3fff:1000::", false},
        Row{"3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false}, Row{"4000::", true},  //
        Row{"fc00::1", true}, Row{"fdff::1", true}, Row{"fe80::1", true}, Row{"fec0::1", true},
        Row{"ff02::1", true}, Row{"2a00:1450:4001:81b::200e", false}));

// RFC6052-2.1: the address inside the well-known prefix counts.
INSTANTIATE_TEST_SUITE_P(
    Nat64, SpecialAddress,
    ::testing::Values(Row{"64:ff9b::8.8.8.8", false}, Row{"64:ff9b::10.0.0.1", true},
                      Row{"64:ff9b::127.0.0.1", true}, Row{"64:ff9b::169.254.169.254", true},
                      Row{"64:ff9b:0:0:0:1:808:808", true}, Row{"64:ff9b:1::8.8.8.8", true}));

INSTANTIATE_TEST_SUITE_P(NoAddress, SpecialAddress,
                         ::testing::Values(Row{"", true}, Row{"localhost", true},
                                           Row{"8.8.8", true}, Row{"010.8.8.8", true},
                                           Row{"0x8.8.8.8", true}, Row{"134744072", true},
                                           Row{"8.8.8.8 ", true}, Row{"[::1]", true},
                                           Row{"2000::1%eth0", true}));

TEST(SpecialAddressLoopback, is_exempt_when_asked_and_nothing_else_is) {
  EXPECT_FALSE(is_refused_address("127.0.0.1", true));
  EXPECT_FALSE(is_refused_address("127.255.255.255", true));
  EXPECT_FALSE(is_refused_address("::1", true));
  for (const char* other : {"::ffff:127.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::", "0.0.0.0",
                            "::", "10.0.0.1", "169.254.169.254", "fe80::1", "128.0.0.0.1"}) {
    EXPECT_TRUE(is_refused_address(other, true)) << other;
  }
}

TEST(SpecialAddressText, ends_at_no_hidden_zero_byte) {
  EXPECT_TRUE(is_refused_address(std::string_view("8.8.8.8\0.example", 16), false));
}

}  // namespace
}  // namespace claviger::outbound
