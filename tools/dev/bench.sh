# shellcheck shell=bash
# ./dev bench: how fast, as ratios taken in one run.

command_bench() { # [GOAL...] [--rounds N] [--store sqlite|postgres]
  ensure_packages bench
  # A tree that was configured before Google Benchmark was there does not know these targets yet.
  configure_tree release
  cmake -S . -B build/release >/dev/null
  build_tree release claviger claviger-load claviger-floor claviger-micro
  ensure_node_modules tests
  ensure_node_modules bench/peers
  python3 bench/run.py "$@"
}
