#!/usr/bin/env bash
# The tools that build and test Lanyard: which versions, and how they get here.
#
#   .ci/tools.sh build      all that `make build`, `make run` and `make dev` need
#   .ci/tools.sh lint       clippy and rustfmt
#   .ci/tools.sh browser    all that `make e2e` needs besides: Playwright, Chromium, Java (HTML validator), Python (SCIM tester)
#   . .ci/tools.sh          sets PATH so that the tools are found, and gives the functions below
#
# Versions, each in one place:
#   Rust                                   rust-toolchain.toml
#   Tailwind CSS, daisyUI, Lucide, wasm-opt  style/package-lock.json
#   Playwright, axe, Lighthouse, vnu       end2end/package-lock.json
#   wasm-bindgen command                   Cargo.lock (command and crate must be equal to the patch)
#   scim2-tester                           end2end/scim/requirements.txt
#   cargo-leptos and the rest              here:
CARGO_LEPTOS=0.3.10          # 0.3.11 needs Rust 1.96
NODE_MAJOR=20

# What is already on PATH is used when its version fits. The rest goes to $LANYARD_CACHE (default ~/.cache/lanyard), so that
# it survives a clean clone and touches nothing of yours.
#
# What installing costs, measured on 2 cores (Debian 12, Rust 1.95.0, without downloading the crates):
#   cargo-leptos, `cargo install` as it stands (release profile with lto and one codegen unit)   29 CPU minutes
#   cargo-leptos, --debug                                     6 min 07 s on the clock, about 12 CPU minutes, 627 MB binary
#   wasm-bindgen-cli, release                                 2 min 03 s on the clock, about 4 CPU minutes
#   wasm-bindgen-cli, --debug with its hot crates optimised   145 CPU seconds
# Looked at and what came of it:
#   - Features: `no_downloads` drops no dependency (it is empty), there are no default features. The 548 crates come from
#     swc (JavaScript minifier), lightningcss and cargo-generate (git2 with its own OpenSSL): none can be switched off.
#   - CARGO_PROFILE_DEV_DEBUG=0 saves 9 % of the CPU time and 40 % of the disk (measured on lightningcss, one of the large parts): used.
#   - Fewer codegen units, no debug assertions, no overflow checks: no difference beyond noise: not used.
#   - An unoptimised brotli takes 24 s for 2.5 MB, an optimised encoder 4 s, and every build pays it: that crate is optimised.
#   - One target folder for both tools: they share syn, clap, serde, walrus and others, which are then built once
#     (the gain is not measured).
#   - `cargo binstall`, where it is at hand, fetches the finished programs instead: seconds.
# So both are built in the debug profile with a few crates optimised; the binaries stay fast enough where it matters.

lanyard_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lanyard_cache=${LANYARD_CACHE:-$HOME/.cache/lanyard}
lanyard_tools=$lanyard_cache/tools
lanyard_target=${CARGO_TARGET_DIR:-$lanyard_root/target}
case "$lanyard_target" in /*) ;; *) lanyard_target=$lanyard_root/$lanyard_target ;; esac
export PATH="$lanyard_root/style/node_modules/.bin:$lanyard_tools/bin:$PATH"

# No package may run code while it is installed, and no browser is downloaded.
export npm_config_ignore_scripts=true npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1

say() { printf '\n==> %s\n' "$*" >&2; }
stop() {
  printf '\nLanyard cannot be built yet: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '    %s\n' "$line" >&2; done
  exit 1
}
sudo_word() { [ "$(id -u)" = 0 ] || echo "sudo "; }

# timed WHAT COMMAND...: says what runs and how long it took.
timed() {
  local what=$1 start=$SECONDS
  shift
  say "$what ..."
  "$@"
  printf '    done in %d min %02d s\n' $(((SECONDS - start) / 60)) $(((SECONDS - start) % 60)) >&2
}

rust_channel() { sed -n 's/^channel *= *"\(.*\)"/\1/p' "$lanyard_root/rust-toolchain.toml"; }
locked_version() { awk -v name="$1" '$0 == "name = \"" name "\"" { getline; gsub(/version = |"/, ""); print; exit }' "$lanyard_root/Cargo.lock"; }

need_compiler() {
  if ! command -v cc >/dev/null || ! perl -MIPC::Cmd -e 1 2>/dev/null; then
    stop "a C compiler and Perl are missing. Run" "$(sudo_word)apt-get install build-essential"
  fi
}

need_node() {
  local have
  have=$(node --version 2>/dev/null | sed 's/^v//') || true
  if [ -z "$have" ] || [ "${have%%.*}" -lt "$NODE_MAJOR" ] || ! command -v npm >/dev/null; then
    local candidate
    candidate=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/ *Candidate: *//p' | sed -E 's/[^0-9]*([0-9]+).*/\1/')
    if [ "${candidate:-0}" -ge "$NODE_MAJOR" ]; then
      stop "Node $NODE_MAJOR or newer is needed (found: ${have:-none}). Run" "$(sudo_word)apt-get install nodejs npm"
    fi
    stop "Node $NODE_MAJOR or newer is needed (found: ${have:-none}). This system's own package is older; run" \
      "$(sudo_word)apt-get install nodejs npm && $(sudo_word)npm install --global n && $(sudo_word)n 22"
  fi
}

