#!/bin/sh
# Every npm script starts here: it installs the packages and a Node that runs TypeScript where they are missing, then
# hands over to it. It needs only a POSIX shell and any Node with npm.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/planeproof"
log="$cache/npm.log"

say() { printf '%-8s %s\n' "$1" "$2" >&2; }

# fail WHAT REMEDY: ends with the code for "the environment failed".
fail() {
  printf '%s\n  what now: %s\n' "$1" "$2" >&2
  exit 3
}

# npm_quietly STEP…: runs npm with its output in the log; the user sees it only when it fails.
npm_quietly() {
  mkdir -p "$(dirname "$log")"
  npm "$@" >"$log" 2>&1 && return
  tail -n 5 "$log" >&2
  return 1
}

may_install() { [ "${PLANEPROOF_NO_INSTALL:-}" != 1 ]; }

# Node strips types since 22.18; 22.22 is what the dependencies ask for (package.json, engines).
node_is_recent() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 22) ? 0 : 1)'
}

install_packages() {
  why=$(node scripts/missing-packages.mjs)
  if [ -n "$why" ]; then
    may_install || fail "The npm packages are not installed ($why), and PLANEPROOF_NO_INSTALL=1." "npm ci"
    say install "npm packages of package-lock.json (npm ci): $why"
    # Only the package `node` needs its install script; others would compile what is never used. npm 11 reads that from
    # allowScripts in package.json, older ones do not, so none is run here, and then that one.
    npm_quietly ci --ignore-scripts --no-audit --no-fund || fail "npm ci failed; all it said is in $log." "npm ci"
  fi
  node_is_recent && return
  may_install || fail "Node is $(node --version), not 22.22 or newer, and PLANEPROOF_NO_INSTALL=1." "npm rebuild node"
  say install "Node 24 into node_modules (npm rebuild node): $(node --version) here cannot run TypeScript"
  npm_quietly rebuild node || true # no build for this platform: the check says so
  hash -r # the shell remembers where it found node before
  node_is_recent || fail "The npm package node brought no Node for this platform (its words: $log)." \
    "npm ci, or install Node 22.22 or newer: https://nodejs.org/en/download"
}

command -v npm >/dev/null || fail "npm is not here." "install Node.js with npm: https://nodejs.org/en/download"
exec 9<package-lock.json # a lock without a file of its own; two runs at once must not both run npm ci
! command -v flock >/dev/null || flock 9
install_packages
say found "Node $(node --version) and the npm packages of package-lock.json"
exec 9<&-

# What has been compiled once is kept; small young generations spare memory in a run that mostly waits.
export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:-$cache/compiled}"
export NODE_OPTIONS="--max-semi-space-size=2 ${NODE_OPTIONS:-}"

planeproof() { node harness/cli/main.ts "$@"; }

verb="${1:-}"
[ $# -eq 0 ] || shift
case "$verb" in
  start) planeproof setup && exec node harness/cli/main.ts verify "$@" ;;
  test) planeproof setup && node scripts/browser.ts && exec node scripts/test.ts ;;
  bench) planeproof setup && exec node scripts/bench.ts "$@" ;;
  secrets) planeproof setup && exec node scripts/secrets.ts "$@" ;;
  chaos) planeproof setup && exec node scripts/chaos.ts "$@" ;;
  field) planeproof setup && exec node scripts/field.ts "$@" ;;
  soak) planeproof setup && exec node scripts/soak.ts "$@" ;;
  planeproof)
    case "${1:-}" in
      setup | engine | doctor | claims | help | -* | "") ;; # needs no engine, or looks for one, or stops it
      *) planeproof setup || exit ;;
    esac
    exec node harness/cli/main.ts "$@"
    ;;
  *) printf 'usage: sh scripts/run.sh start [verify options] | planeproof VERB… | test | bench [ROUNDS] | chaos [MOMENTS] | field [CASE…] | soak [RUNS] | secrets\n' >&2 && exit 2 ;;
esac
