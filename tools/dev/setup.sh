# shellcheck shell=bash
# Which packages of Debian 12 each purpose needs, and how they get here.

packages_run=(
  ca-certificates clang-19 lld-19 cmake ninja-build ccache pkg-config
  libboost1.81-dev libboost-url1.81-dev libboost-json1.81-dev libboost-locale1.81-dev
  libssl-dev libsodium-dev libkainjow-mustache-dev libtomlplusplus-dev libcli11-dev
  libspdlog-dev libfmt-dev libsqlite3-dev libpq-dev libcurl4-openssl-dev libicu-dev libzxcvbn-dev
  libqrcodegencpp-dev prometheus-cpp-dev gettext
)
packages_test=(libgtest-dev libgmock-dev libclang-rt-19-dev postgresql-15 libfaketime chromium fonts-dejavu-core curl jq)
packages_check=(
  clang-tidy-19 clang-format-19 python3 git shellcheck binutils systemd valgrind libgtest-dev libgmock-dev libclang-rt-19-dev
)
packages_bench=(python3 gnuplot-nox postgresql-15 libbenchmark-dev libgtest-dev libgmock-dev openssl binutils valgrind)
packages_peers=(openssl glewlwyd)

packages_for() { # PURPOSE: the packages, one a line
  printf '%s\n' "${packages_run[@]}"
  case $1 in
    run) ;;
    test)
      printf '%s\n' "${packages_test[@]}"
      # Any npm will do: the tests bring a Node of their own.
      if ! command -v npm >/dev/null; then printf 'npm\n'; fi
      ;;
    check) printf '%s\n' "${packages_check[@]}" ;;
    bench)
      printf '%s\n' "${packages_bench[@]}"
      if ! command -v npm >/dev/null; then printf 'npm\n'; fi
      ;;
    peers) printf '%s\n' "${packages_peers[@]}" ;;
    *) fail "setup knows run, test, check, bench and peers, not '$1'" ;;
  esac
}

missing_packages() { # PURPOSE
  local wanted present
  wanted=$(packages_for "$1" | sort -u)
  # shellcheck disable=SC2086
  present=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
    sed -n 's/^installed //p' | sort -u || true)
  comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$present")
}

# Debian's package would start a server for the whole machine; the tests bring their own.
no_system_cluster() { # [sudo...]
  local file=/etc/postgresql-common/createcluster.conf
  if [[ -e $file ]]; then return; fi
  "$@" mkdir -p "${file%/*}"
  printf 'create_main_cluster = false\n' | "$@" tee "$file" >/dev/null
}

apt_install() { # [sudo...] -- PACKAGE...
  local prefix=()
  while [[ $1 != -- ]]; do
    prefix+=("$1")
    shift
  done
  shift
  local log=build/results/apt.log
  if [[ " $* " == *" postgresql-15 "* ]] && { ((EUID == 0)) || [[ ${CI:-} == true ]]; }; then
    no_system_cluster "${prefix[@]}"
  fi
  quietly "apt update" "$log" "${prefix[@]}" apt-get update -q &&
    quietly "apt install" "$log" "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends "$@"
}

ensure_packages() { # PURPOSE
  local start missing total
  start=$(now_ms)
  command -v dpkg-query >/dev/null ||
    fail "Claviger is built on Debian 12; on another system install what these are there: $(packages_for "$1" | sort -u | xargs)"
  mapfile -t missing < <(missing_packages "$1")
  total=$(packages_for "$1" | sort -u | wc -l)
  if ((${#missing[@]} == 0)); then
    finish toolchain good "all $total packages present" "$start"
    return
  fi
  local command="apt-get install --no-install-recommends ${missing[*]}"
  line toolchain "${#missing[@]} of $total packages are missing"
  if ((EUID == 0)); then
    apt_install -- "${missing[@]}"
  elif [[ ${CI:-} == true ]]; then
    apt_install sudo -n -- "${missing[@]}"
  elif [[ -t 0 ]]; then
    printf '\n  sudo %s\n\n  Run this now? [y/N] ' "$command"
    local answer
    read -r answer
    [[ $answer == [yY]* ]] || fail "nothing was installed"
    sudo -v
    apt_install sudo -- "${missing[@]}"
  else
    printf '\n  sudo %s\n\n' "$command" >&2
    fail "packages are missing and there is no terminal to ask on; run the line above"
  fi
}

# The Node that runs the tests comes from tests/package-lock.json, so that every machine runs the same one.
ensure_node_modules() { # FOLDER: of a lock file
  local folder=$1 sum
  local stamp=$folder/node_modules/.claviger-stamp
  sum=$(sha256sum "$folder/package-lock.json" | cut -d' ' -f1)
  if [[ -f $stamp && $(<"$stamp") == "$sum" ]]; then return; fi
  quietly "npm ci" build/results/npm.log npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error || return 1
  printf '%s' "$sum" >"$stamp"
}

command_setup() {
  local purpose
  for purpose in "${@:-all}"; do
    if [[ $purpose == all ]]; then
      ensure_packages test
      ensure_packages check
      ensure_node_modules tests
    else
      ensure_packages "$purpose"
      if [[ $purpose == test ]]; then ensure_node_modules tests; fi
    fi
  done
}

command_doctor() {
  local purpose missing port
  line compiler "$(clang++-19 --version 2>/dev/null | head -n 1 || echo 'clang-19 is missing')"
  for purpose in run test check; do
    missing=$(missing_packages "$purpose" | xargs)
    if [[ -n $missing ]]; then missing="missing: $missing"; fi
    line "$purpose" "${missing:-all packages present}"
  done
  for port in 2003 3000; do
    if port_answers "$port"; then line "port $port" "in use"; else line "port $port" "free"; fi
  done
}
