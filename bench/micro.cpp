// What the parts of a request cost by themselves. ./dev bench holds whole requests against
// `signature/ES256` and `verification/ES256`, which are OpenSSL's own with nothing of ours around
// them.
#include <benchmark/benchmark.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <array>
#include <memory>

#include "base/form.hpp"
#include "crypto/jws.hpp"
#include "store/sqlite/open.hpp"
#include "tests/support/records.hpp"
#include "tests/support/site.hpp"

namespace claviger::test {
namespace {

using KeyPointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using ContextPointer = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

KeyPointer p256_key() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

void signature(benchmark::State& state) {
  const auto key = p256_key();
  const ContextPointer context(EVP_PKEY_CTX_new(key.get(), nullptr), &EVP_PKEY_CTX_free);
  EVP_PKEY_sign_init(context.get());
  std::array<unsigned char, 32> digest{1, 2, 3};
  std::array<unsigned char, 80> signature{};
  for (auto _ : state) {
    std::size_t length = signature.size();
    if (EVP_PKEY_sign(context.get(), signature.data(), &length, digest.data(), digest.size()) != 1)
      state.SkipWithError("no signature");
    benchmark::DoNotOptimize(signature);
  }
}
BENCHMARK(signature)->Name("signature/ES256");

void verification(benchmark::State& state) {
  const auto key = p256_key();
  const ContextPointer signer(EVP_PKEY_CTX_new(key.get(), nullptr), &EVP_PKEY_CTX_free);
  const ContextPointer verifier(EVP_PKEY_CTX_new(key.get(), nullptr), &EVP_PKEY_CTX_free);
  EVP_PKEY_sign_init(signer.get());
  EVP_PKEY_verify_init(verifier.get());
  std::array<unsigned char, 32> digest{1, 2, 3};
  std::array<unsigned char, 80> signature{};
  std::size_t length = signature.size();
  EVP_PKEY_sign(signer.get(), signature.data(), &length, digest.data(), digest.size());
  for (auto _ : state) {
    if (EVP_PKEY_verify(verifier.get(), signature.data(), length, digest.data(), digest.size()) !=
        1)
      state.SkipWithError("not verified");
  }
}
BENCHMARK(verification)->Name("verification/ES256");

boost::json::object some_claims() {
  return {{"iss", kIssuer},           {"sub", "shop"},
          {"aud", kIssuer},           {"client_id", "shop"},
          {"scope", "email profile"}, {"jti", "0123456789abcdefghijkl"},
          {"iat", 1'800'000'000},     {"exp", 1'800'000'600}};
}

void sign_jws(benchmark::State& state) {
  const auto key = crypto::PrivateKey::generate(crypto::Alg::ES256);
  const auto claims = some_claims();
  for (auto _ : state) benchmark::DoNotOptimize(crypto::sign_jws(key, "at+jwt", claims));
}
BENCHMARK(sign_jws)->Name("jws/sign");

void verify_jws(benchmark::State& state) {
  const auto key = crypto::PrivateKey::generate(crypto::Alg::ES256);
  const auto known = key.public_key();
  const auto token = crypto::sign_jws(key, "at+jwt", some_claims());
  const crypto::FindKey find = [&known](std::string_view) { return &known; };
  for (auto _ : state) benchmark::DoNotOptimize(crypto::verify_jws(token, "at+jwt", find));
}
BENCHMARK(verify_jws)->Name("jws/verify");

void parse_form(benchmark::State& state) {
  Form form;
  form.add("grant_type", "authorization_code");
  form.add("client_id", "demo-client");
  form.add("client_secret", "demo-client-secret");
  form.add("code", std::string(70, 'c'));
  form.add("redirect_uri", kCallback);
  form.add("code_verifier", kVerifier);
  const auto text = form.encode();
  for (auto _ : state) benchmark::DoNotOptimize(Form::parse(text));
}
BENCHMARK(parse_form)->Name("form/parse");

// Everything between the parsed request and the response value: no socket.
void route(benchmark::State& state, const char* target) {
  Site site;
  for (auto _ : state) {
    const auto response = site.get(target);
    if (response.status != 200) state.SkipWithError("refused");
  }
}
BENCHMARK_CAPTURE(route, livez, "/livez")->Name("router/livez");
BENCHMARK_CAPTURE(route, jwks, "/jwks")->Name("router/jwks");
BENCHMARK_CAPTURE(route, metadata, "/.well-known/openid-configuration")->Name("router/metadata");

class SqliteStore {
 public:
  SqliteStore() : store(open(folder_, log_), random) {}
  ScriptedRandom random{7};

 private:
  static std::unique_ptr<store::sql::Driver> open(const TempFolder& folder, Log& log) {
    store::SqliteOptions options;
    options.directory = folder.path();
    return store::open_sqlite(options, log);
  }
  TempFolder folder_;
  KeptLog log_;

 public:
  store::Store store;
};

// One write at a time: each waits for the disk.
void issue(benchmark::State& state) {
  SqliteStore site;
  for (auto _ : state) {
    const auto issued = run_task(site.store.codes.issue(an_answer(a_code(site.random))));
    if (issued != store::Codes::Issued::issued) state.SkipWithError("not issued");
  }
}
BENCHMARK(issue)->Name("store/sqlite/issue")->UseRealTime();

void redeem(benchmark::State& state) {
  SqliteStore site;
  for (auto _ : state) {
    state.PauseTiming();
    const auto code = a_code(site.random);
    run_task(site.store.codes.issue(an_answer(code)));
    auto plan = a_redeem_plan(site.random, code);
    state.ResumeTiming();
    const auto redeemed = run_task(site.store.codes.redeem(std::move(plan)));
    if (!std::holds_alternative<store::Codes::Redeemed>(redeemed))
      state.SkipWithError("not redeemed");
  }
}
BENCHMARK(redeem)->Name("store/sqlite/redeem")->UseRealTime();

store::RedeemPlan exchanged(SqliteStore& site) {
  const auto code = a_code(site.random);
  run_task(site.store.codes.issue(an_answer(code)));
  auto plan = a_redeem_plan(site.random, code);
  run_task(site.store.codes.redeem(plan));
  return plan;
}

void rotate(benchmark::State& state) {
  SqliteStore site;
  auto plan = a_rotate_plan(*exchanged(site).family);
  for (auto _ : state) {
    const auto rotated = run_task(site.store.grants.rotate(plan));
    if (rotated != store::Grants::Rotation::rotated) state.SkipWithError("not rotated");
    ++plan.from;
  }
}
BENCHMARK(rotate)->Name("store/sqlite/rotate")->UseRealTime();

void find_family(benchmark::State& state) {
  SqliteStore site;
  const auto id = exchanged(site).family->id;
  for (auto _ : state) {
    if (!run_task(site.store.grants.find_family(id))) state.SkipWithError("not found");
  }
}
BENCHMARK(find_family)->Name("store/sqlite/find_family");

void find_client(benchmark::State& state) {
  SqliteStore site;
  run_task(site.store.clients.add(a_client()));
  for (auto _ : state) benchmark::DoNotOptimize(run_task(site.store.clients.find("shop")));
}
BENCHMARK(find_client)->Name("store/sqlite/find_client");

}  // namespace
}  // namespace claviger::test

BENCHMARK_MAIN();
