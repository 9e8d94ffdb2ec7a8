// One form sent many times at one moment, over as many connections. Each request waits behind "100
// Continue" until all have arrived; then all bodies go out at once.
#pragma once
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "tests/chaos/http_client.hpp"

namespace claviger::test {

class Volley {
 public:
  // The connections go to the nodes in turns.
  Volley(std::uint16_t issuer_port, const std::vector<std::uint16_t>& nodes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      connections_.emplace_back(nodes[i % nodes.size()], issuer_port);
    }
  }

  // The answers in the order of the connections.
  std::vector<Answer> fire(const std::string& target, const Form& form) {
    if (!connected_) connect();
    const Question question{
        .target = target, .form = &form, .headers = {{"Expect", "100-continue"}}};
    for (auto& one : connections_) one.write(one.head_of(question));
    for (auto& one : connections_) EXPECT_EQ(one.read().value_or(Answer{}).status, 100u);
    const auto body = HttpClient::body_of(question);
    for (auto& one : connections_) one.write(body);
    std::vector<Answer> answers;
    for (auto& one : connections_) answers.push_back(one.read().value_or(Answer{}));
    return answers;
  }

 private:
  void connect() {
    for (auto& one : connections_) EXPECT_TRUE(one.connect());
    connected_ = true;
  }
  std::deque<HttpClient> connections_;
  bool connected_ = false;
};

}  // namespace claviger::test
