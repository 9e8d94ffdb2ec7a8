// Certificates made for a test: an authority, and servers that it vouches for.
#pragma once
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <memory>
#include <string>

namespace claviger::test {

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

class Certificate {
 public:
  // A certificate that signs itself and others.
  static Certificate authority() { return Certificate("Test authority", "", nullptr, true, 3600); }
  // For one name or address ("DNS:localhost,IP:127.0.0.1"), vouched for by `authority`.
  static Certificate server(const Certificate& authority,
                            const std::string& names = "DNS:localhost,IP:127.0.0.1",
                            long seconds = 3600) {
    return Certificate("server", names, &authority, false, seconds);
  }

  std::string pem() const {
    return text([this](BIO* out) { PEM_write_bio_X509(out, certificate_.get()); });
  }
  std::string key_pem() const {
    return text([this](BIO* out) {
      PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  X509* get() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }

 private:
  Certificate(const std::string& name, const std::string& names, const Certificate* authority,
              bool is_authority, long seconds)
      : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    X509* made = certificate_.get();
    static long serial = 1;
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made), -7200);
    X509_gmtime_adj(X509_getm_notAfter(made), seconds);
    X509_set_pubkey(made, key_.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(authority ? authority->get() : made));
    add(NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!names.empty()) add(NID_subject_alt_name, names);
    X509_sign(made, authority ? authority->key_.get() : key_.get(), EVP_sha256());
  }
  void add(int kind, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(certificate_.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  template <class Write>
  static std::string text(Write write) {
    BIO* out = BIO_new(BIO_s_mem());
    write(out);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string pem(data, static_cast<std::size_t>(size));
    BIO_free(out);
    return pem;
  }

  std::unique_ptr<EVP_PKEY, FreeKey> key_;
  std::unique_ptr<X509, FreeX509> certificate_;
};

inline void write_file(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

}  // namespace claviger::test
