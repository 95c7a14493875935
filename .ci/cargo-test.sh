#!/usr/bin/env bash
# The tests of `cargo nextest run`, where cargo-nextest is not installed: `.ci/cargo-test.sh OPTIONS` as for `cargo test`.
# Tests that measure time run by themselves (see .config/nextest.toml).
set -euo pipefail
alone=(s23_unknown_names_take_as_long_as_known_ones process::overload::)
skip=()
for name in "${alone[@]}"; do skip+=(--skip "$name"); done
cargo test --no-fail-fast "$@" -- "${skip[@]}"
exec cargo test --no-fail-fast "$@" -- --test-threads=1 "${alone[@]}"
