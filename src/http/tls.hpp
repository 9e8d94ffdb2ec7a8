// TLS for the listeners: 1.2 with forward secrecy and AES-GCM alone, and 1.3 (RFC9325-4.2).
// Certificate and key are read again when their files change.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "http/tls_channel.hpp"

namespace claviger::http {

struct TlsFiles {
  std::string certificate;  // PEM, the chain behind it
  std::string key;          // PEM
  bool empty() const { return certificate.empty(); }
};

// Until when the certificate is good. Throws std::runtime_error with a sentence when the pair can't
// be used at all.
std::chrono::system_clock::time_point examine(const TlsFiles& files);

class Tls {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  // Throws std::runtime_error with a sentence when the files can't be used.
  Tls(TlsFiles files, Log& log);

  // For one connection, whose descriptor stays the caller's. Looks at the files first, every few
  // seconds: a new pair that can't be used is logged, and the old one stays.
  TlsChannel accept(int descriptor, Instant now);

 private:
  using Changed = std::pair<std::filesystem::file_time_type, std::filesystem::file_time_type>;
  Changed changed() const;
  std::shared_ptr<SSL_CTX> current(Instant now);

  const TlsFiles files_;
  Log& log_;
  std::mutex mutex_;
  std::shared_ptr<SSL_CTX> context_;
  Changed seen_;
  Instant loaded_at_;
  Instant looked_at_;
};

}  // namespace claviger::http
