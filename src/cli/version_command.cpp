#include <array>

#include "admin/version.hpp"
#include "cli/handlers.hpp"
#include "cli/licences.hpp"
#include "cli/output.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

constexpr std::array kLicences{
    Licence{"Boost (Asio, Beast, JSON, Locale, URL)", "1.81.0", "BSL-1.0",
            "the Boost project contributors", "libboost1.81-dev"},
    Licence{"CLI11", "2.1.2", "BSD-3-Clause",
            "2017-2020 University of Cincinnati, developed by Henry Schreiner", "libcli11-dev"},
    Licence{"curl", "7.88.1", "curl", "1997-2022 Daniel Stenberg and contributors", "libcurl4"},
    Licence{"{fmt}", "9.1.0", "MIT", "2012-2020 Victor Zverovich", "libfmt9"},
    Licence{"GCC runtime libraries", "12.2.0", "GPL-3.0-or-later WITH GCC-exception-3.1",
            "Free Software Foundation, Inc.", "libstdc++6"},
    Licence{"GNU C library", "2.36", "LGPL-2.1-or-later", "Free Software Foundation, Inc.",
            "libc6"},
    Licence{"ICU", "72.1", "Unicode-DFS-2016", "1991-2022 Unicode, Inc.", "libicu72"},
    Licence{"libsodium", "1.0.18", "ISC", "2013-2017 Frank Denis", "libsodium23"},
    Licence{"libzxcvbn", "2.5", "MIT", "2015-2017 Tony Evans", "libzxcvbn0"},
    Licence{"Mustache", "4.1", "BSL-1.0", "2015-2020 Kevin Wojniak", "libkainjow-mustache-dev"},
    Licence{"OpenSSL", "3.0", "Apache-2.0", "1995-2020 The OpenSSL Project Authors", "libssl3"},
    Licence{"PostgreSQL client library", "15", "PostgreSQL",
            "1996-2019 PostgreSQL Global Development Group, 1994 University of California",
            "libpq5"},
    Licence{"Prometheus client library (core)", "1.0.1", "MIT",
            "2016-2022 Jupp Mueller, 2017-2022 Gregor Jasny", "libprometheus-cpp-core1.0"},
    Licence{"QR Code generator", "1.8.0", "MIT", "2017-2020 Project Nayuki", "libqrcodegencpp1"},
    Licence{"spdlog", "1.10.0", "MIT", "2014-2016 Gabi Melman", "libspdlog1.10"},
    Licence{"SQLite", "3.40.1", "blessing", "public domain, D. Richard Hipp", "libsqlite3-0"},
    Licence{"toml++", "3.3.0", "MIT", "2020-2022 Mark Gillard", "libtomlplusplus3"},
};

std::string compiler() {
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
         std::to_string(__clang_patchlevel__);
}

json::array licences_json() {
  json::array out;
  for (const auto& licence : kLicences) {
    out.push_back(json::object{{"name", licence.name},
                               {"version", licence.version},
                               {"licence", licence.licence},
                               {"copyright", licence.copyright},
                               {"package", licence.package}});
  }
  return out;
}

std::string licences_text() {
  std::vector<Row> rows;
  for (const auto& licence : kLicences) {
    rows.push_back({std::string(licence.name), std::string(licence.version),
                    std::string(licence.licence), std::string(licence.copyright)});
  }
  return "\nClaviger itself is under the Apache License 2.0. It is linked with:\n\n" +
         table({"NAME", "VERSION", "LICENCE", "COPYRIGHT"}, rows, "") +
         "\nThe full texts are in /usr/share/doc/<package>/copyright of the Debian packages that\n"
         "THIRD_PARTY.md names.\n";
}

}  // namespace

std::span<const Licence> all_licences() { return kLicences; }

int version(Invocation& in) {
  const bool licences = in.parsed().has("--licenses");
  json::object answer{{"name", "claviger"},
                      {"version", kVersion},
                      {"licence", "Apache-2.0"},
                      {"compiler", compiler()}};
  if (licences) answer["linked"] = licences_json();
  std::string text = "claviger " + std::string(kVersion) + " (" + compiler() + ")\n";
  if (licences) text += licences_text();
  return in.answer(answer, text);
}

}  // namespace claviger::cli
