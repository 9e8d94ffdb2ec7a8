// HT-13: forwarded fields are believed of trusted proxies alone. SE-16: one that is no address ends
// the search instead of opening a door.
#include <gtest/gtest.h>

#include "http/client_address.hpp"

namespace claviger::http {
namespace {

std::string client(const TrustedProxies& proxies, const std::string& peer,
                   std::initializer_list<std::string> fields) {
  Headers headers;
  for (const auto& field : fields) headers.add("X-Forwarded-For", field);
  return proxies.client_of(peer, headers);
}

TEST(ClientAddress, HT_13_a_stranger_is_not_believed) {
  const TrustedProxies none;
  const TrustedProxies proxies({"10.0.0.0/8"});
  EXPECT_EQ(client(none, "192.0.2.9", {"198.51.100.1"}), "192.0.2.9");
  EXPECT_EQ(client(proxies, "192.0.2.9", {"198.51.100.1"}), "192.0.2.9");
}

TEST(ClientAddress, the_right_most_untrusted_address_counts) {
  const TrustedProxies proxies({"10.0.0.0/8", "127.0.0.1"});
  EXPECT_EQ(client(proxies, "10.1.1.1", {"198.51.100.1"}), "198.51.100.1");
  EXPECT_EQ(client(proxies, "10.1.1.1", {"203.0.113.7, 198.51.100.1, 10.2.2.2"}), "198.51.100.1");
  EXPECT_EQ(client(proxies, "10.1.1.1", {"203.0.113.7", "198.51.100.1", "10.2.2.2"}),
            "198.51.100.1");
  EXPECT_EQ(client(proxies, "127.0.0.1", {"2001:db8::1"}), "2001:db8::1");
  EXPECT_EQ(client(proxies, "10.1.1.1", {}), "10.1.1.1");
}

TEST(ClientAddress, SE_16_nonsense_falls_back_to_the_last_proxy) {
  const TrustedProxies proxies({"10.0.0.0/8"});
  EXPECT_EQ(client(proxies, "10.1.1.1", {"unknown"}), "10.1.1.1");
  EXPECT_EQ(client(proxies, "10.1.1.1", {"198.51.100.1, x, 10.2.2.2"}), "10.2.2.2");
  EXPECT_EQ(client(proxies, "10.1.1.1", {""}), "10.1.1.1");
  EXPECT_EQ(client(proxies, "10.1.1.1", {"127.0.0.1:80"}), "10.1.1.1");
}

TEST(TrustedProxies, ranges_end_where_they_say) {
  const TrustedProxies proxies({"192.0.2.128/25", "2001:db8::/33", "198.51.100.7"});
  EXPECT_TRUE(proxies.contains("192.0.2.128"));
  EXPECT_TRUE(proxies.contains("192.0.2.255"));
  EXPECT_FALSE(proxies.contains("192.0.2.127"));
  EXPECT_TRUE(proxies.contains("2001:db8:7fff::1"));
  EXPECT_FALSE(proxies.contains("2001:db8:8000::1"));
  EXPECT_TRUE(proxies.contains("198.51.100.7"));
  EXPECT_TRUE(proxies.contains("::ffff:198.51.100.7"));
  EXPECT_FALSE(proxies.contains("198.51.100.8"));
  EXPECT_FALSE(proxies.contains("unix"));
}

TEST(TrustedProxies, nonsense_is_told_at_the_start) {
  for (const auto* text : {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "::1/129"})
    EXPECT_THROW(TrustedProxies({text}), std::invalid_argument) << text;
}

TEST(Address, loopback_is_told) {
  for (const auto* text : {"127.0.0.1", "127.255.1.2", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(Address::parse(text)->is_loopback()) << text;
  for (const auto* text : {"128.0.0.1", "::2", "0.0.0.0"})
    EXPECT_FALSE(Address::parse(text)->is_loopback()) << text;
}

}  // namespace
}  // namespace claviger::http
