// A plain HTTP/1.1 client on a blocking socket, kept alive between requests. An answer counts only
// when all of it came (I5: half an answer is none).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/form.hpp"

namespace claviger::test {

struct Answer {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  std::string header(std::string_view name) const;
  std::string member(std::string_view name) const;  // of a JSON object; empty: there is none
};

struct Question {
  std::string target;
  const Form* form = nullptr;  // posted when there is one
  std::string json;            // likewise
  std::vector<std::pair<std::string, std::string>> headers;
  bool post = false;  // without a body
};

class HttpClient {
 public:
  // `issuer_port`: of the address that it asks for, where a node listens on another port than that.
  explicit HttpClient(std::uint16_t port, std::uint16_t issuer_port = 0)
      : port_(port), issuer_port_(issuer_port == 0 ? port : issuer_port) {}
  ~HttpClient() { close(); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Nothing: no connection, or it broke before the answer was whole. Whether the server acted is
  // then unknown.
  std::optional<Answer> ask(const Question& question);

  // The same in pieces, for tests that hold many requests at one point.
  bool connect();
  bool write(std::string_view bytes);
  std::optional<Answer> read();  // 1xx answers are answers too
  void close();
  std::string head_of(const Question& question) const;
  static std::string body_of(const Question& question);

 private:
  bool receive();

  std::uint16_t port_;
  std::uint16_t issuer_port_;
  int fd_ = -1;
  std::string pending_;
};

}  // namespace claviger::test
