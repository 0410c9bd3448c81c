# shellcheck shell=bash
# What the scripts share. A script's help is the comment on its top.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

help() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$1"
  exit
}

needs() {
  command -v "$1" >/dev/null || fail "There is no $1 on this machine. $2"
}

# Where there are two: local, unless production is asked for.
place() {
  case "${1:-local}" in
    local | production) printf '%s.yml' "${1:-local}" ;;
    *) fail "There is no $1: say local or production." ;;
  esac
}
