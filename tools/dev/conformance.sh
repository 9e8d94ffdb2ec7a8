# shellcheck shell=bash
# The server as OpenID's conformance suite wants it: https on port 9443, certificates made here, everything open.

conformance_port=9443
conformance_folder=build/conformance
conformance_password=correct-horse-battery
conformance_tree=${BUILD_TREE:-build/release} # a tree that is built already may be used instead

make_certificate() { # a self-signed one for localhost, unless it is there and good for another day
  local folder=$conformance_folder
  mkdir -p "$folder"
  if openssl x509 -checkend 86400 -noout -in "$folder/certificate.pem" >/dev/null 2>&1; then return; fi
  quietly "certificate" "$folder/openssl.log" openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -days 365 -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1' \
    -keyout "$folder/key.pem" -out "$folder/certificate.pem"
  chmod 600 "$folder/key.pem"
}

# Whom the server trusts when it calls outward: itself, and whoever answers at the suite's address at this moment.
trust_suite() { # HOST:PORT
  local folder=$conformance_folder
  cp "$folder/certificate.pem" "$folder/trusted.pem"
  if ! timeout 5 openssl s_client -connect "$1" -showcerts </dev/null >"$folder/suite.log" 2>/dev/null; then
    line suite "nothing answers at $1: its calls back will not be trusted"
    return
  fi
  sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' "$folder/suite.log" >>"$folder/trusted.pem"
  line suite "the certificate of $1 is trusted"
}

# One person with every standard claim, and two applications for the plans that register none themselves.
add_conformance_records() {
  local claviger=("$conformance_tree/claviger" --config config/conformance.toml)
  if [[ -e $conformance_folder/data/claviger.db ]]; then return; fi
  printf '%s\n' "$conformance_password" |
    "${claviger[@]}" user add grace --password-stdin --email grace@example.test --firstname Grace \
      --lastname Hopper --phone '+1 202 555 0143' --claims config/conformance-user.json >/dev/null
  local name
  for name in one two; do
    printf 'conformance-secret-%s\n' "$name" |
      "${claviger[@]}" client add "conformance-$name" --secret-stdin --profile oidc_compat \
        --metadata config/conformance-client.json >/dev/null
  done
  line records "user grace / $conformance_password, clients conformance-one and conformance-two"
}

command_conformance() { # [HOST:PORT of the suite]
  local root_flag=()
  if ((EUID == 0)); then root_flag=(--allow-root); fi
  ensure_packages run
  if [[ $conformance_tree == build/release ]]; then build_tree release claviger; fi
  refuse_busy_port "$conformance_port" "server for the conformance suite"
  make_certificate
  trust_suite "${1:-localhost:8443}"
  add_conformance_records
  line server "https://localhost:$conformance_port/.well-known/openid-configuration    Stop: Ctrl-C"
  exec "$conformance_tree/claviger" --config config/conformance.toml serve "${root_flag[@]}"
}
