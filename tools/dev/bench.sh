# shellcheck shell=bash
# ./dev bench: how fast, as ratios taken in one run; and what the hot paths execute, which is no clock.

command_bench() { # [GOAL...] [--rounds N] ... | instructions [--write REASON] | profile PATH | peers
  ensure_packages bench
  case ${1:-} in
    instructions)
      build_tree release claviger
      python3 bench/instructions.py "${@:2}"
      ;;
    profile)
      build_tree release claviger
      python3 bench/profile_path.py "${@:2}"
      ;;
    peers)
      ensure_packages peers
      ensure_peer_modules
      line peers "there; a Glewlwyd that its package started for the whole machine is not needed: systemctl disable --now glewlwyd"
      ;;
    *)
      ensure_peer_modules
      build_bench
      python3 bench/run.py "$@"
      ;;
  esac
}

# node-oidc-provider runs in the tests' Node.
ensure_peer_modules() {
  ensure_node_modules tests
  ensure_node_modules bench/peers
}

# A tree that was configured before Google Benchmark was there does not know these targets yet.
build_bench() {
  configure_tree release
  cmake -S . -B build/release >/dev/null
  build_tree release claviger claviger-load claviger-floor claviger-grants claviger-micro
}
