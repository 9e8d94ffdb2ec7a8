#include "tests/chaos/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "base/json.hpp"

namespace claviger::test {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::optional<Answer> parse_head(std::string_view head) {
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) return std::nullopt;
  Answer answer;
  answer.status = static_cast<unsigned>(std::stoul(std::string(head.substr(9, 3))));
  auto line = head.find("\r\n") + 2;
  while (line < head.size()) {
    const auto end = std::min(head.find("\r\n", line), head.size());
    const auto field = head.substr(line, end - line);
    const auto colon = field.find(": ");
    if (colon == std::string_view::npos) break;
    answer.headers.emplace_back(lower(field.substr(0, colon)), field.substr(colon + 2));
    line = end + 2;
  }
  return answer;
}

bool is_post(const Question& question) {
  return question.post || question.form != nullptr || !question.json.empty();
}

}  // namespace

std::string Answer::header(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (field == name) return value;
  }
  return {};
}

std::string Answer::member(std::string_view name) const {
  const auto document = parse_json(body);
  if (!document || !document->is_object()) return {};
  return std::string(json_text(document->get_object(), name).value_or(""));
}

std::string HttpClient::body_of(const Question& question) {
  return question.form != nullptr ? question.form->encode() : question.json;
}

std::string HttpClient::head_of(const Question& question) const {
  std::string head = is_post(question) ? "POST " : "GET ";
  head += question.target + " HTTP/1.1\r\nHost: localhost:" + std::to_string(issuer_port_) + "\r\n";
  if (question.form != nullptr) head += "Content-Type: application/x-www-form-urlencoded\r\n";
  if (!question.json.empty()) head += "Content-Type: application/json\r\n";
  if (is_post(question)) {
    head += "Content-Length: " + std::to_string(body_of(question).size()) + "\r\n";
  }
  for (const auto& [name, value] : question.headers) head += name + ": " + value + "\r\n";
  return head + "\r\n";
}

std::optional<Answer> HttpClient::ask(const Question& question) {
  if (fd_ < 0 && !connect()) return std::nullopt;
  std::optional<Answer> answer;
  if (write(head_of(question) + body_of(question))) answer = read();
  if (!answer || answer->header("connection") == "close") close();
  return answer;
}

bool HttpClient::connect() {
  close();
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{.tv_sec = 150, .tv_usec = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return true;
  close();
  return false;
}

void HttpClient::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  pending_.clear();
}

bool HttpClient::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::optional<Answer> HttpClient::read() {
  std::size_t end = 0;
  while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return std::nullopt;
  }
  auto answer = parse_head(std::string_view(pending_).substr(0, end + 2));
  pending_.erase(0, end + 4);
  if (!answer || answer->status < 200) return answer;
  const auto length = answer->header("content-length");
  const auto size = length.empty() ? 0 : std::stoul(length);
  while (pending_.size() < size) {
    if (!receive()) return std::nullopt;
  }
  answer->body = pending_.substr(0, size);
  pending_.erase(0, size);
  return answer;
}

bool HttpClient::receive() {
  char bytes[8192];
  const auto count = ::recv(fd_, bytes, sizeof(bytes), 0);
  if (count <= 0) return false;
  pending_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

}  // namespace claviger::test
