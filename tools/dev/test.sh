# shellcheck shell=bash
# The runners behind ./dev test, each of which reports what it counted.

total_passed=0
total_failed=0

count() { # NAME PASSED FAILED START_MS
  local verdict=good
  if (($3 > 0)); then verdict=bad; fi
  total_passed=$((total_passed + $2))
  total_failed=$((total_failed + $3))
  finish "$1" "$verdict" "$2 passed, $3 failed" "$4"
}

# The last line of every run; kept in a file too, for .ci/run to add up.
summary() { # NAME
  mkdir -p "$results"
  printf '%d %d\n' "$total_passed" "$total_failed" >"$results/$1.count"
  printf '%d passed, %d failed\n' "$total_passed" "$total_failed"
  ((total_failed == 0 && total_passed > 0))
}

# What each process of ctest's log says: how many tests it has, and which of them went well. Whatever else became of
# a test, it failed: nothing is skipped in silence, and who dies takes the rest of his tests along.
count_tests() { # LOG -> "PASSED FAILED"
  awk '
    /^[0-9]+\/[0-9]+ Testing: / { tests = 0; ours = 0; good = 0; disabled = 0; there = 1 }
    /^Command: ""$/ { there = 0 }
    /\[==========\] Running [0-9]+ tests? / { tests = 1; sub(/.*Running /, ""); ours = $1 }
    /YOU HAVE [0-9]+ DISABLED/ { sub(/.*HAVE /, ""); disabled = $1 }
    /^Test Passed/ { verdict = there }
    /^"[^"]+" end time: / {
      if (!tests) { ours = 1; good = verdict }
      bad = ours - good + disabled
      if (!verdict && bad == 0) bad = 1
      passed += good; failed += bad; verdict = 0
    }
    { good += gsub(/\[       OK \]/, "") }
    END { print passed + 0, failed + 0 }' "$1"
}

run_ctest() { # NAME PRESET [CTEST ARGUMENT...]
  local name=$1 preset=$2 start log=$results/$1.log status=0 passed failed
  local said=build/$2/Testing/Temporary/LastTest.log
  shift 2
  start=$(now_ms)
  mkdir -p "$results"
  rm -f "$said"
  start_postgres || return 1
  ctest --test-dir "build/$preset" --output-on-failure --timeout 1200 --no-tests=error -j "$(nproc)" "$@" 2>&1 |
    tee "$log" | follow_count "$name" '^ *([0-9]+)/([0-9]+) Test +#?[0-9]*: ([^ ]+)' || status=$?
  read -r passed failed < <(count_tests "$said" 2>/dev/null || printf '0 1\n')
  if ((status != 0 && failed == 0)); then failed=1; fi
  if ((failed > 0)); then
    grep -v -E '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test.* Passed )|^\[( RUN      |       OK |-+)\]' "$log" | tail -n 150 >&2 || true
  fi
  stop_postgres
  count "$name" "$passed" "$failed" "$start"
}

# These run where a failure does not end the script, so each step says itself what its failure means.
test_release() { # [CTEST ARGUMENT...]
  build_tree release && run_ctest release release "$@"
}

# Names instead of addresses in a report, without the whole of llvm.
symbols=external_symbolizer_path=/usr/bin/addr2line

# What reads the bytes of strangers or owns memory by hand, and every corpus. All other tests run under the sanitizers in
# ./dev check --full: their units take four times as long to compile as they do otherwise.
asan_suites=(base crypto model protocol http)

# What needs PostgreSQL, and minutes of it, runs under the sanitizers in ./dev check --full only.
without_postgres='-*ostgres*:*TwoNodes*'

fuzz_programs() { find tests/fuzz -maxdepth 1 -name 'fuzz_*.cpp' -printf '%f\n' | sed 's/\.cpp$//' | sort; }

test_asan() {
  local programs names
  mapfile -t programs < <(fuzz_programs)
  build_tree debug "${asan_suites[@]/#/test_}" "${programs[@]}" || return 1
  names=$(IFS='|' && printf '%s' "${asan_suites[*]}")
  run_asan -R "^($names)\.|^fuzz\.replay\."
}

run_asan() { # [CTEST ARGUMENT...]
  UBSAN_OPTIONS=print_stacktrace=1:$symbols ASAN_OPTIONS=detect_leaks=1:$symbols run_ctest asan debug "$@"
}

# The Node of the lock file. npm's own link to it is not there with every npm.
run_node() {
  local node=(tests/node_modules/node-linux-*/bin/node)
  "${node[0]}" --import ./tests/e2e/localhost.js "$@"
}

run_node_tests() { # NAME FILE...
  local name=$1 start log=$results/$1.log tap=$results/$1.tap status=0
  shift
  start=$(now_ms)
  mkdir -p "$results"
  rm -f "$tap"
  run_node --test --test-concurrency=1 --test-timeout=420000 --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$tap" "$@" >"$log" 2>&1 </dev/null || status=$?
  local passed failed skipped
  passed=$(sed -n 's/^# pass \([0-9]*\)$/\1/p' "$tap" 2>/dev/null)
  failed=$(sed -n 's/^# \(fail\|cancelled\|skipped\|todo\) \([0-9]*\)$/\2/p' "$tap" 2>/dev/null | sum_lines)
  if ((status != 0 && ${failed:-0} == 0)); then failed=1; fi
  if ((${failed:-0} > 0)); then tail -n 150 "$log" >&2; fi
  count "$name" "${passed:-0}" "${failed:-0}" "$start"
}

sum_lines() {
  local number sum=0
  while read -r number; do sum=$((sum + number)); done
  printf '%d' "$sum"
}

node_suite() { # NAME
  build_tree release claviger claviger-demo-client && ensure_node_modules tests || return 1
  local files
  mapfile -t files < <(find "tests/$1" -name '*.test.js' | sort)
  ((${#files[@]} > 0)) && run_node_tests "$1" "${files[@]}"
}

suite() { # NAME COMMAND...: one that cannot even begin counts as a failure
  local name=$1
  shift
  "$@" && return
  line "$name" "did not run"
  total_failed=$((total_failed + 1))
}

command_test() {
  rm -f "$results/test.count"
  ensure_packages test
  case ${1:-all} in
    all)
      suite release test_release
      suite e2e node_suite e2e
      suite interop node_suite interop
      suite asan test_asan
      ;;
    release) suite release test_release ;;
    asan) suite asan test_asan ;;
    e2e | interop) suite "$1" node_suite "$1" ;;
    *)
      if [[ -d tests/$1 || -d tests/unit/$1 ]]; then
        suite "$1" test_release -R "^$1\."
      else
        GTEST_FILTER="*$1*" suite "$1" test_release -E '^fuzz\.'
      fi
      ;;
  esac
  summary test
}

command_screenshots() {
  ensure_packages test
  build_tree release claviger claviger-demo-client
  ensure_node_modules tests
  run_node tests/e2e/screenshots.js build/screenshots
}
