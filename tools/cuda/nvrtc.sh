#!/bin/sh
# Installs NVRTC, NVIDIA's CUDA compiler as a library, from PyPI: 114 MB, no GPU, no driver, no toolkit needed.
#
#     tools/cuda/nvrtc.sh DIR
#     BUNVEC_NVRTC=DIR ./mvnw -B verify      # compiles every kernel for sm_80, sm_90 and sm_100
#
# DIR is a folder of its own. The licence is NVIDIA's CUDA end user licence agreement: nothing of it goes into a
# distribution. Where the version is there already nothing is done, and no network is needed; another one is replaced.
set -u

version=13.1.115
library=nvidia/cu13/lib/libnvrtc.so.13

fail() {
  printf 'tools/cuda/nvrtc.sh: %s\n' "$1" >&2
  exit 1
}

[ $# -eq 1 ] && [ -n "$1" ] || fail "expected one argument, the folder to install into: tools/cuda/nvrtc.sh DIR"
dir=$1
if [ -f "$dir/$library" ] && [ -d "$dir/nvidia_cuda_nvrtc-$version.dist-info" ]; then
  printf 'NVRTC %s is in %s already\n' "$version" "$dir"
  exit 0
fi

[ "$(uname -s)" = Linux ] || fail "NVRTC is there for Linux, this is $(uname -s)"
command -v python3 >/dev/null || fail "python3 is missing; install it, or set BUNVEC_NVRTC to the lib64 of a CUDA toolkit 12 or 13"
python3 -m pip --version >/dev/null 2>&1 \
  || fail "python3 has no pip (python3 -m pip --version fails); install it, for example the package python3-pip"
mkdir -p "$dir" && [ -w "$dir" ] || fail "cannot write into $dir"

# pip replaces the library of another version, but leaves the folder that names it. As a variable the last option does
# not stop an old pip that does not know it.
rm -rf "$dir"/nvidia_cuda_nvrtc-*.dist-info
PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --upgrade \
  --target "$dir" "nvidia-cuda-nvrtc==$version" \
  || fail "pip could not install nvidia-cuda-nvrtc $version, see above; it needs the network, or a wheel found through PIP_FIND_LINKS"
[ -f "$dir/$library" ] || fail "pip installed nvidia-cuda-nvrtc $version, but there is no $dir/$library"
printf 'NVRTC %s is in %s; use it by BUNVEC_NVRTC=%s\n' "$version" "$dir" "$dir"
