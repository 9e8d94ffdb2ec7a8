# shellcheck shell=bash
# The fault tests by the ids of their rows: built, run one after another, and told in one table.

chaos_results=build/chaos
chaos_binaries=(test_chaos test_contract test_server test_simulator)

# A row is the gtest suites whose name begins with its id: T-01 is T01KillLoop, wherever that is.
chaos_suites() { # BINARY
  "build/release/tests/$1" --gtest_list_tests |
    sed -n 's/^\([A-Za-z0-9]*\/\)\{0,1\}\(T[0-9][0-9][A-Za-z0-9]*\)\..*$/\2/p' | sort -u
}

list_chaos() {
  local binary suite
  for binary in "${chaos_binaries[@]}"; do
    for suite in $(chaos_suites "$binary"); do
      printf '  T-%s  %-28s %s\n' "${suite:1:2}" "${suite:3}" "$binary"
    done
  done | sort
}

chaos_machine() {
  printf '%s, %s cores, %s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(uname -sr)"
}

run_chaos() { # ID BINARY: every suite of that id in that binary
  local id=$1 binary=$2 name="$1 ${2#test_}" log status=0 start line passed failed
  log=$chaos_results/$1-$2.log
  start=$(now_ms)
  draw "$name" "running"
  "build/release/tests/$binary" --gtest_filter="T${id#T-}*:*/T${id#T-}*" >"$log" 2>&1 </dev/null || status=$?
  passed=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) tests\{0,1\}\.$/\1/p' "$log")
  failed=$(grep -c '^\[  FAILED  \] .*ms)$' "$log" || true)
  if ((status != 0 && failed == 0)); then failed=1; fi
  total_failed=$((total_failed + failed))
  total_passed=$((total_passed + ${passed:-0}))
  finish "$name" "$( ((failed == 0)) && printf good || printf bad)" "${passed:-0} passed, $failed failed" "$start"
  {
    printf '\n%s in %s: %s passed, %s failed, %s\n' "$id" "$binary" "${passed:-0}" "$failed" "$(seconds_since "$start")"
    grep -a '^T-[0-9][0-9] ' "$log" || true
  } >>"$chaos_results/report.txt"
  while IFS= read -r line; do printf '    %s\n' "$line"; done < <(grep -a '^T-[0-9][0-9] ' "$log" || true)
  if ((failed > 0)); then tail -n 60 "$log" >&2; fi
}

begin_chaos_report() { # short|long
  mkdir -p "$chaos_results"
  rm -f "$chaos_results"/*.log
  {
    printf 'Fault tests of Claviger, %s form\n' "$1"
    printf 'commit:  %s%s\n' "$(git rev-parse HEAD)" "$(git diff --quiet HEAD -- src tests || printf ', and changes to it')"
    printf 'machine: %s\n' "$(chaos_machine)"
    printf 'date:    %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  } >"$chaos_results/report.txt"
}

chaos_usage() {
  fail "chaos [--long] [--list] [T-01 ... | simulator [--seeds N] [--seed N]]"
}

replay_seed() { # SEED: what happens in it, event by event
  CLAVIGER_SIMULATOR_SEED=$1 build/release/tests/test_simulator --gtest_brief=1 --gtest_filter='SimulatorReplay.OneSeed'
}

command_chaos() {
  local ids=() form=short seed='' list=no id binary
  while (($# > 0)); do
    case $1 in
      --long) form=long ;;
      --list) list=yes ;;
      --seeds) export CLAVIGER_SIMULATOR_SEEDS=${2:?} && shift ;;
      --seed) seed=${2:?} && shift ;;
      simulator) ids+=(T-46 T-47) ;;
      T-[0-9][0-9]) ids+=("$1") ;;
      *) chaos_usage ;;
    esac
    shift
  done
  ensure_packages test
  build_tree release claviger "${chaos_binaries[@]}"
  if [[ $list == yes ]]; then list_chaos && return; fi
  if [[ -n $seed ]]; then replay_seed "$seed" && return; fi
  if ((${#ids[@]} == 0)); then mapfile -t ids < <(list_chaos | sed -n 's/^ *\(T-[0-9][0-9]\).*/\1/p' | sort -u); fi
  if [[ $form == long ]]; then export CLAVIGER_CHAOS_LONG=1; fi
  begin_chaos_report "$form"
  start_postgres || return 1
  for id in "${ids[@]}"; do
    local found=no
    for binary in "${chaos_binaries[@]}"; do
      [[ -n $(chaos_suites "$binary" | grep "^T${id#T-}" || true) ]] || continue
      found=yes
      run_chaos "$id" "$binary"
    done
    if [[ $found == no ]]; then
      line "$id" "no test bears this id"
      total_failed=$((total_failed + 1))
    fi
  done
  stop_postgres
  line report "$chaos_results/report.txt"
  summary chaos
}
