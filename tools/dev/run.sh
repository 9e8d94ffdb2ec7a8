# shellcheck shell=bash
# Starting the server and the demo client by hand, and stopping exactly these.

server_port=2003
demo_port=3000
run_folder=build/run

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A bare Debian has no curl; bash can speak to a port.
http_request() { # METHOD PORT PATH -> the whole answer
  local answer
  exec 3<>"/dev/tcp/127.0.0.1/$2" || return 1
  printf '%s %s HTTP/1.1\r\nHost: localhost:%s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' \
    "$1" "$3" "$2" >&3
  answer=$(timeout 10 cat <&3 | tr -d '\r')
  exec 3>&-
  printf '%s' "$answer"
}

http_status() { # PORT PATH -> 200
  local answer
  answer=$(http_request GET "$1" "$2" 2>/dev/null) || return 1
  [[ $answer =~ ^HTTP/1\.1\ ([0-9]+) ]] && printf '%s' "${BASH_REMATCH[1]}"
}

process_is_ours() { # PID BINARY
  [[ -n $1 && $(readlink "/proc/$1/exe" 2>/dev/null) == "$PWD/build/release/$2"* ]]
}

# Called with the pid's name under build/run; the binary's path is checked so that a pid used again is left alone.
stop_recorded() { # NAME BINARY
  local file=$run_folder/$1.pid pid
  [[ -f $file ]] || return 0
  pid=$(<"$file")
  if process_is_ours "$pid" "$2"; then
    kill -TERM "$pid" 2>/dev/null || true
    local tries=0
    while process_is_ours "$pid" "$2" && ((tries++ < 150)); do sleep 0.1; done
    if process_is_ours "$pid" "$2"; then kill -KILL "$pid" 2>/dev/null || true; fi
  fi
  rm -f "$file"
}

stop_both() {
  stop_recorded demo claviger-demo-client
  stop_recorded server claviger
}

command_down() {
  stop_both
  line stopped "nothing that ./dev run started is left"
}

refuse_busy_port() { # PORT WHO
  if port_answers "$1"; then
    fail "port $1 is in use, and the $2 needs it: stop what listens there ('./dev down' stops what ./dev run started)"
  fi
}

start_program() { # NAME COMMAND...: in the background, its pid and log under build/run
  local name=$1
  shift
  "$@" >"$run_folder/$name.log" 2>&1 </dev/null &
  printf '%s' $! >"$run_folder/$name.pid"
}

await_answer() { # NAME BINARY PORT PATH
  local start pid
  start=$(now_ms)
  pid=$(<"$run_folder/$1.pid")
  while [[ $(http_status "$3" "$4") != 200 ]]; do
    if ! kill -0 "$pid" 2>/dev/null || (($(now_ms) - start > 30000)); then
      finish "$1" bad "does not answer on port $3; its log is $run_folder/$1.log" "$start"
      tail -n 30 "$run_folder/$1.log" >&2
      return 1
    fi
    sleep 0.05
  done
  finish "$1" good "answers on http://localhost:$3" "$start"
}

start_both() {
  local root_flag=()
  if ((EUID == 0)); then root_flag=(--allow-root); fi
  refuse_busy_port "$server_port" "sign-in server"
  refuse_busy_port "$demo_port" "demo client"
  mkdir -p "$run_folder"
  trap stop_both EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  # The demo client on this machine is told over the back channel who signed out.
  CLAVIGER_OUTBOUND__ALLOW_LOOPBACK=${CLAVIGER_OUTBOUND__ALLOW_LOOPBACK:-true} \
    start_program server build/release/claviger serve "${root_flag[@]}"
  await_answer server claviger "$server_port" /readyz
  start_program demo build/release/claviger-demo-client
  await_answer demo claviger-demo-client "$demo_port" /
}

print_box() {
  cat <<TEXT

  Sign-in server   http://localhost:$server_port
  Demo client      http://localhost:$demo_port        protected call /api
  Demo user        ada@example.test / correct-horse-7
  Data             ${CLAVIGER_DATA__DIRECTORY:-./claviger-data}/             Stop: Ctrl-C
  Logs             $run_folder/server.log, $run_folder/demo.log

TEXT
}

expect_body() { # PATH BODY: the answer to an empty POST, byte for byte
  local body
  body=$(http_request POST "$server_port" "$1")
  body=${body##*$'\n'}
  [[ $body == "$2" ]] || fail "POST $1 answered '$body'"
  line "POST $1" "$body"
}

# For machines: both start, answer, and stop again; the data of an earlier run is left alone.
check_both() {
  CLAVIGER_DATA__DIRECTORY=$(mktemp -d "$PWD/build/run-check.XXXXXX")
  export CLAVIGER_DATA__DIRECTORY
  start_both
  print_box
  expect_body /register_client '{"status":"SUCCESS","message":"register client successfully"}'
  expect_body /register_user '{"status":"SUCCESS","message":"register user successfully"}'
  stop_both
  rm -rf "$CLAVIGER_DATA__DIRECTORY"
}

command_run() {
  local ended
  ensure_packages run
  build_tree release claviger claviger-demo-client
  if [[ ${1:-} == --check ]]; then
    check_both
    return
  fi
  start_both
  print_box
  wait -n || ended=$?
  if [[ ! -f $run_folder/server.pid ]]; then return; fi # ./dev down, in another terminal
  fail "one of the two ended by itself (exit ${ended:-0}); see $run_folder/*.log"
}
