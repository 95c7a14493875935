# Two commands matter: `make run` and `make test`. `make help` lists the rest.
# Tools and their versions: .ci/tools.sh. Everything honours CARGO_TARGET_DIR.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
BIN := $(TARGET)/release/lanyard
TOOLS := . .ci/tools.sh;
# cargo-nextest runs the same tests, faster; doc examples are not tests here.
TEST := $(shell command -v cargo-nextest >/dev/null && echo cargo nextest run --no-fail-fast || echo .ci/cargo-test.sh)
PLAYWRIGHT := cd end2end && npx --no-install tsc --noEmit && npx --no-install playwright test

.DEFAULT_GOAL := help
.PHONY: help run demo build dev check fmt test test-rust test-pg test-long e2e lighthouse scim-tester bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build what has changed, then serve on http://localhost:3000 and print the set-up link
	@exec $(BIN) serve

demo: build ## the same with a sample organisation and a simulated Entra that provisions while you watch
	@exec $(BIN) serve --demo

build: ## optimised build: target/release/lanyard with site/ and hash.txt beside it
	@.ci/build.sh

dev: ## watch: rebuild on every change and reload the browser
	@.ci/tools.sh build
	@# Without LEPTOS_WATCH at compile time: it would make Cargo build Leptos anew for `make test`, and back again for this.
	@$(TOOLS) LEPTOS_BIN_CARGO_COMMAND='env -u LEPTOS_WATCH cargo' LEPTOS_SITE_ROOT=$(TARGET)/site exec cargo leptos watch -- serve

check: ## formatting, lints for server and browser, licences and banned crates; what CI refuses
	@.ci/tools.sh lint
	cargo fmt --all --check
	cargo clippy --locked --workspace --features ssr --all-targets -- -D warnings
	cargo clippy --locked --features hydrate --lib --target wasm32-unknown-unknown --target-dir $(TARGET)/front -- -D warnings
	node .ci/supply-chain.mjs

fmt: ## format the Rust code
	cargo fmt --all

test: check test-rust test-pg build e2e ## everything: check, Rust tests on SQLite and PostgreSQL, browser tests
	@.ci/build.sh size

test-rust: ## Rust tests, in-memory SQLite
	@.ci/tools.sh lint
	env -u TEST_DATABASE_URL $(TEST) --locked --workspace --features ssr --lib --test it

test-pg: ## the integration tests on a throw-away PostgreSQL, or on TEST_DATABASE_URL
	@.ci/tools.sh lint
	@$(if $(TEST_DATABASE_URL),,.ci/postgres.sh with) $(TEST) --locked --workspace --features ssr --test it

test-long: ## the integration tests with the full counts and times of the security rules (about a quarter of an hour)
	@.ci/tools.sh lint
	LANYARD_TEST_LONG=1 $(TEST) --locked --workspace --features ssr --test it

e2e: build ## browser tests on SQLite and PostgreSQL, with accessibility and HTML checks (ARGS=… for Playwright)
	@.ci/tools.sh browser
	@$(if $(TEST_DATABASE_URL),,.ci/postgres.sh with) bash -c '$(PLAYWRIGHT) $(ARGS)'

lighthouse: build ## Lighthouse on the Users page with 200 users: median of 5
	@.ci/tools.sh browser
	@$(PLAYWRIGHT) --project=lighthouse

scim-tester: build ## scim2-tester, the SCIM conformance client, against this build
	@.ci/tools.sh browser
	@$(PLAYWRIGHT) --project=sqlite tests/scim.spec.ts

bench: ## benchmarks (the ignored tests named bench_…), optimised
	cargo test --locked --release --workspace --features ssr --test it -- --ignored --nocapture bench_

clean: ## remove what was built here; the tools in ~/.cache/lanyard stay
	cargo clean
	rm -rf style/node_modules end2end/node_modules end2end/artefacts
