# shellcheck shell=bash
# The gates of ./dev check. Each is a function `gate_NAME`; it fails by its exit code.

gates=(format shell tools layers sizes lints spec-index explained mutants-fit lock-file hardening service
  instructions tsan tidy)
long_gates=(asan-all tsan-all analyzer mutants fuzz-all)

gate_format() { our_cpp_files | xargs -0 clang-format-19 --dry-run -Werror; }

# Each file is looked at by itself, so names that another file sets are no finding.
gate_shell() { shellcheck -s bash -e SC2034,SC2154 dev tools/dev/*.sh .ci/run; }

# The gates below can fail.
gate_tools() { python3 tests/tools/test_gates.py && python3 tests/tools/test_instructions.py; }

gate_layers() { tools/layers; }

gate_sizes() { tools/sizes; }

gate_lints() { tools/lints; }

gate_spec-index() { tools/spec_index; }

gate_explained() { tools/explained; }

gate_mutants-fit() { tools/mutants --fit; }

gate_lock-file() { # every package of a lock file has a checksum, and none of them runs a script at installation
  local file
  for file in tests/package-lock.json bench/peers/package-lock.json; do
    if grep -n '"hasInstallScript"' "$file"; then return 1; fi
    (($(grep -c '"integrity"' "$file") == $(grep -c '"node_modules/' "$file"))) || return 1
  done
}

gate_hardening() { tools/hardening build/release/claviger build/release/claviger-demo-client; }

# What is installed runs from where it was put, and systemd finds nothing wrong with its unit and little to attack.
gate_service() {
  local root=$PWD/build/results/installed unit said
  unit=$root/usr/lib/systemd/system/claviger.service
  rm -rf "$root"
  DESTDIR=$root cmake --install build/release --prefix /usr && "$root/usr/bin/claviger" version || return 1
  sed -i "s|^ExecStart=|&$root|" "$unit"
  said=$(systemd-analyze verify --man=no "$unit" 2>&1 || printf 'refused')
  if [[ -n $said ]]; then
    printf '%s\n' "$said"
    return 1
  fi
  systemd-analyze security --offline=yes --threshold=20 --no-pager "$unit"
}

# The hot paths execute no more of our instructions than they did; `./dev bench instructions --write` moves the line.
gate_instructions() { python3 bench/instructions.py; }

# Races: where threads meet, which is in the store and in the HTTP server.
gate_tsan() { GTEST_FILTER=$without_postgres run_tsan -L '^(contract|http)$'; }

# And PostgreSQL's, and the tests of whole nodes, which are many and each on one thread.
gate_tsan-all() {
  start_postgres || return 1
  run_tsan -L '^(contract|http|server)$' && stop_postgres
}

run_tsan() { # CTEST ARGUMENT...
  TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:$symbols \
    ctest --test-dir build/tsan --output-on-failure --timeout 1200 --no-tests=error -j "$(nproc)" "$@"
}

gate_tidy() { tools/tidy build/release; }

gate_asan-all() { run_asan; }

gate_mutants() { tools/mutants; }

gate_analyzer() { tools/tidy build/release '--checks=-*,clang-analyzer-*'; }

gate_fuzz-all() {
  local name
  for name in $(command_fuzz); do command_fuzz "$name" "${FUZZ_SECONDS:-60}" || return 1; done
}

prepare_gate() { # what has to be built first, where its progress can be seen
  case $1 in
    hardening | service) build_tree release claviger claviger-demo-client ;;
    instructions) build_tree release claviger ;;
    asan-all) build_tree debug ;;
    tidy | analyzer) build_tree release ;;
    tsan) build_tree tsan test_contract test_http ;;
    tsan-all) build_tree tsan test_contract test_http test_server ;;
    mutants | fuzz-all) ensure_packages test ;;
  esac
}

run_gate() { # NAME
  if prepare_gate "$1" && quietly "$1" "$results/check-$1.log" "gate_$1"; then
    total_passed=$((total_passed + 1))
  else
    total_failed=$((total_failed + 1))
  fi
}

command_check() {
  local chosen=() argument
  for argument in "$@"; do
    case $argument in
      --full) chosen=("${gates[@]}" "${long_gates[@]}") ;;
      --list)
        printf '%s\n' "${gates[@]}" "${long_gates[@]/%/ (--full)}"
        return
        ;;
      *)
        declare -F "gate_$argument" >/dev/null || fail "no gate '$argument'; ./dev check --list names them"
        chosen+=("$argument")
        ;;
    esac
  done
  if ((${#chosen[@]} == 0)); then chosen=("${gates[@]}"); fi
  rm -f "$results/check.count"
  ensure_packages check
  for argument in "${chosen[@]}"; do run_gate "$argument"; done
  summary check
}

command_mutants() {
  ensure_packages test
  ensure_packages check
  tools/mutants "$@"
}
