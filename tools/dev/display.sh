# shellcheck shell=bash
# What a person sees: one line for each phase; on a terminal it is rewritten while the phase lasts.

results=build/results
rich_terminal=no
if [[ -t 1 && ${TERM:-dumb} != dumb && -z ${NO_COLOR:-} ]]; then rich_terminal=yes; fi
case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
  *UTF-8 | *utf8) sign_good='✓' sign_bad='✗' ;;
  *) sign_good='ok' sign_bad='FAILED' ;;
esac

fail() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

now_ms() { printf '%s' $((${EPOCHREALTIME/[.,]/} / 1000)); }

seconds_since() { # START_MS -> "41.2s"
  local ms=$(($(now_ms) - $1))
  printf '%d.%ds' $((ms / 1000)) $((ms % 1000 / 100))
}

line() { printf '  %-12s %s\n' "$1" "$2"; } # NAME TEXT: a finished line

draw() { # NAME TEXT: the line of a phase that still lasts
  if [[ $rich_terminal == yes ]]; then printf '\r\033[K  %-12s %s' "$1" "${2:0:$((${COLUMNS:-80} - 16))}"; fi
}

finish() { # NAME good|bad TEXT START_MS
  local sign=$sign_good
  if [[ $2 == bad ]]; then sign=$sign_bad; fi
  if [[ $rich_terminal == yes ]]; then printf '\r\033[K'; fi
  printf '  %-12s %-58s %s %s\n' "$1" "$3" "$(seconds_since "$4")" "$sign"
}

bar() { # DONE TOTAL -> [#####-----]
  local filled=$((20 * $1 / ($2 > 0 ? $2 : 1))) text='' i
  for ((i = 0; i < 20; i++)); do
    if ((i < filled)); then text+='#'; else text+='-'; fi
  done
  printf '[%s]' "$text"
}

# Reads the lines of a counted tool (ninja, ctest) from standard input: draws a bar on a terminal, elsewhere a
# line at every tenth of the way.
follow_count() { # NAME REGEX (groups: done, total, what)
  local name=$1 regex=$2 text tenth=-1 start
  start=$(now_ms)
  while IFS= read -r text; do
    [[ $text =~ $regex ]] || continue
    local done=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]} what=${BASH_REMATCH[3]}
    draw "$name" "$(bar "$done" "$total") $done/$total  $(seconds_since "$start")  ${what##* }"
    if [[ $rich_terminal == no ]] && ((total >= 20 && 10 * done / total > tenth)); then
      tenth=$((10 * done / total))
      line "$name" "$(bar "$done" "$total") $done/$total  $(seconds_since "$start")"
    fi
  done
}

# Runs a command whose output matters only when it fails.
quietly() { # NAME LOG COMMAND...
  local name=$1 log=$2 start pid status=0 spin='-=+*' turn=0
  shift 2
  mkdir -p "$(dirname "$log")"
  start=$(now_ms)
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while [[ $rich_terminal == yes ]] && kill -0 "$pid" 2>/dev/null; do
    draw "$name" "${spin:turn++%4:1} $(seconds_since "$start")"
    sleep 0.2
  done
  wait "$pid" || status=$?
  if ((status == 0)); then
    finish "$name" good "" "$start"
  else
    finish "$name" bad "exit $status, all of it in $log" "$start"
    tail -n 60 "$log" >&2
  fi
  return "$status"
}