need_rust() {
  command -v rustup >/dev/null || stop "rustup is missing. Run" "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
  local channel
  channel=$(rust_channel)
  if ! rustup run "$channel" rustc --version >/dev/null 2>&1; then
    timed "Installing Rust $channel (about a minute)" \
      rustup toolchain install "$channel" --profile minimal --component clippy --component rustfmt --target wasm32-unknown-unknown
  elif ! rustup target list --installed --toolchain "$channel" | grep -qx wasm32-unknown-unknown; then
    timed "Adding the WebAssembly target to Rust $channel (seconds)" rustup target add --toolchain "$channel" wasm32-unknown-unknown
  fi
}

need_lint() {
  need_rust
  local channel
  channel=$(rust_channel)
  cargo "+$channel" clippy --version >/dev/null 2>&1 || rustup component add --toolchain "$channel" clippy
  cargo "+$channel" fmt --version >/dev/null 2>&1 || rustup component add --toolchain "$channel" rustfmt
}

# npm packages of FOLDER, when its lock file has changed since the last time.
need_packages() {
  local folder=$lanyard_root/$1 what=$2 mark
  mark=$(sha256sum "$folder/package-lock.json" | cut -c1-64)
  [ "$(cat "$folder/node_modules/.lanyard-lock" 2>/dev/null)" = "$mark" ] && return 0
  timed "Installing $what (about 20 s)" npm ci --prefix "$folder" --loglevel=error
  echo "$mark" >"$folder/node_modules/.lanyard-lock"
}

# The debug profile, without debug information, with the crates optimised in which the tools spend their time.
install_crate() {
  local crate=$1 version=$2
  shift 2
  if command -v cargo-binstall >/dev/null; then
    cargo binstall --no-confirm --disable-strategies compile --root "$lanyard_tools" "$crate@$version" && return 0
    echo "cargo binstall could not fetch $crate: building it instead" >&2
  fi
  local fast=() hot
  for hot in brotli brotli-decompressor alloc-no-stdlib libflate_lz77 walrus wasmparser wasm-encoder wasm-bindgen-cli-support; do
    fast+=(--config "profile.dev.package.$hot.opt-level=2")
  done
  mkdir -p "$lanyard_tools"
  # Away from the repository, whose .cargo/config.toml is not meant for tools.
  (cd "$lanyard_tools" && env -u CARGO_BUILD_TARGET -u RUSTFLAGS RUSTUP_TOOLCHAIN="$(rust_channel)" \
    CARGO_TARGET_DIR="$lanyard_tools/build" CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 \
    cargo install "$crate" --version "$version" --root "$lanyard_tools" --debug --quiet "${fast[@]}" "$@")
}

need_cargo_leptos() {
  local have
  have=$(cargo-leptos --version 2>/dev/null | awk '{print $2}') || true
  # Any later patch of the same minor version does as well.
  if [ "${have%.*}" = "${CARGO_LEPTOS%.*}" ] && [ "${have##*.}" -ge "${CARGO_LEPTOS##*.}" ]; then
    return 0
  fi
  timed "Building cargo-leptos $CARGO_LEPTOS, once (about 6 minutes on 2 cores)" \
    install_crate cargo-leptos "$CARGO_LEPTOS" --locked
}

need_wasm_bindgen() {
  local want
  want=$(locked_version wasm-bindgen)
  [ "$(wasm-bindgen --version 2>/dev/null | awk '{print $2}')" = "$want" ] && return 0
  # Not --locked: its lock file names a crate version that has been withdrawn.
  timed "Building the wasm-bindgen command $want, once (about 2 minutes on 2 cores)" \
    install_crate wasm-bindgen-cli "$want" --bin wasm-bindgen
}

need_browser() {
  need_node
  need_packages end2end "Playwright and the page checkers"
  local packages=()
  if [ -z "${LANYARD_CHROMIUM:-}" ] && ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null; then
    packages+=(chromium)
  fi
  command -v java >/dev/null || packages+=(default-jre-headless)
  # scim2-tester runs in a Python environment of its own.
  python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3 python3-venv)
  [ ${#packages[@]} = 0 ] && return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    stop "the browser tests need ${packages[*]}. Run" "sudo apt-get install ${packages[*]}" "(LANYARD_CHROMIUM may name a browser instead)"
  fi
  timed "Installing ${packages[*]} (about a minute)" apt_install "${packages[@]}"
}

apt_install() {
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

need_build() {
  need_compiler
  need_node
  need_rust
  need_packages style "Tailwind CSS, daisyUI and wasm-opt"
  need_cargo_leptos
  need_wasm_bindgen
  # Only the finished programs are kept.
  rm -rf "$lanyard_tools/build"
}

# Sourced: PATH and functions only.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -euo pipefail
  cd "$lanyard_root"
  case "${1:-}" in
    build) need_build ;;
    lint) need_lint ;;
    browser) need_browser ;;
    *)
      sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 2
      ;;
  esac
fi
