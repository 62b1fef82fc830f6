#!/bin/sh
# Runs bench/gpu --check under NVIDIA's compute-sanitizer: memcheck, racecheck and initcheck. Needs a GPU; an hour.
#
#     tools/cuda/sanitize.sh             all three
#     tools/cuda/sanitize.sh memcheck    one of them
#
# compute-sanitizer is looked for on the PATH and in $CUDA_HOME/bin. Exit status 1 if it is missing, if a tool reports an
# error, or if the check fails.
set -u

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)

fail() {
  printf 'tools/cuda/sanitize.sh: %s\n' "$1" >&2
  exit 1
}

sanitizer=$(command -v compute-sanitizer || true)
if [ -z "$sanitizer" ] && [ -n "${CUDA_HOME-}" ] && [ -x "$CUDA_HOME/bin/compute-sanitizer" ]; then
  sanitizer=$CUDA_HOME/bin/compute-sanitizer
fi
[ -n "$sanitizer" ] || fail "compute-sanitizer is neither on the PATH nor in CUDA_HOME/bin; it comes with the CUDA toolkit 13: \
install that, or its package cuda-sanitizer, and set CUDA_HOME"

[ $# -gt 0 ] || set -- memcheck racecheck initcheck
for tool in "$@"; do
  case $tool in
    memcheck | racecheck | initcheck) ;;
    *) fail "'$tool' is no tool of this script, expected memcheck, racecheck or initcheck" ;;
  esac
done

# Without the tool first: builds, and tells a wrong result or a missing GPU from an error that a tool finds.
"$root/bench/gpu" --check || fail "bench/gpu --check fails without compute-sanitizer, see above"

status=0
for tool in "$@"; do
  printf '\n==> %s\n' "$tool"
  # The shell script starts the JVM in its own place by exec, and builds nothing now; children are followed in any case.
  if ! "$sanitizer" --tool "$tool" --target-processes all --error-exitcode 1 "$root/bench/gpu" --check; then
    printf 'tools/cuda/sanitize.sh: %s found errors, see above\n' "$tool" >&2
    status=1
  fi
done
exit $status
