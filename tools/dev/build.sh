# shellcheck shell=bash
# Configuring and compiling one of the trees under build/.

# `./dev run` installs no test library, so its tree knows no tests until one is there.
configure_tree() { # PRESET
  local tests=OFF
  if [[ -f /usr/include/gtest/gtest.h ]]; then tests=ON; fi
  if [[ -f build/$1/build.ninja ]] && grep -q "^CLAVIGER_TESTS:BOOL=$tests$" "build/$1/CMakeCache.txt"; then return; fi
  quietly "configure" "build/results/configure-$1.log" cmake --preset "$1" "-DCLAVIGER_TESTS=$tests"
}

build_tree() { # PRESET TARGET...
  local preset=$1 tree=build/$1 start status=0 log=build/results/build-$1.log
  shift
  mkdir -p build/results
  configure_tree "$preset" || return 1
  start=$(now_ms)
  NINJA_STATUS='%f/%t ' ninja -C "$tree" "$@" 2>&1 | tee "$log" |
    follow_count "$preset" '^([0-9]+)/([0-9]+) (.*)$' || status=$?
  if ((status != 0)); then
    finish "$preset" bad "the build failed" "$start"
    grep -v -E '^[0-9]+/[0-9]+ |^ninja: Entering' "$log" | tail -n 80 >&2 || true
    return 1
  fi
  finish "$preset" good "built" "$start"
}

command_build() {
  local preset=${1:-release}
  shift || true
  case $preset in
    release) ensure_packages run ;;
    debug | tsan | fuzz) ensure_packages test ;;
    *) fail "no preset '$preset': release, debug, tsan, fuzz" ;;
  esac
  build_tree "$preset" "$@"
}

command_format() {
  ensure_packages check
  our_cpp_files | xargs -0 clang-format-19 -i
}

our_cpp_files() { # null-terminated; what was deleted but not yet committed is left out
  local file
  git ls-files -z --cached --others --exclude-standard 'src/*.[ch]pp' 'demo/*.[ch]pp' 'tests/*.[ch]pp' 'bench/*.[ch]pp' |
    while IFS= read -r -d '' file; do if [[ -f $file ]]; then printf '%s\0' "$file"; fi; done
}

command_fuzz() {
  local name=${1:-} seconds=${2:-60}
  if [[ -z $name ]]; then
    fuzz_programs | sed 's/^fuzz_//'
    return
  fi
  [[ -f tests/fuzz/fuzz_$name.cpp ]] || fail "no fuzz target '$name'; ./dev fuzz lists them"
  ensure_packages test
  build_tree fuzz "fuzz_$name"
  mkdir -p "build/corpus/$name" "build/findings/$name"
  "build/fuzz/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="build/findings/$name/" "build/corpus/$name" "tests/fuzz/corpus/$name"
}
