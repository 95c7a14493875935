#!/usr/bin/env bash
# Builds the console, optimised: `target/release/lanyard`, with `site/` and `hash.txt` beside it. That folder is all that a
# server needs. Nothing is done when nothing has changed since the last build: cargo-leptos itself would run Tailwind, wasm-opt
# and the compression every time.
#
#   .ci/build.sh          build
#   .ci/build.sh size     print what a browser loads first; exit 1 when that is over budget
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"
cd "$lanyard_root"

budget_kb=600
out=$lanyard_target/release
stamp=$out/lanyard.stamp

# Everything that goes into the build, by content: a fresh checkout or a touched file is no change.
fingerprint() {
  {
    find .cargo migrations src public -type f ! -path 'src/tests/*' -print0
    printf '%s\0' Cargo.toml Cargo.lock build.rs rust-toolchain.toml style/*.css style/package-lock.json .ci/build.sh
  } | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64
}

# First load: scripts, the WebAssembly module, the stylesheet; brotli as served.
size() {
  local total=0 part file bytes line=""
  for part in wasm js css; do
    bytes=0
    while IFS= read -r file; do
      bytes=$((bytes + $(stat -c %s "$file")))
    done < <(find "$out/site/pkg" -name "*.$part.br" 2>/dev/null)
    total=$((total + bytes))
    line+="$part $(((bytes + 512) / 1024)) KB, "
  done
  echo "First load (brotli): ${line}together $(((total + 512) / 1024)) KB of $budget_kb KB"
  [ "$total" -gt 0 ] || { echo "no compressed files in $out/site/pkg: run make build" >&2; return 1; }
  [ "$total" -le $((budget_kb * 1024)) ] || { echo "over budget" >&2; return 1; }
}

build() {
  local now
  now=$(fingerprint)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && [ -x "$out/lanyard" ] && [ -s "$out/hash.txt" ] && [ -d "$out/site/pkg" ]; then
    return 0
  fi
  need_build
  rm -f "$stamp"
  # The site of `make dev` is another one (target/site), so that neither build disturbs the other.
  export LEPTOS_SITE_ROOT=$out/site
  timed "Building the console, optimised (about 10 minutes on 2 cores the first time, 5 after a change)" \
    cargo leptos build --release --precompress --cargo-locked
  echo "$now" >"$stamp"
  size || true
}

case "${1:-build}" in
  build) build ;;
  size) size ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
